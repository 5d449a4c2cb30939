import Testing

@testable import MailText

@Suite struct CSSColorTests {
    @Test(
        "Colours of CSS Color Level 4 are read",
        arguments: [
            ("red", 0xFF0000, 1), ("RebeccaPurple", 0x663399, 1), (" grey ", 0x808080, 1),
            ("transparent", 0x000000, 0), ("#f00", 0xFF0000, 1), ("#F0a", 0xFF00AA, 1),
            ("#f008", 0xFF0000, 8.0 / 15), ("#12aBcD", 0x12ABCD, 1),
            ("#12abcd80", 0x12ABCD, 128.0 / 255),
            ("rgb(1, 2, 3)", 0x010203, 1), ("RGB(1 2 3)", 0x010203, 1),
            ("rgba(1,2,3,.5)", 0x010203, 0.5),
            ("rgb(1 2 3 / 50%)", 0x010203, 0.5), ("rgb(100%, 0%, 50%)", 0xFF007F, 1),
            ("rgb(300, -5, 0)", 0xFF0000, 1), ("rgba(0,0,0,7)", 0x000000, 1),
            ("hsl(0, 100%, 50%)", 0xFF0000, 1), ("hsl(120deg 100% 50%)", 0x00FF00, 1),
            ("hsl(-120, 100%, 50%)", 0x0000FF, 1), ("hsla(0,0%,100%,0)", 0xFFFFFF, 0),
            ("hsl(480, 100%, 25%)", 0x008000, 1),
            ("hsl(.5turn 100% 50%)", 0x00FFFF, 1), ("hsl(200grad 100% 50%)", 0x00FFFF, 1),
            ("hsl(3.14159265rad 100% 50%)", 0x00FFFF, 1), ("hwb(0 0% 100%)", 0x000000, 1),
            ("hwb(0 100% 0%)", 0xFFFFFF, 1), ("lab(0% 0 0)", 0x000000, 1),
            ("lab(100% 0 0)", 0xFFFFFF, 1), ("lch(100% 0 0)", 0xFFFFFF, 1),
            ("oklab(1 0 0)", 0xFFFFFF, 1), ("oklch(0% 0 0)", 0x000000, 1),
            ("color(srgb 1 1 1)", 0xFFFFFF, 1), ("color(srgb-linear 0 0 0/.5)", 0x000000, 0.5),
            ("light-dark(red, blue)", 0xFF0000, 1), ("CanvasText", 0x000000, 1),
            ("rgb(calc(200 + 55) 0 0)", 0xFF0000, 1),
        ] as [(String, Int, Double)])
    func css(_ text: String, _ packed: Int, _ alpha: Double) throws {
        let color = try #require(CSSColor(text.slice))
        #expect(color.rgb == RGB(packed: packed))
        #expect(color.alpha == alpha)
    }

    @Test(
        "Other text is no colour",
        arguments: [
            "", " ", "nosuch", "#", "#12", "#12345", "#xyz", "rgb", "rgb()", "rgb(1,2)", "hsl(1)",
            "var(--x)", "currentcolor", "red !x", "#fffx", "#ffff f", "rgbfoo(1,2,3)",
            "rgb(1,2,3,4,5)", "rgb(1,2,3) x", "hsl(1kg 0% 0%)", "nosuch(1,2,3)", "fff",
        ])
    func none(_ text: String) { #expect(CSSColor(text.slice) == nil) }

    @Test(
        "Nearly anything is a colour in old attributes (WHATWG HTML section 2.3.6)",
        arguments: [
            ("red", 0xFF0000), ("#f00", 0xFF0000), ("#ff0000", 0xFF0000), ("ff0000", 0xFF0000),
            ("f00", 0x0F0000), ("chucknorris", 0xC00000), ("#12345", 0x123450), ("ff", 0x0F0F00),
            ("#ff0000ff0000", 0xFF0000), (" white ", 0xFFFFFF),
            ("#0000000f0000000f0000000f", 0x0F0F0F),
            ("rgb(0,0,0)", 0xB00000),
        ])
    func legacy(_ text: String, _ packed: Int) {
        #expect(CSSColor.legacy(text.slice) == RGB(packed: packed))
    }

    @Test(
        "Nothing and transparent are no colour in old attributes",
        arguments: ["", "  ", "transparent"])
    func legacyNone(_ text: String) { #expect(CSSColor.legacy(text.slice) == nil) }

    @Test(
        "A colour lies over another by its alpha",
        arguments: [
            ("#000000", 0xFFFFFF, 0x000000), ("transparent", 0x123456, 0x123456),
            ("rgba(0,0,0,.5)", 0xFFFFFF, 0x808080), ("rgba(255,0,0,.1)", 0x000000, 0x1A0000),
        ])
    func over(_ text: String, _ under: Int, _ shown: Int) throws {
        let color = try #require(CSSColor(text.slice))
        #expect(color.over(RGB(packed: under)) == RGB(packed: shown))
    }

    @Test("A colour is invisible up to the alpha of one hexadecimal digit")
    func invisible() throws {
        #expect(try #require(CSSColor("#0000000f".slice)).isInvisible)
        #expect(try !#require(CSSColor("#00000010".slice)).isInvisible)
    }

    @Test("There are as many names as in the list of CSS")
    func names() {
        let entries = CSSColorTable.text.split(whereSeparator: \.isWhitespace)
        #expect(entries.count == 148)
        #expect(entries.allSatisfy { CSSColor(String($0.prefix { $0 != "=" }).slice) != nil })
    }
}
