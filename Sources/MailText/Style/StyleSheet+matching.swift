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
        let element = MatchedElement(tag, bytes)
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
            remainingWork -= element.cost(of: rule.selector)
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
        var result = parent.variables
        let all = changes.flatMap(\.variables)
        for variable in all.filter({ !$0.isImportant }) + all.filter(\.isImportant)
        where result.count < TextStyle.maximumVariables {
            result[variable.name] = variable.value
        }
        return result
    }
}

/// An element that rules are compared with.
private struct MatchedElement {
    let tag: HTMLTag
    let bytes: [UInt8]
    let classes: [ArraySlice<UInt8>]
    let identifier: ArraySlice<UInt8>?

    /// Bytes of attributes that one comparison reads, and those that count as one rule.
    private static let maximumAttributeBytes = 4_096
    private static let bytesPerRule = 32
    /// Classes that are looked at, and those that count as one rule.
    private static let maximumClasses = 64
    private static let classesPerRule = 8

    init(_ tag: HTMLTag, _ bytes: [UInt8]) {
        self.tag = tag
        self.bytes = bytes
        classes =
            tag.classes.map {
                MatchedElement.decoded($0, bytes).split(
                    maxSplits: MatchedElement.maximumClasses, whereSeparator: ASCII.isSpace
                ).prefix(MatchedElement.maximumClasses).map { $0 }
            } ?? []
        identifier = tag.identifier.map { MatchedElement.decoded($0, bytes) }
    }

    /// About how many comparisons a selector needs.
    func cost(of selector: CSSSelector) -> Int {
        let bytes = min(tag.attributes.count, MatchedElement.maximumAttributeBytes)
        return 1 + selector.negations.count
            + selector.classes.count * classes.count / MatchedElement.classesPerRule
            + selector.attributeTests * bytes / MatchedElement.bytesPerRule
    }

    private static func decoded(_ range: Range<Int>, _ bytes: [UInt8]) -> ArraySlice<UInt8> {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return bytes[range] }
        return HTMLEntity.decodedAttribute(range, of: bytes, limit: range.count)[...]
    }

    func matches(_ selector: CSSSelector, isQuirks: Bool) -> Bool {
        if let element = selector.element,
            element != tag.element || selector.nameHash != tag.nameHash
        {
            return false
        }
        if selector.isRoot, tag.element != .html { return false }
        if selector.isLink, tag.href == nil || tag.element != .a && tag.element != .area {
            return false
        }
        for name in selector.identifiers {
            guard let identifier, MatchedElement.equal(identifier, name, isQuirks) else {
                return false
            }
        }
        for name in selector.classes
        where !classes.contains(where: { MatchedElement.equal($0, name, isQuirks) }) {
            return false
        }
        return selector.attributes.allSatisfy(matches)
            && !selector.negations.contains { matches($0, isQuirks: isQuirks) }
    }

    private static func equal(
        _ one: ArraySlice<UInt8>, _ other: [UInt8], _ ignoresCase: Bool
    ) -> Bool {
        guard one.count == other.count else { return false }
        return one.elementsEqual(other)
            || ignoresCase && one.lowercasedASCII() == other.lowercasedASCII()
    }

    private func matches(_ test: CSSSelector.AttributeTest) -> Bool {
        let range = tag.attributes.prefix(MatchedElement.maximumAttributeBytes)
        guard
            let found = HTMLTokenizer.attribute(
                named: test.name, in: range, of: bytes)
        else { return false }
        var value = MatchedElement.decoded(found, bytes)
        var wanted = test.value[...]
        if test.ignoresCase {
            value = value.lowercasedASCII()[...]
            wanted = wanted.lowercasedASCII()[...]
        }
        switch test.match {
        case .exists: return true
        case .equals: return value.elementsEqual(wanted)
        case .word:
            return value.split(whereSeparator: ASCII.isSpace).contains { $0.elementsEqual(wanted) }
        case .dash:
            return value.starts(with: wanted)
                && (value.count == wanted.count
                    || value[value.startIndex + wanted.count] == UInt8(ascii: "-"))
        case .prefix: return !wanted.isEmpty && value.starts(with: wanted)
        case .suffix: return !wanted.isEmpty && value.suffix(wanted.count).elementsEqual(wanted)
        case .contains:
            guard !wanted.isEmpty, value.count >= wanted.count else { return false }
            return (value.startIndex...(value.endIndex - wanted.count)).contains {
                value[$0...].starts(with: wanted)
            }
        }
    }
}
