import ASCIIText

/// Finds the rules that hold for an element.
extension StyleSheet {
    /// The declarations of the rules that match an element.
    ///
    /// - Parameters:
    ///   - tag: The element's start tag.
    ///   - bytes: The document that the tag's ranges point into.
    ///   - parent: The style of the element around it.
    ///   - attribute: The declarations of its attribute `style`, which win.
    /// - Returns: The declarations, merged in the order of the cascade.
    mutating func change(
        for tag: HTMLTag, bytes: [UInt8], in parent: TextStyle = TextStyle(),
        attribute: StyleChange = StyleChange()
    ) -> StyleChange {
        guard remainingWork > 0 else { return attribute }
        if attribute.isDeferred { remainingWork -= attribute.cost }
        guard !rules.isEmpty else {
            return attribute.isDeferred
                ? attribute.resolved(StyleSheet.variables(parent, [attribute])) : attribute
        }
        var change = StyleChange()
        let element = MatchedElement(tag, bytes, readsAttributes: testsAttributes(of: tag))
        var matches: [Int] = []
        collect(index.others, element, parent, &change, &matches)
        if let rules = index.elements[StyleSheet.key(tag.element, tag.nameHash)] {
            collect(rules, element, parent, &change, &matches)
        }
        if !index.classes.isEmpty {
            for word in element.classes {
                guard let rules = index.classes[word.lowercasedASCII()] else { continue }
                collect(rules, element, parent, &change, &matches)
            }
        }
        if !index.identifiers.isEmpty, let identifier = element.identifier,
            let rules = index.identifiers[identifier.lowercasedASCII()]
        {
            collect(rules, element, parent, &change, &matches)
        }
        cascade(matches, attribute, in: parent, into: &change)
        return change
    }

    /// Adds those of the numbered rules that match.
    private mutating func collect(
        _ numbers: [Int], _ element: MatchedElement, _ parent: TextStyle,
        _ change: inout StyleChange, _ matches: inout [Int]
    ) {
        for number in numbers {
            let rule = rules[number]
            remainingWork -= element.cost(of: rule)
            guard remainingWork > 0 else { return }
            guard rule.ancestor & ~parent.scopes == 0, rule.parent & ~parent.openedScopes == 0,
                element.matches(rule.selector, isQuirks: isQuirks)
            else { continue }
            change.scopes |= rule.scope
            guard let found = rule.change else { continue }
            remainingWork -= changes[found].cost
            matches.append(number)
        }
    }

    /// Merges by layer, by specificity, then by the order of the sheet (CSS Cascade Level 5,
    /// section 6.1).
    private func cascade(
        _ matches: [Int], _ attribute: StyleChange, in parent: TextStyle,
        into change: inout StyleChange
    ) {
        func comesBefore(_ one: Int, _ other: Int) -> Bool {
            let (one, other) = (rules[one], rules[other])
            if one.layer != other.layer { return one.layer < other.layer }
            return (one.specificity, one.order) < (other.specificity, other.order)
        }
        func found(_ numbers: [Int]) -> [StyleChange] {
            numbers.compactMap { rules[$0].change.map { changes[$0] } } + [attribute]
        }
        // Most elements have no rule, or one.
        if matches.isEmpty, !attribute.isDeferred { return change.merge(attribute) }
        let sorted = matches.count > 1 ? matches.sorted(by: comesBefore) : matches
        var normal = found(sorted)
        var important = normal
        if hasLayers {
            // What is important wins in the opposite order of layers.
            important = found(
                matches.sorted { one, other in
                    let (first, second) = (rules[one], rules[other])
                    return first.layer == second.layer
                        ? comesBefore(one, other) : first.layer > second.layer
                })
        }
        if normal.contains(where: \.isDeferred) {
            let variables = StyleSheet.variables(parent, normal)
            normal = normal.map { $0.resolved(variables) }
            important = important.map { $0.resolved(variables) }
        }
        for found in normal { change.mergeNormal(found) }
        for found in important { change.mergeImportant(found) }
    }

    /// The custom properties of an element.
    private static func variables(
        _ parent: TextStyle, _ changes: [StyleChange]
    ) -> [[UInt8]: [UInt8]] {
        var result = parent.variables?.values ?? [:]
        let all = changes.flatMap(\.variables)
        for variable in all.filter({ !$0.isImportant }) + all.filter(\.isImportant)
        where result.count < TextStyle.maximumVariables {
            result[variable.name] = variable.value
        }
        return result
    }
}
