import ASCIIText
import Testing

@Suite struct ASCIITests {
    @Test("Every byte belongs to the classes that its character has")
    func classes() {
        for byte in UInt8.min...UInt8.max {
            let character = byte < 0x80 ? Character(Unicode.Scalar(byte)) : "\u{FFFD}"
            #expect(ASCII.isLetter(byte) == character.isLetter)
            #expect(ASCII.isDigit(byte) == (byte < 0x80 && character.isWholeNumber))
            #expect(ASCII.isLetterOrDigit(byte) == (ASCII.isLetter(byte) || ASCII.isDigit(byte)))
            #expect(ASCII.isPrintable(byte) == (byte >= 0x20 && byte <= 0x7E))
            #expect(ASCII.hexValue(byte).map(Int.init) == character.hexDigitValue)
            #expect(ASCII.lower(byte) == (byte < 0x80 ? character.lowercased().utf8.first : byte))
        }
        #expect((UInt8.min...UInt8.max).filter(ASCII.isSpace) == [9, 10, 11, 12, 13, 32])
    }

    @Test(
        "Texts are compared without regard to ASCII case",
        arguments: [
            ("Content-Type", true), ("CONTENT-TYPE", true), ("content-type:", false),
            ("content-typ", false), ("", false), ("contentetype", false),
        ])
    func equality(_ text: String, _ isEqual: Bool) {
        #expect(Array(text.utf8).equalsIgnoringCase("content-type") == isEqual)
    }

    @Test("A prefix is compared without regard to case, and only as far as it goes")
    func prefix() {
        #expect("TEXT/html".utf8.startsIgnoringCase("text/"))
        #expect(!"TEX".utf8.startsIgnoringCase("text/"))
    }

    @Test(
        "White space goes from both ends and stays inside",
        arguments: [("  a b\t\r\n", "a b"), ("", ""), (" \n ", ""), ("a", "a")])
    func trimming(_ text: String, _ trimmed: String) {
        #expect(Array(text.utf8)[...].trimmingSpace().elementsEqual(trimmed.utf8))
    }

    @Test("Every scalar value is written as Swift writes it, and others as U+FFFD")
    func utf8() {
        let borders: [UInt32] = [
            0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFF, 0x1_0000,
            0x10_FFFF, 0x11_0000, .max,
        ]
        for value in borders {
            var bytes: [UInt8] = []
            bytes.appendUTF8(value)
            #expect(bytes == Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8))
        }
    }
}

@Suite struct ContainedBytesTests {
    @Test(
        "Bytes are found among others",
        arguments: [
            ("spammer", "spam", true), ("a spam", "spam", true), ("spa", "spam", false),
            ("spa m", "spam", false), ("x", "", true), ("", "", true), ("", "x", false),
            // Where the search must not go back to the beginning.
            ("aab", "ab", true), ("aaaab", "aaab", true), ("ababac", "abac", true),
            ("abcabcabd", "abcabd", true), ("aabaabaab", "aabaac", false), ("aaaa", "aaab", false),
        ])
    func contained(_ text: String, _ other: String, _ expected: Bool) {
        #expect(Array(text.utf8).contains(bytes: Array(other.utf8)) == expected)
    }
}

@Suite struct FNV1aTests {
    /// Values of the authors' test suite (isthe.com/chongo/tech/comp/fnv).
    @Test(
        "Hashes are those of the published test vectors",
        arguments: [
            ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C),
            ("foobar", 0x8594_4171_F739_67E8),
        ] as [(String, UInt64)])
    func vectors(_ text: String, _ hash: UInt64) { #expect(FNV1a(text.utf8).value == hash) }
}

@Suite struct FixedDecimalTests {
    @Test(
        "Numbers have a fixed count of decimals",
        arguments: [
            (0, 2, "0.00"), (1.005, 2, "1.00"), (0.995, 1, "1.0"), (-0.004, 2, "0.00"),
            (-1.5, 0, "-2"), (9.999, 2, "10.00"), (0.05, 4, "0.0500"), (12_345.6, 1, "12345.6"),
            (.nan, 2, "-"), (.infinity, 2, "-"), (1e13, 2, "-"),
        ] as [(Double, Int, String)])
    func decimals(_ value: Double, _ decimals: Int, _ text: String) {
        #expect(value.fixed(decimals) == text)
    }
}
