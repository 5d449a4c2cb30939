import ASCIIText

/// The rules of `<style>` elements, also in `@media`, `@supports` and `@layer`.
///
/// Selectors may have elements, classes, ids, attributes, `:root`, `:link`, and ancestors and
/// parents before them. Rules with other selectors are ignored.
struct StyleSheet {
    /// A selector with the declarations of its rule; a reference, because elements are compared
    /// with many rules.
    final class Rule {
        let selector: CSSSelector
        /// A scope that an ancestor must open; 0 for none.
        let ancestor: UInt64
        /// A scope that the parent must open; 0 for none.
        let parent: UInt64
        /// A scope that matching elements open; 0 for none.
        let scope: UInt64
        let specificity: Int
        let layer: Int
        let order: Int
        /// Index into ``changes``; nil for rules that only open a scope.
        let change: Int?
        /// How many parts of each kind ``selector`` has: what a comparison costs.
        let negations: Int
        let classes: Int
        let attributeTests: Int

        init(
            _ selector: CSSSelector, ancestor: UInt64, parent: UInt64, scope: UInt64,
            specificity: Int, layer: Int, order: Int, change: Int?
        ) {
            self.selector = selector
            self.ancestor = ancestor
            self.parent = parent
            self.scope = scope
            self.specificity = specificity
            self.layer = layer
            self.order = order
            self.change = change
            negations = selector.negations.count
            classes = selector.classes.count
            attributeTests = selector.attributeTests
        }
    }

    /// Numbers of the rules, by what their elements must have.
    struct Index {
        var elements: [UInt64: [Int]] = [:]
        /// By the lower case of an id or a class.
        var identifiers: [[UInt8]: [Int]] = [:]
        var classes: [[UInt8]: [Int]] = [:]
        var others: [Int] = []
    }

    private(set) var rules: [Rule] = []
    private(set) var changes: [StyleChange] = []
    private(set) var index = Index()
    /// True when classes and ids match without regard to case (WHATWG HTML section 4.16.2), and
    /// numbers may be lengths.
    let isQuirks: Bool
    private(set) var hasLayers = false
    /// The names of the attributes that selectors test, as a set of ``HTMLTag/nameBit(_:)``.
    private var testedNames: UInt64 = 0
    /// Those of them that are not ``alwaysKnown``.
    private var otherTestedNames: UInt64 = 0
    /// Attributes whose values distinguish tags anyway, see ``HTMLElementStyleCache``.
    private static let alwaysKnown: [StaticString] = ["class", "id", "style"]
    private var selectorCount = 0
    private var layers: [[UInt8]] = []
    private var scopes: [[UInt8]: UInt64] = [:]
    /// Comparisons with rules and declarations that are applied before no more rules are: a bound
    /// on the work that a document can cause.
    ///
    /// Of 32,727 real messages none takes half of it.
    var remainingWork = maximumWork
    private static let maximumWork = 1_000_000
    private static let leastWork = 30_000
    private static let bytesPerComparison = 6

    /// Bounds on the memory and the time that one message can take.
    private static let maximumRules = 1_000
    private static let maximumSelectorBytes = 200
    private static let maximumDepth = 8
    private static let maximumScopes = 64
    private static let maximumLayers = 100
    /// The layer of rules outside of layers, which win over all in layers.
    private static let unlayered = Int.max

    init(isQuirks: Bool = false) { self.isQuirks = isQuirks }

    /// True when no element is compared with a rule, also because too many were.
    var isEmpty: Bool { rules.isEmpty || remainingWork <= 0 }

    /// Bounds the work by the length of the document.
    mutating func limitWork(bytes: Int) {
        remainingWork = min(
            StyleSheet.maximumWork, StyleSheet.leastWork + bytes / StyleSheet.bytesPerComparison)
    }

    /// Reads the content of one style element.
    mutating func read(_ css: ArraySlice<UInt8>) { readRules(css, layer: [], depth: 0) }

    private mutating func readRules(_ css: ArraySlice<UInt8>, layer: [UInt8], depth: Int) {
        var index = css.startIndex
        while index < css.endIndex, selectorCount < StyleSheet.maximumRules {
            CSSSyntax.skipSpace(css, &index)
            guard index < css.endIndex else { return }
            if depth == 0, let end = endOfCommentMark(css, from: index) {
                // `<!--` and `-->` around the rules are ignored.
                index = end
            } else if css[index] == UInt8(ascii: "@") {
                index = readAtRule(css, from: index, layer: layer, depth: depth)
            } else {
                let open = CSSSyntax.find("{", in: css, from: index)
                guard open < css.endIndex else { return }
                let close = CSSSyntax.find("}", in: css, from: open + 1)
                addRule(
                    css[index..<open], css[(open + 1)..<close], layer: layer, depth: depth)
                index = min(close + 1, css.endIndex)
            }
        }
    }

    /// True for a list of media that includes the screen.
    static func isForScreens(_ media: ArraySlice<UInt8>) -> Bool {
        StyleCondition.media(media) == true
    }

    /// The index after a `<!--` or `-->` at `start`; nil when there is none.
    private func endOfCommentMark(_ css: ArraySlice<UInt8>, from start: Int) -> Int? {
        if css[start...].starts(with: "<!--".utf8) { return start + 4 }
        return css[start...].starts(with: "-->".utf8) ? start + 3 : nil
    }

    /// Reads the at-rule at `start`.
    ///
    /// - Returns: The index after its block or semicolon.
    private mutating func readAtRule(
        _ css: ArraySlice<UInt8>, from start: Int, layer: [UInt8], depth: Int
    ) -> Int {
        let open = CSSSyntax.find(";{", in: css, from: start)
        let hasBlock = open < css.endIndex && css[open] == UInt8(ascii: "{")
        let close = hasBlock ? CSSSyntax.find("}", in: css, from: open + 1) : open
        let end = min(close + 1, css.endIndex)
        guard let (name, prelude) = StyleSheet.atRule(css[start..<open]),
            depth < StyleSheet.maximumDepth
        else { return end }
        if name.equalsIgnoringCase("layer") {
            if hasBlock {
                let inner = addLayer(CSSSyntax.plain(prelude), in: layer)
                readRules(css[(open + 1)..<close], layer: inner, depth: depth + 1)
            } else {
                for name in prelude.split(separator: UInt8(ascii: ",")) {
                    _ = addLayer(CSSSyntax.plain(name), in: layer)
                }
            }
        } else if hasBlock, StyleSheet.holds(name, prelude) {
            readRules(css[(open + 1)..<close], layer: layer, depth: depth + 1)
        }
        return end
    }

    private static func atRule(
        _ text: ArraySlice<UInt8>
    ) -> (name: ArraySlice<UInt8>, prelude: ArraySlice<UInt8>)? {
        var index = text.startIndex + 1
        guard let name = CSSSyntax.identifier(text, &index) else { return nil }
        return (name[...], text[index...])
    }

    private static func holds(_ name: ArraySlice<UInt8>, _ prelude: ArraySlice<UInt8>) -> Bool {
        if name.equalsIgnoringCase("media") { return StyleCondition.media(prelude) == true }
        return name.equalsIgnoringCase("supports") && StyleCondition.supports(prelude) == true
    }

    /// The full name of a layer, which is ranked by its first occurrence.
    private mutating func addLayer(_ name: ArraySlice<UInt8>, in outer: [UInt8]) -> [UInt8] {
        hasLayers = true
        var full = outer + [UInt8(ascii: ".")] + name
        // Layers without names are different from each other.
        if name.isEmpty { full += Array("\(layers.count)".utf8) }
        if !layers.contains(full), layers.count < StyleSheet.maximumLayers { layers.append(full) }
        return full
    }

    // MARK: Rules

    /// Adds a rule for each selector of a list, and the rules nested in it.
    private mutating func addRule(
        _ selectors: ArraySlice<UInt8>, _ body: ArraySlice<UInt8>, layer: [UInt8], depth: Int
    ) {
        let texts = StyleSheet.list(selectors)
        guard texts.count <= StyleSheet.maximumRules else {
            selectorCount = StyleSheet.maximumRules
            return
        }
        var parsed:
            [[(part: CSSSelector, text: ArraySlice<UInt8>, combinator: CSSSelector.Combinator)]] =
                []
        for text in texts {
            switch CSSSelector.parse(text) {
            // One invalid selector invalidates the rule (Selectors Level 4, section 4.1).
            case .invalid: return
            case .unknown: selectorCount += 1
            case .parts(let parts): parsed.append(parts)
            }
        }
        guard !parsed.isEmpty else { return }
        var nested: [StyleChange.NestedRule] = []
        let change = StyleChange(body, isQuirks: isQuirks, nested: &nested)
        if !change.isEmpty {
            changes.append(change)
            let rank =
                layer.isEmpty
                ? StyleSheet.unlayered : layers.firstIndex(of: layer) ?? StyleSheet.maximumLayers
            for parts in parsed { add(parts, rank, changes.count - 1) }
        }
        guard depth < StyleSheet.maximumDepth else { return }
        for rule in nested {
            addNested(rule, in: texts, layer: layer, depth: depth + 1)
        }
    }

    private static func list(_ selectors: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var start = selectors.startIndex
        while start <= selectors.endIndex {
            let end = CSSSyntax.find(",", in: selectors, from: start)
            result.append(selectors[start..<end])
            start = end + 1
        }
        return result
    }

    /// Adds a rule in the block of another, its selectors put together from both (CSS Nesting).
    private mutating func addNested(
        _ rule: StyleChange.NestedRule, in parents: [ArraySlice<UInt8>], layer: [UInt8], depth: Int
    ) {
        if rule.prelude.first == UInt8(ascii: "@") {
            guard let (name, prelude) = StyleSheet.atRule(rule.prelude),
                StyleSheet.holds(name, prelude)
            else { return }
            let list = parents.joined(separator: [UInt8(ascii: ",")])
            return addRule(Array(list)[...], rule.body, layer: layer, depth: depth)
        }
        // Putting selectors together costs time even when nothing comes of it.
        selectorCount += parents.count
        guard selectorCount < StyleSheet.maximumRules else { return }
        let ampersand = UInt8(ascii: "&")
        var selectors: [[UInt8]] = []
        for text in StyleSheet.list(rule.prelude) {
            for parent in parents {
                guard selectors.count < StyleSheet.maximumScopes else { return }
                let parent = CSSSyntax.trimmed(parent)
                if text.contains(ampersand) {
                    selectors.append(Array(text.map { $0 == ampersand ? parent : [$0] }.joined()))
                } else {
                    selectors.append(parent + [ASCII.space] + text)
                }
                guard selectors.last?.count ?? 0 <= 2 * StyleSheet.maximumSelectorBytes else {
                    return
                }
            }
        }
        let list = selectors.joined(separator: [UInt8(ascii: ",")])
        addRule(Array(list)[...], rule.body, layer: layer, depth: depth)
    }

    /// Adds the rule of one selector, and those that open the scopes that it needs.
    private mutating func add(
        _ parts: [(part: CSSSelector, text: ArraySlice<UInt8>, combinator: CSSSelector.Combinator)],
        _ layer: Int, _ change: Int
    ) {
        guard selectorCount < StyleSheet.maximumRules,
            parts.last?.text.count ?? 0 <= StyleSheet.maximumSelectorBytes
        else { return }
        selectorCount += 1
        var scope: UInt64 = 0
        var specificity = 0
        for (number, part) in parts.enumerated() {
            specificity += part.part.specificity
            let isLast = number == parts.count - 1
            let isChild = part.combinator == .child
            var opened: UInt64 = 0
            var isNew = true
            if !isLast {
                let text = Array(part.text)
                if let known = scopes[text] {
                    opened = known
                    isNew = false
                } else {
                    guard scopes.count < StyleSheet.maximumScopes else { return }
                    opened = 1 << UInt64(scopes.count)
                    scopes[text] = opened
                }
            }
            if isNew {
                insert(
                    Rule(
                        part.part, ancestor: isChild ? 0 : scope,
                        parent: isChild ? scope : 0, scope: opened, specificity: specificity,
                        layer: layer, order: rules.count, change: isLast ? change : nil))
            }
            scope = opened
        }
    }

    private mutating func insert(_ rule: Rule) {
        let number = rules.count
        rules.append(rule)
        let selector = rule.selector
        addTestedNames(of: selector)
        if let name = selector.identifiers.first {
            index.identifiers[name.lowercasedASCII(), default: []].append(number)
        } else if let name = selector.classes.first {
            index.classes[name.lowercasedASCII(), default: []].append(number)
        } else if let element = selector.element {
            index.elements[StyleSheet.key(element, selector.nameHash), default: []].append(number)
        } else {
            index.others.append(number)
        }
    }

    private mutating func addTestedNames(of selector: CSSSelector) {
        for test in selector.attributes where !test.name.isEmpty {
            let bit = HTMLTag.nameBit(test.name[...])
            testedNames |= bit
            if !StyleSheet.alwaysKnown.contains(where: test.name.equalsIgnoringCase) {
                otherTestedNames |= bit
            }
        }
        for negated in selector.negations { addTestedNames(of: negated) }
    }

    /// True when the tag may have an attribute that some selector tests.
    func testsAttributes(of tag: HTMLTag) -> Bool { tag.names & testedNames != 0 }

    /// True when the declarations of the tag may depend on attributes other than class, id and
    /// style.
    func testsOtherAttributes(of tag: HTMLTag) -> Bool { tag.names & otherTestedNames != 0 }

    static func key(_ element: HTMLElement, _ nameHash: UInt64) -> UInt64 {
        element == .other ? nameHash : UInt64(element.rawValue)
    }
}
