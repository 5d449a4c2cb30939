import Testing

@testable import MailText

@Suite struct StyleChangeTests {
    private func color(_ css: String) -> RGB? { StyleChange(css.slice).effective.foreground?.rgb }

    @Test(
        "The last declaration wins, unless an earlier one is important",
        arguments: [
            ("color:red", 0xFF0000), ("color:blue;color:red", 0xFF0000),
            ("color:red!important;color:blue", 0xFF0000),
            ("color:red ! IMPORTANT;color:blue", 0xFF0000),
            ("color:blue !important;color:red !important", 0xFF0000),
            ("color:red;color:nosuch", 0xFF0000),
            (" COLOR : red ; ", 0xFF0000), (";;color:red;;", 0xFF0000), ("x;color:red", 0xFF0000),
            ("color:red !unimportant", 0xFF0000),
        ])
    func cascade(_ css: String, _ packed: Int) { #expect(color(css) == RGB(packed: packed)) }

    @Test(
        "Comments, escapes, quotes and parentheses are read as in CSS 2.1 section 4.1",
        arguments: [
            ("/* x */color:red", 0xFF0000), ("col/**/or:red", 0xFF0000),
            ("color:r/*;*/ed", 0xFF0000),
            ("/*/color:blue;*/color:red", 0xFF0000), (#"c\6F lor:red"#, 0xFF0000),
            (#"c\00006Flor:red"#, 0xFF0000), (#"\color:red"#, nil), (#"\zolor:red"#, nil),
            ("font:';color:blue;';color:red", 0xFF0000),
            ("x:url(a;color:blue);color:red", 0xFF0000),
            ("x:\";color:blue", nil), ("/* never", nil), ("color:red/* never", 0xFF0000),
            ("x:);color:red", 0xFF0000), (#"color:red\"#, 0xFF0000),
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
        #expect(change.effective.foreground?.rgb == RGB(packed: packed))
    }
}
