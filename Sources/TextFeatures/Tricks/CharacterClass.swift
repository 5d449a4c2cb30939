/// What the tokeniser must know of a Unicode scalar.
struct CharacterClass: OptionSet {
    let rawValue: UInt8
    static let letter = CharacterClass(rawValue: 1)
    static let digit = CharacterClass(rawValue: 2)
    static let upper = CharacterClass(rawValue: 4)
    static let space = CharacterClass(rawValue: 8)
    /// Scripts written without spaces: each character is a word of its own.
    static let ideograph = CharacterClass(rawValue: 16)
    static let ignorable = CharacterClass(rawValue: 32)
    /// A mark that normalising sorts among others on the same letter.
    static let sortedMark = CharacterClass(rawValue: 64)

    /// Classes of the basic multilingual plane, computed once (about ten milliseconds) when the
    /// first text that is not ASCII comes along.
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

    static func of(_ value: UInt32) -> CharacterClass {
        if value < 0x1_0000 { return basic[Int(value)] }
        return Unicode.Scalar(value).map(compute) ?? []
    }

    /// The simple lower-case form of a scalar.
    static func lowercase(_ value: UInt32) -> UInt32 {
        value < 0x600 ? UInt32(lower[Int(value)]) : value
    }

    private static func compute(_ scalar: Unicode.Scalar) -> CharacterClass {
        var result: CharacterClass = []
        let properties = scalar.properties
        if isIgnorable(scalar.value) { return .ignorable }
        if properties.isWhitespace { return .space }
        switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: result = [.letter, .upper]
        case .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark:
            result = .letter
        case .decimalNumber: result = .digit
        case .control, .format, .surrogate, .privateUse, .unassigned: return .space
        default: break
        }
        if properties.canonicalCombiningClass != .notReordered { result.insert(.sortedMark) }
        if result.contains(.letter), isIdeograph(scalar.value) { result.insert(.ideograph) }
        return result
    }

    /// Code points that show nothing; senders put them inside words. Fillers and variation
    /// selectors are among them, hence a list of its own beside the Unicode property.
    static func isIgnorable(_ value: UInt32) -> Bool {
        switch value {
        case 0xAD, 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180E,
            0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF,
            0xFFA0, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF:
            return true
        default: return false
        }
    }

    private static func isIdeograph(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x3040...0x30FF,
            0x3130...0x318F, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97F,
            0xAC00...0xD7FF, 0xF900...0xFAFF, 0x2_0000...0x3_FFFF:
            return true
        default: return false
        }
    }
}
