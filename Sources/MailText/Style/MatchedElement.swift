import ASCIIText

/// An element that rules are compared with.
struct MatchedElement {
    let tag: HTMLTag
    let bytes: [UInt8]
    let classes: [ArraySlice<UInt8>]
    let identifier: ArraySlice<UInt8>?
    /// The attributes with their values, read when rules may ask for them.
    private let attributes: [(name: ArraySlice<UInt8>, value: Range<Int>)]

    /// Bytes of attributes that one comparison reads, and those that count as one rule.
    private static let maximumAttributeBytes = 4_096
    private static let bytesPerRule = 32
    /// Classes that are looked at, and those that count as one rule.
    private static let maximumClasses = 64
    private static let classesPerRule = 8

    init(_ tag: HTMLTag, _ bytes: [UInt8], readsAttributes: Bool) {
        self.tag = tag
        self.bytes = bytes
        classes = tag.classes.map { MatchedElement.words(MatchedElement.decoded($0, bytes)) } ?? []
        identifier = tag.identifier.map { MatchedElement.decoded($0, bytes) }
        let range = tag.attributes.prefix(MatchedElement.maximumAttributeBytes)
        attributes =
            readsAttributes
            ? HTMLTokenizer.attributes(in: range, of: bytes).map { (bytes[$0.name], $0.value) }
            : []
    }

    /// About how many comparisons a rule's selector needs.
    func cost(of rule: StyleSheet.Rule) -> Int {
        var cost = 1 + rule.negations
        if rule.classes > 0 { cost += rule.classes * classes.count / MatchedElement.classesPerRule }
        if rule.attributeTests > 0 {
            let bytes = min(tag.attributes.count, MatchedElement.maximumAttributeBytes)
            cost += rule.attributeTests * (2 + bytes / MatchedElement.bytesPerRule)
        }
        return cost
    }

    /// The classes of the attribute `class`, as far as they are looked at.
    private static func words(_ value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var words: [ArraySlice<UInt8>] = []
        var index = value.startIndex
        while words.count < maximumClasses {
            while index < value.endIndex, ASCII.isSpace(value[index]) { index += 1 }
            guard index < value.endIndex else { break }
            let start = index
            while index < value.endIndex, !ASCII.isSpace(value[index]) { index += 1 }
            words.append(value[start..<index])
        }
        return words
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
        for name in selector.classes where !hasClass(name, isQuirks) { return false }
        // Loops, because closures would copy the element for each rule.
        for test in selector.attributes where !matches(test) { return false }
        for negated in selector.negations where matches(negated, isQuirks: isQuirks) {
            return false
        }
        return true
    }

    private func hasClass(_ name: [UInt8], _ ignoresCase: Bool) -> Bool {
        for word in classes where MatchedElement.equal(word, name, ignoresCase) { return true }
        return false
    }

    private static func equal(
        _ one: ArraySlice<UInt8>, _ other: [UInt8], _ ignoresCase: Bool
    ) -> Bool {
        guard one.count == other.count else { return false }
        return one.elementsEqual(other)
            || ignoresCase && one.lowercasedASCII() == other.lowercasedASCII()
    }

    /// The value of the first attribute with a name, which is in lower case.
    private func value(of name: [UInt8]) -> Range<Int>? {
        for attribute in attributes where attribute.name.count == name.count {
            if attribute.name.elementsEqual(name, by: { ASCII.lower($0) == $1 }) {
                return attribute.value
            }
        }
        return nil
    }

    private func matches(_ test: CSSSelector.AttributeTest) -> Bool {
        guard let found = value(of: test.name) else { return false }
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
