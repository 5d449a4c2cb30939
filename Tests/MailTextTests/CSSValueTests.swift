import Testing

@testable import MailText

@Suite struct CSSValueTests {
    @Test(
        "A number is read up to its unit",
        arguments: [
            ("12px", 12, "px"), ("-1.5EM", -1.5, "em"), ("+.5", 0.5, ""), ("50%", 50, "%"),
            ("0", 0, ""),
            ("1e3", 1, "e"), ("7.", 7, ""), ("1.2.3", 1.2, ""), ("3px solid", 3, "px"),
            ("123456789012345678", 1e15, ""), ("0.1234567890123456789px", 0.12345678901234, "px"),
        ] as [(String, Double, String)])
    func number(_ text: String, _ value: Double, _ unit: String) throws {
        let number = try #require(CSSValue.number(text.slice))
        #expect(abs(number.value - value) <= abs(value) * 1e-12)
        #expect(number.unit == unit)
    }

    @Test(
        "Words and signs are no numbers", arguments: ["", "px", "-", "+", ".", "-.", "auto", " 1"])
    func noNumber(_ text: String) { #expect(CSSValue.number(text.slice) == nil) }

    @Test("Every number is finite")
    func finite() throws {
        let text = String(repeating: "9", count: 400) + "." + String(repeating: "9", count: 400)
        #expect(try #require(CSSValue.number(text.slice)).value.isFinite)
    }

    @Test(
        "Lengths are converted to pixels (CSS Values Level 4 section 6)",
        arguments: [
            ("10px", 10), ("2em", 40), ("2rem", 32), ("2ex", 20), ("2ch", 20), ("3pt", 4),
            ("1pc", 16),
            ("1in", 96), ("2.54cm", 96), ("25.4mm", 96), ("101.6q", 96), ("10vw", 80), ("10vh", 80),
            ("0", 0), ("-5PX", -5), ("0%", nil), ("50%", nil), ("5", nil), ("auto", nil),
            ("5foo", nil), ("5 px", nil), ("1e1px", 10), ("calc(1px + 2em)", 41),
            ("calc(2 * (3px - 1px))", 4), ("min(1px, 2px)", 1), ("max(1px, 2px)", 2),
            ("clamp(1px, 9px, 4px)", 4), ("calc(1px + 1)", nil), ("calc(50% + 1px)", nil),
            ("min(1px, 1em)", nil), ("-1px", -1), ("calc(", nil), ("nosuch(1px)", nil),
        ] as [(String, Double?)])
    func pixels(_ text: String, _ expected: Double?) throws {
        let pixels = CSSLength(text.slice)?.pixels(em: 20)
        guard let expected else {
            #expect(pixels == nil)
            return
        }
        #expect(abs(try #require(pixels) - expected) < 1e-9)
    }

    @Test(
        "Images and gradients are found anywhere in a value",
        arguments: [
            ("url(x.png)", true), ("#fff URL(x) no-repeat", true),
            ("linear-gradient(red, blue)", true),
            ("urls", false), ("red", false), ("", false), ("curl (x)", false),
        ])
    func image(_ text: String, _ isImage: Bool) {
        #expect(CSSValue.mentionsImage(text.slice) == isImage)
    }
}
