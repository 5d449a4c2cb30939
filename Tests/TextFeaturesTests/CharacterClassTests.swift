import Testing
import TextFeatures

@Suite struct CharacterClassTests {
    @Test(
        "Classes of characters",
        arguments: [
            ("a", CharacterClass.letter), ("Z", [.letter, .upper]), ("ǅ", [.letter, .upper]),
            ("д", .letter), ("Д", [.letter, .upper]), ("5", .digit), ("٣", .digit), (" ", .space),
            ("\u{A0}", .space), ("\u{3000}", .space), ("\u{7}", .ignorable), ("\u{C}", .space),
            ("\u{85}", .space),
            ("\u{1F}", .ignorable), ("\u{7F}", .ignorable), ("\u{9D}", .ignorable),
            ("\u{FFFC}", .ignorable), ("\u{E000}", .space),
            ("\u{378}", .space), ("!", []), ("«", []), ("\u{1F600}", []), ("½", []),
            ("好", [.letter, .ideograph]), ("カ", [.letter, .ideograph]),
            ("한", [.letter, .ideograph]), ("ไ", [.letter, .ideograph]),
            ("𠀋", [.letter, .ideograph]), ("\u{200B}", .ignorable), ("\u{AD}", .ignorable),
            ("\u{FE0F}", .ignorable), ("\u{E0041}", .ignorable), ("\u{180E}", .ignorable),
            ("\u{FFF9}", .ignorable),
            ("\u{301}", [.letter, .reorderedDiacritic]),
            ("\u{5B0}", [.letter, .reorderedDiacritic]),
            ("\u{903}", .letter),
        ] as [(Unicode.Scalar, CharacterClass)])
    func classes(_ scalar: Unicode.Scalar, _ expected: CharacterClass) {
        #expect(CharacterClass.of(scalar.value) == expected)
    }

    @Test(
        "Values that are no scalar have no class",
        arguments: [0xD800, 0xDFFF, 0x11_0000] as [UInt32])
    func invalid(_ value: UInt32) { #expect(CharacterClass.of(value) == []) }

    @Test(
        "Ignorable ranges end where Unicode 14 ends them, or controls",
        arguments: [
            (0xAC, 0xAD, 0xAD, 0xAE), (0x115E, 0x115F, 0x1160, 0x1161),
            (0x180A, 0x180B, 0x180F, 0x1810), (0x200A, 0x200B, 0x200F, 0x2010),
            (0x2029, 0x202A, 0x202E, 0x202F), (0x205F, 0x2060, 0x206F, 0x2070),
            (0xFDFF, 0xFE00, 0xFE0F, 0xFE10), (0xFFEF, 0xFFF0, 0xFFFC, 0xFFFD),
            (0x00, 0x01, 0x08, 0x09), (0x0D, 0x0E, 0x1F, 0x20), (0x7E, 0x7F, 0x84, 0x85),
            (0x85, 0x86, 0x9F, 0xA0),
            (0xD_FFFF, 0xE_0000, 0xE_0FFF, 0xE_1000),
        ] as [(UInt32, UInt32, UInt32, UInt32)])
    func ignorable(_ before: UInt32, _ first: UInt32, _ last: UInt32, _ behind: UInt32) {
        #expect(CharacterClass.of(first) == .ignorable && CharacterClass.of(last) == .ignorable)
        #expect(CharacterClass.of(before) != .ignorable && CharacterClass.of(behind) != .ignorable)
    }

    @Test(
        "Lower case where it is one scalar",
        arguments: [
            ("A", "a"), ("É", "é"), ("Д", "д"), ("Σ", "σ"), ("Ա", "ա"), ("a", "a"), ("5", "5"),
            // Two scalars, and a letter beyond the table.
            ("İ", "İ"), ("Ꭰ", "Ꭰ"), ("好", "好"),
        ] as [(Unicode.Scalar, Unicode.Scalar)])
    func lowercase(_ scalar: Unicode.Scalar, _ expected: Unicode.Scalar) {
        #expect(CharacterClass.lowercase(scalar.value) == expected.value)
    }
}
