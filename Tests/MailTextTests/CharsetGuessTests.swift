import Testing

@testable import MailText

/// Whole messages are in `Tests/Fixtures/mail/charsets`.
@Suite struct CharsetGuessTests {
    private func label(_ bytes: [UInt8]) -> String? {
        var guess = CharsetGuess()
        return guess.label(of: bytes)
    }

    /// "Пожалуйста, проверьте реквизиты" in KOI8-R.
    private static let russian: [UInt8] = [
        0xF0, 0xCF, 0xD6, 0xC1, 0xCC, 0xD5, 0xCA, 0xD3, 0xD4, 0xC1, 0x2C, 0x20, 0xD0, 0xD2, 0xCF,
        0xD7, 0xC5, 0xD2, 0xD8, 0xD4, 0xC5, 0x20, 0xD2, 0xC5, 0xCB, 0xD7, 0xC9, 0xDA, 0xC9, 0xD4,
        0xD9,
    ]

    @Test("Russian without a declaration is found, tags and English beside it or not")
    func russian() {
        let russian = CharsetGuessTests.russian
        #expect(label(russian) == "koi8-u")
        #expect(label("<3 ".bytes + russian + " x < 5".bytes) == "koi8-u")
        var guess = CharsetGuess()
        let style = "<style>".bytes + [UInt8](repeating: 0x95, count: 600) + "</style><!-- > ".bytes
        let comment: [UInt8] = [0xE0, 0xE1, 0xE2, 0xE3] + "-->".bytes
        let page = style + comment + "<p title='x'>".bytes + russian + "</p>".bytes
        #expect(guess.label(of: page, isHTML: true) == "koi8-u")
    }

    @Test(
        "ASCII, UTF-8, Latin text and a few signs are not guessed",
        arguments: [
            "".bytes, "Hello".bytes, "Добрый день".bytes, "Grüße, schöne Tage, Öl für Äpfel".latin1,
            "£20 to £45 ©2026".latin1, "\u{A1}\u{A1}\u{A1}".latin1,
            "\u{1B}[31mred\u{1B}[0m".bytes,
        ] as [[UInt8]])
    func latin(_ bytes: [UInt8]) {
        #expect(label(bytes) == nil)
    }

    @Test("All guesses of a message together look at a bounded number of bytes")
    func budget() {
        // Bytes of no charset.
        var guess = CharsetGuess()
        let unknown = [[UInt8]](repeating: [0xFF, 0xFE, 0xFF, 0xFD, 0x20], count: 40).joined()
        for _ in 0..<10 { #expect(guess.label(of: Array(unknown)) == nil) }
        #expect(guess.label(of: CharsetGuessTests.russian) == nil)
    }

    @Test("The second text of a message has the charset of the first")
    func second() {
        var guess = CharsetGuess()
        let long = [[UInt8]](repeating: CharsetGuessTests.russian + [0x20], count: 30).joined()
        for _ in 0..<10 { #expect(guess.label(of: Array(long)) == "koi8-u") }
        // Two words alone say too little: "ДА НЕТ".
        #expect(guess.label(of: [0xE4, 0xE1, 0xE1, 0x20, 0xEE, 0xE5, 0xF4]) == "koi8-u")
    }
}
