import Testing

@testable import MailText

@Suite struct StyleSheetTests {
    /// The colour that a sheet gives the element of a start tag.
    private func color(
        _ css: String, _ html: String, isQuirks: Bool = false
    ) throws -> RGB? {
        var sheet = StyleSheet(isQuirks: isQuirks)
        sheet.read(css.slice)
        let bytes = html.bytes
        var tokenizer = HTMLTokenizer(bytes)
        let token = tokenizer.next()
        guard case .startTag(let tag) = try #require(token) else { return nil }
        var style = TextStyle()
        style.foreground = nil
        let change = sheet.change(for: tag, bytes: bytes)
        style.apply(change, in: style, TextStyle.Traits(element: tag.element))
        return style.foreground?.rgb
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
            ("p:hover{color:red}", "<p>", false), ("*{color:red}", "<p>", true),
            (".x.y{color:red}", "<p class='y x'>", true), (".x.y{color:red}", "<p class=x>", false),
            ("p#x{color:red}", "<p id=x>", true), ("*.x{color:red}", "<p class=x>", true),
            ("[title]{color:red}", "<p title>", true),
            ("[title=a]{color:red}", "<p title=A>", false),
            ("[align=a]{color:red}", "<p align=A>", true),
            ("[title~=b]{color:red}", "<p title='a b'>", true),
            ("[title^='a']{color:red}", "<p title=ab>", true),
            ("[title$=b i]{color:red}", "<p title=aB>", true),
            ("[title*=x]{color:red}", "<p title=ab>", false),
            ("p[class|=x]{color:red}", "<p class=x-y>", true),
            ("p:not(.y){color:red}", "<p class=x>", true),
            ("p:not(.y,.x){color:red}", "<p class=x>", false),
            ("p:not(:nosuch){color:red}", "<p>", false), ("p:not(b p){color:red}", "<p>", false),
            ("a:link{color:red}", "<a href=x>", true), ("a:link{color:red}", "<a>", false),
            ("a:hover{color:red}", "<a href=x>", false), (":root{color:red}", "<html>", true),
            (#".\78 {color:red}"#, "<p class=x>", true), (#"\p{color:red}"#, "<p>", true),
            (".x/**/{color:red}", "<p class=x>", true),
            (".x/**/.y{color:red}", "<p class='x y'>", true),
            (".x/**/p{color:red}", "<p class=x>", false), (".1x{color:red}", "<p class=1x>", false),
            (".m,:nosuch,.x{color:red}", "<p class=x>", false),
            (".m,:first-child,.x{color:red}", "<p class=x>", true),
            (".x{color:red}", "<p class='&#120;'>", true), ("o\\:p{color:red}", "<o:p>", true),
            ("other{color:red}", "<nosuch>", false), (".x,{color:red}", "<p class=x>", false),
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
            (".x{color:blue} .y{color:red} .x{direction:rtl}", "<p class='x y'>"),
            ("p.x.y{color:red} p.x{color:blue}", "<p class='x y'>"),
            ("[title]{color:red} p{color:blue}", "<p title>"),
            ("p{color:red} @layer a{#x{color:blue}}", "<p id=x>"),
            ("@layer a,b; @layer b{p{color:red}} @layer a{p{color:blue}}", "<p>"),
            ("p{color:blue!important} @layer a{p{color:red!important}}", "<p>"),
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
            ("@media (min-width:600px){p{color:red}}", true),
            ("@supports (display:grid){p{color:red}}", true),
            ("@supports (nosuch:x){p{color:red}}", false), ("@layer x{p{color:red}}", true),
            ("@media screen{@media print{p{color:red}}}", false),
            ("@font-face{x:'}'} p{color:red}", true), ("b{x:'}'} p{color:red}", true),
            ("p{@media screen{color:red}}", true), ("p{&{color:red}}", true),
            ("@media print, screen{p{color:red}}", true),
            ("@import 'x'; p{color:red}", true), ("@font-face{src:x} p{color:red}", true),
            ("@media print{b{color:blue}} p{color:red}", true), ("<!-- p{color:red} -->", true),
            ("/* x */ p{color:red}", true), ("/* p{color:red} */", false), ("p{color:red", true),
            ("} p{color:red}", false), ("@charset", false), ("p{/*}*/color:red}", true),
            ("p{x:(}) ;color:red}", true), ("; p{color:red}", false),
        ])
    func atRules(_ css: String, _ isRead: Bool) throws {
        #expect(try color(css, "<p>") == (isRead ? RGB(packed: 0xFF0000) : nil))
    }

    @Test("Classes and ids match without regard to case in quirks mode only")
    func quirks() throws {
        for css in [".x{color:red}", "#x{color:red}"] {
            #expect(try color(css, "<p class=X id=X>", isQuirks: true) != nil)
            #expect(try color(css, "<p class=X id=X>") == nil)
        }
    }

    @Test("A rule with more selectors than are read hides nothing")
    func longList() {
        func visible(_ count: Int) -> String {
            let list = (0..<count).map { ".c\($0)" }.joined(separator: ",")
            let html = "<style>\(list){display:none}</style><p class=c0>a</p><p>b</p>"
            let message = "Content-Type: text/html\n\n\(html) one two three four five"
            return MailContent(message: Array(message.utf8)).body.text
        }
        #expect(visible(1_000) == "b\none two three four five")
        #expect(visible(1_001) == "a\nb\none two three four five")
    }

    @Test("No more than 1,000 selectors are read")
    func many() throws {
        let css = (0..<1_001).map { ".c\($0){color:red}" }.joined()
        #expect(try color(css, "<p class=c999>") != nil)
        #expect(try color(css, "<p class=c1000>") == nil)
    }
}
