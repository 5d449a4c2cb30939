import Testing

@testable import MailText

@Suite struct StyleChangeTests {
    private func color(_ css: String) -> RGB? { color(StyleChange(css.slice)) }

    /// The colour that wins.
    private func color(_ change: StyleChange) -> RGB? {
        var style = TextStyle()
        style.foreground = nil
        style.apply(change, in: style, TextStyle.Traits())
        return style.foreground?.rgb
    }

    @Test(
        "The last declaration wins, unless an earlier one is important",
        arguments: [
            ("color:red", 0xFF0000), ("color:blue;color:red", 0xFF0000),
            ("color:red!important;color:blue", 0xFF0000),
            ("color:red ! IMPORTANT;color:blue", 0xFF0000),
            ("color:blue !important;color:red !important", 0xFF0000),
            ("color:red;color:nosuch", 0xFF0000),
            (" COLOR : red ; ", 0xFF0000), (";;color:red;;", 0xFF0000), ("x;color:red", 0xFF0000),
            ("color:red;color:blue !unimportant", 0xFF0000),
            ("color:red;a:hover{color:blue}", 0xFF0000), ("color:red;color:blue}", 0xFF0000),
        ])
    func cascade(_ css: String, _ packed: Int) { #expect(color(css) == RGB(packed: packed)) }

    @Test(
        "Comments, escapes, quotes and parentheses are read as in CSS 2.1 section 4.1",
        arguments: [
            ("/* x */color:red", 0xFF0000), ("col/**/or:red", nil),
            ("color:r/*;*/ed", nil), ("color/**/:/*;*/red", 0xFF0000),
            (#"color:red;c\3b olor:blue"#, 0xFF0000), (#"color:r\65 d"#, 0xFF0000),
            ("/*/color:blue;*/color:red", 0xFF0000), (#"c\6F lor:red"#, 0xFF0000),
            (#"c\00006Flor:red"#, 0xFF0000), (#"\color:red"#, nil), (#"\zolor:red"#, nil),
            ("font:';color:blue;';color:red", 0xFF0000),
            ("x:url(a;color:blue);color:red", 0xFF0000),
            ("x:\";color:blue", nil), ("/* never", nil), ("color:red/* never", 0xFF0000),
            ("x:);color:red", 0xFF0000), (#"color:red\"#, nil),
        ] as [(String, Int?)])
    func syntax(_ css: String, _ packed: Int?) {
        #expect(color(css) == packed.map(RGB.init(packed:)))
    }

    @Test(
        "Later rules override earlier ones, and important ones override all",
        arguments: [
            ("color:blue", "color:red", 0xFF0000), ("color:red", "direction:rtl", 0xFF0000),
            ("color:red!important", "color:blue", 0xFF0000),
            ("color:blue!important", "color:red!important", 0xFF0000),
        ])
    func merge(_ first: String, _ second: String, _ packed: Int) {
        var change = StyleChange(first.slice)
        change.merge(StyleChange(second.slice))
        #expect(color(change) == RGB(packed: packed))
    }

    @Test(
        "Custom properties are put into values, or the property is unset",
        arguments: [
            ("--x:red;color:var(--x)", 0xFF0000), ("color:var(--x,red)", 0xFF0000),
            ("--x:var(--y);--y:red;color:var(--x)", 0xFF0000), ("color:red;color:var(--x)", nil),
            ("color:var(--x);color:red", 0xFF0000), ("--x:var(--x);color:var(--x)", nil),
            ("--x:blue;--x:red!important;--x:blue;color:var(--x)", 0xFF0000),
        ] as [(String, Int?)])
    func variables(_ css: String, _ packed: Int?) throws {
        var sheet = StyleSheet()
        var tokenizer = HTMLTokenizer("<p>".bytes)
        let token = tokenizer.next()
        guard case .startTag(let tag) = try #require(token) else { return }
        let change = sheet.change(for: tag, bytes: "<p>".bytes, attribute: StyleChange(css.slice))
        #expect(color(change) == packed.map(RGB.init(packed:)))
    }
}
