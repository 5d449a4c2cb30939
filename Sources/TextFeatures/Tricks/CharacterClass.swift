/// The properties of a Unicode scalar that the tokeniser asks for.
package struct CharacterClass: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A letter of any script, or a diacritic.
    package static let letter = CharacterClass(rawValue: 1)
    package static let digit = CharacterClass(rawValue: 2)
    package static let upper = CharacterClass(rawValue: 4)
    /// White space, and code points that have no meaning in text.
    package static let space = CharacterClass(rawValue: 8)
    /// A letter of a script written without spaces: each is a word by itself.
    package static let ideograph = CharacterClass(rawValue: 16)
    /// A code point that shows nothing.
    package static let ignorable = CharacterClass(rawValue: 32)
    /// A diacritic that normalising sorts among others on the same letter.
    package static let reorderedDiacritic = CharacterClass(rawValue: 64)

    /// Classes of the basic multilingual plane, computed once, for the first text that is not
    /// ASCII.
    private static let basic: [CharacterClass] = (0..<0x1_0000).map { value in
        Unicode.Scalar(UInt32(value)).map(compute) ?? []
    }

    /// Lower-case forms below U+0600, where nearly all letters with case are.
    private static let lower: [UInt16] = (0..<0x600).map { value in
        guard let scalar = Unicode.Scalar(UInt32(value)) else { return UInt16(value) }
        let mapped = scalar.properties.lowercaseMapping.unicodeScalars
        guard mapped.count == 1, let first = mapped.first, first.value < 0x1_0000 else {
            return UInt16(value)
        }
        return UInt16(first.value)
    }

    /// The class of a scalar value; empty for a surrogate or punctuation.
    package static func of(_ value: UInt32) -> CharacterClass {
        if value < 0x1_0000 { return basic[Int(value)] }
        return Unicode.Scalar(value).map(compute) ?? []
    }

    /// The lower-case form of a scalar below U+0600 whose lower case is one scalar; others as they
    /// are.
    package static func lowercase(_ value: UInt32) -> UInt32 {
        value < 0x600 ? UInt32(lower[Int(value)]) : value
    }

    /// Code points that show nothing inside a word: ignorable ones, control characters that are no
    /// white space, U+180F of Unicode 14, and the mark of an object that is not there.
    static func isInvisible(_ value: UInt32) -> Bool {
        switch value {
        case 0x01...0x08, 0x0E...0x1F, 0x7F...0x84, 0x86...0x9F, 0x180F, 0xFFFC: true
        default: isIgnorable(value)
        }
    }

    private static func compute(_ scalar: Unicode.Scalar) -> CharacterClass {
        var result: CharacterClass = []
        let properties = scalar.properties
        if isInvisible(scalar.value) { return .ignorable }
        if properties.isWhitespace { return .space }
        switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: result = [.letter, .upper]
        case .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark:
            result = .letter
        case .decimalNumber: result = .digit
        case .control, .format, .surrogate, .privateUse, .unassigned: return .space
        default: break
        }
        if properties.canonicalCombiningClass != .notReordered {
            result.insert(.reorderedDiacritic)
        }
        if result.contains(.letter), isUnspaced(scalar.value) { result.insert(.ideograph) }
        return result
    }
}
