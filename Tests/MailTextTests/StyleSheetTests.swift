import Testing

@testable import MailText

@Suite struct StyleSheetTests {
    /// The colour that a sheet gives the element of a start tag.
    private func color(_ css: String, _ html: String) throws -> RGB? {
        var sheet = StyleSheet()
        sheet.read(css.slice)
        let bytes = html.bytes
        var tokenizer = HTMLTokenizer(bytes)
        let token = tokenizer.next()
        guard case .startTag(let tag) = try #require(token) else { return nil }
        return sheet.change(for: tag, bytes: bytes).effective.foreground?.rgb
    }

    @Test(
        "Simple selectors match elements, classes and ids",
        arguments: [
            ("p{color:red}", "<p>", true), ("p{color:red}", "<P>", true),
            ("p{color:red}", "<b>", false),
            (".x{color:red}", "<p class=x>", true), (".x{color:red}", "<p class='y x'>", true),
            (".x{color:red}", "<p class=X>", false), ("#x{color:red}", "<p id=x>", true),
            ("#x{color:red}", "<p class=x>", false), ("p.x{color:red}", "<p class=x>", true),
            ("p.x{color:red}", "<b class=x>", false), ("b, p{color:red}", "<p>", true),
            ("p b{color:red}", "<b>", false), ("p>b{color:red}", "<b>", false),
            ("p:hover{color:red}", "<p>", false), ("*{color:red}", "<p>", false),
            (".x{color:red}", "<nosuch class=x>", true), ("p{}", "<p>", false),
        ])
    func selectors(_ css: String, _ html: String, _ matches: Bool) throws {
        #expect(try color(css, html) == (matches ? RGB(packed: 0xFF0000) : nil))
    }

    @Test(
        "Specificity decides, then the order (CSS 2.1 section 6.4)",
        arguments: [
            (".x{color:red} p{color:blue}", "<p class=x>"),
            ("#x{color:red} .x{color:blue}", "<p id=x class=x>"),
            ("p.x{color:red} .x{color:blue}", "<p class=x>"),
            (".x{color:blue} .y{color:red}", "<p class='y x'>"),
            ("p{color:blue} p{color:red}", "<p>"),
            (".y{color:blue} .x{color:blue} .y{color:red}", "<p class='x y'>"),
            ("p{color:red!important} #x{color:blue}", "<p id=x>"),
        ])
    func cascade(_ css: String, _ html: String) throws {
        #expect(try color(css, html) == RGB(packed: 0xFF0000))
    }

    @Test(
        "Rules that hold on every screen are read, others are skipped",
        arguments: [
            ("@media screen{p{color:red}}", true), ("@media all{p{color:red}}", true),
            ("@media only screen {p{color:red}}", true), ("@media print{p{color:red}}", false),
            ("@media (max-width:600px){p{color:red}}", false),
            ("@media print, screen{p{color:red}}", true),
            ("@import 'x'; p{color:red}", true), ("@font-face{src:x} p{color:red}", true),
            ("@media print{b{color:blue}} p{color:red}", true), ("<!-- p{color:red} -->", true),
            ("/* x */ p{color:red}", true), ("/* p{color:red} */", false), ("p{color:red", true),
            ("} p{color:red}", true), ("@charset", false), ("p{/*}*/color:red}", false),
        ])
    func atRules(_ css: String, _ isRead: Bool) throws {
        #expect(try color(css, "<p>") == (isRead ? RGB(packed: 0xFF0000) : nil))
    }

    @Test(
        "Media that include all screens",
        arguments: [
            ("", true), (" ", true), ("screen", true), ("ALL", true), ("print, screen", true),
            ("print", false), ("screen and (min-width:1px)", false), ("only screen", true),
            ("tv", false),
        ])
    func media(_ media: String, _ isForScreens: Bool) {
        #expect(StyleSheet.isForScreens(media.slice) == isForScreens)
    }

    @Test("No more than 1,000 selectors are read")
    func many() throws {
        let css = (0..<1_001).map { ".c\($0){color:red}" }.joined()
        #expect(try color(css, "<p class=c999>") != nil)
        #expect(try color(css, "<p class=c1000>") == nil)
    }
}
