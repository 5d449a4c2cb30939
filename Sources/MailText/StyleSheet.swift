/// The simple rules of `<style>` elements: `tag`, `.class`, `#id` and `tag.class`. Rules inside
/// `@media` and the like depend on the screen and are left out.
struct StyleSheet {
    private var rules: [[UInt8]: StyleChange] = [:]
    private static let maximumRules = 1_000

    var isEmpty: Bool { rules.isEmpty }

    /// Reads the content of one style element.
    mutating func read(_ css: ArraySlice<UInt8>) {
        var index = css.startIndex
        var selectorStart = index
        while index < css.endIndex, rules.count < StyleSheet.maximumRules {
            let byte = css[index]
            if byte == UInt8(ascii: "/"), index + 1 < css.endIndex,
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

    /// What the rules that match an element say of it.
    func change(for tag: HTMLTag, bytes: [UInt8]) -> StyleChange {
        var change = StyleChange()
        guard !rules.isEmpty else { return change }
        let name = tag.element.name
        merge(name, into: &change)
        if let classes = tag.classes {
            for word in bytes[classes].split(whereSeparator: ASCII.isSpace).prefix(8) {
                let selector = [UInt8(ascii: ".")] + word.prefix(100)
                merge(selector, into: &change)
                merge(name + selector, into: &change)
            }
        }
        if let identifier = tag.identifier {
            merge([UInt8(ascii: "#")] + bytes[identifier].prefix(100), into: &change)
        }
        return change
    }

    private func merge(_ selector: [UInt8], into change: inout StyleChange) {
        if let rule = rules[selector] { change.merge(rule) }
    }

    private mutating func add(_ selectors: ArraySlice<UInt8>, _ body: ArraySlice<UInt8>) {
        let change = StyleChange(body)
        for selector in selectors.split(separator: UInt8(ascii: ",")) {
            let text = selector.trimmingSpace()
            let isSimple = text.allSatisfy { byte in
                ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: "#")
            }
            guard isSimple, !text.isEmpty, text.count <= 100 else { continue }
            rules[Array(text), default: StyleChange()].merge(change)
        }
    }

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

    /// Behind the block or the semicolon of an at-rule.
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
