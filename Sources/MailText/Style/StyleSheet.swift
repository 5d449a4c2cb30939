import ASCIIText

/// The simple rules of `<style>` elements: `tag`, `.class`, `#id` and `tag.class`.
///
/// Rules with other selectors, and rules that depend on the screen, are ignored.
struct StyleSheet {
    /// Indices into ``changes`` and ``orders`` by selector.
    private var rules: [[UInt8]: Int] = [:]
    private var changes: [StyleChange] = []
    /// The number of the last occurrence of each selector: later ones win.
    private var orders: [Int] = []
    private var order = 0
    /// True when some rule is of the form `tag.class`.
    private var hasElementClasses = false
    /// Added to the order of `tag.class`, which wins over `.class` wherever they are.
    private static let moreSpecific = 1 << 32
    /// Bounds on the memory and the time that one message can take.
    private static let maximumRules = 1_000
    private static let maximumClasses = 8
    private static let maximumSelectorBytes = 100

    var isEmpty: Bool { rules.isEmpty }

    /// Reads the content of one style element.
    mutating func read(_ css: ArraySlice<UInt8>) {
        var index = css.startIndex
        var selectorStart = index
        while index < css.endIndex, rules.count < StyleSheet.maximumRules {
            let byte = css[index]
            if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "-"),
                let end = endOfCommentMark(css, from: index)
            {
                // `<!--` and `-->` around the rules are ignored (CSS 2.1 section 4.1.1).
                index = end
                selectorStart = index
            } else if byte == UInt8(ascii: "}") {
                index += 1
                selectorStart = index
            } else if byte == UInt8(ascii: "@"), let body = bodyOfMedia(css, from: index) {
                index = body
                selectorStart = index
            } else if byte == UInt8(ascii: "/"), index + 1 < css.endIndex,
                css[index + 1] == UInt8(ascii: "*")
            {
                index = endOfComment(css, from: index + 2)
                selectorStart = index
            } else if byte == UInt8(ascii: "@") {
                index = endOfAtRule(css, from: index)
                selectorStart = index
            } else if byte == UInt8(ascii: "{") {
                let bodyStart = index + 1
                var bodyEnd = bodyStart
                while bodyEnd < css.endIndex, css[bodyEnd] != UInt8(ascii: "}") { bodyEnd += 1 }
                add(css[selectorStart..<index], css[bodyStart..<bodyEnd])
                index = min(bodyEnd + 1, css.endIndex)
                selectorStart = index
            } else {
                index += 1
            }
        }
    }

    /// The declarations of the rules that match an element.
    ///
    /// - Parameters:
    ///   - tag: The element's start tag.
    ///   - bytes: The document that the tag's ranges point into.
    /// - Returns: The declarations, merged in the order of the cascade.
    func change(for tag: HTMLTag, bytes: [UInt8]) -> StyleChange {
        var change = StyleChange()
        guard !rules.isEmpty else { return change }
        let name = tag.element.name
        if let rule = rules[name] { change.merge(changes[rule]) }
        if let classes = tag.classes {
            var matches: [(key: Int, rule: Int)] = []
            for word in bytes[classes].split(whereSeparator: ASCII.isSpace).prefix(
                StyleSheet.maximumClasses)
            {
                let selector = [UInt8(ascii: ".")] + word.prefix(StyleSheet.maximumSelectorBytes)
                if let rule = rules[selector] { matches.append((orders[rule], rule)) }
                guard !name.isEmpty, hasElementClasses, let rule = rules[name + selector] else {
                    continue
                }
                matches.append((orders[rule] + StyleSheet.moreSpecific, rule))
            }
            // CSS 2.1 section 6.4: by specificity, then by the order of the sheet.
            if matches.count > 1 { matches.sort { $0.key < $1.key } }
            var last: Int?
            for (_, rule) in matches where rule != last {
                change.merge(changes[rule])
                last = rule
            }
        }
        if let identifier = tag.identifier {
            let selector =
                [UInt8(ascii: "#")] + bytes[identifier].prefix(StyleSheet.maximumSelectorBytes)
            if let rule = rules[selector] { change.merge(changes[rule]) }
        }
        return change
    }

    /// Adds a rule for each simple selector of a list.
    private mutating func add(_ selectors: ArraySlice<UInt8>, _ body: ArraySlice<UInt8>) {
        let change = StyleChange(body)
        for selector in selectors.split(separator: UInt8(ascii: ",")) {
            let text = selector.trimmingSpace()
            let isSimple = text.allSatisfy { byte in
                ASCII.isLetterOrDigit(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: "#")
            }
            guard rules.count < StyleSheet.maximumRules else { return }
            guard isSimple, !text.isEmpty, text.count <= StyleSheet.maximumSelectorBytes else {
                continue
            }
            add(Array(text), change)
        }
    }

    /// True for a list of media that includes all screens: `screen`, `all`, or an empty list.
    static func isForScreens(_ media: ArraySlice<UInt8>) -> Bool {
        media.split(separator: UInt8(ascii: ",")).map { $0.trimmingSpace() }.contains { medium in
            medium.equalsIgnoringCase("all") || medium.equalsIgnoringCase("screen")
                || medium.equalsIgnoringCase("only screen")
        } || media.trimmingSpace().isEmpty
    }

    /// The index after the `{` of a `@media` whose rules hold on every screen; nil for other rules.
    private func bodyOfMedia(_ css: ArraySlice<UInt8>, from start: Int) -> Int? {
        guard css[start...].startsIgnoringCase("@media") else { return nil }
        let prelude = css[(start + 6)...].prefix(100).prefix { $0 != UInt8(ascii: "{") }
        guard prelude.endIndex < css.endIndex, css[prelude.endIndex] == UInt8(ascii: "{"),
            StyleSheet.isForScreens(prelude)
        else { return nil }
        return prelude.endIndex + 1
    }

    /// The index after a `<!--` or `-->` at `start`; nil when there is none.
    private func endOfCommentMark(_ css: ArraySlice<UInt8>, from start: Int) -> Int? {
        if css[start...].starts(with: "<!--".utf8) { return start + 4 }
        return css[start...].starts(with: "-->".utf8) ? start + 3 : nil
    }

    /// Adds the declarations of one selector.
    private mutating func add(_ selector: [UInt8], _ change: StyleChange) {
        order += 1
        if let rule = rules[selector] {
            changes[rule].merge(change)
            orders[rule] = order
            return
        }
        rules[selector] = changes.count
        changes.append(change)
        orders.append(order)
        let dot = UInt8(ascii: ".")
        if selector.first != dot, selector.contains(dot) { hasElementClasses = true }
    }

    /// The index after the comment whose content begins at `start`.
    private func endOfComment(_ css: ArraySlice<UInt8>, from start: Int) -> Int {
        var index = start
        while index + 1 < css.endIndex {
            if css[index] == UInt8(ascii: "*"), css[index + 1] == UInt8(ascii: "/") {
                return index + 2
            }
            index += 1
        }
        return css.endIndex
    }

    /// The index after the block or the semicolon of an at-rule.
    private func endOfAtRule(_ css: ArraySlice<UInt8>, from start: Int) -> Int {
        var depth = 0
        var index = start
        while index < css.endIndex {
            let byte = css[index]
            index += 1
            if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
                if depth <= 0 { break }
            } else if byte == UInt8(ascii: ";"), depth == 0 {
                break
            }
        }
        return index
    }
}
