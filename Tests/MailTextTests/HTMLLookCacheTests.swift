import Testing

@testable import MailText

/// Elements that are alike share what is known of them; those that differ must not.
@Suite struct HTMLLookCacheTests {
    private func content(_ html: String) -> MailContent {
        MailContent(message: "Content-Type: text/html; charset=utf-8\n\na b c d e\n\(html)".bytes)
    }

    /// The visible words behind five words that keep the preheader out of the text.
    private func visible(_ html: String) -> String {
        let words = content(html).body.text.split { $0 == " " || $0 == "\n" }
        return words.dropFirst(5).joined(separator: " ")
    }

    @Test(
        "Tags that differ in something that counts have styles of their own",
        arguments: [
            ("<p style=display:none>y<p style=display:flex>x", "x"),
            ("<p style='display:none'>y<p style='display:nona'>x", "x"),
            ("<p hidden>y<p>x<p hidden>y", "x"), ("<p hidden>y<p hidden=until-found>y<p>x", "x"),
            ("<font color=white>y</font> <font color=black>x</font>", "x"),
            ("<table bgcolor=red><td><font color=red>y<font color=blu>x</table>", "x"),
            ("<style>.a{display:none}</style><p class=a>y<p class=b>x<p id=a>x", "x x"),
            ("<style>x-a{display:none}</style><x-a>y</x-a><x-b>x</x-b>", "x"),
            ("<style>[title=a]{display:none}</style><p title=a>y<p title=b>x<p>x", "x x"),
            ("<svg><desc>y</desc></svg><desc>x</desc>", "x"),
        ])
    func differing(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Tags that are alike differ by what is around them",
        arguments: [
            ("<style>.a p{display:none}</style><div class=a><p>y</div><p>x", "x"),
            ("<style>.a>p{display:none}</style><div class=a><p>y<div><p>x</div></div><p>x", "x x"),
            (
                "<div style=--d:none><p style=display:var(--d)>y</div>"
                    + "<div style=--d:block><p style=display:var(--d)>x</div>", "x"
            ),
            (
                "<p style=visibility:hidden>y<b>y</b><p>x<b>x</b>"
                    + "<p style=visibility:hidden><b>y</b>", "xx"
            ),
            ("<div style=color:white><p>y</div><div style=color:blue><p>x</div>", "x"),
        ])
    func surroundings(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test("Formatting elements that would go on in too many blocks leave the text visible")
    func reconstructions() {
        let fonts = (0..<64).map { "<font size=\($0) style=color:white>" }.joined()
        let html = "<p>" + fonts + "</p>" + String(repeating: "<p>x</p>", count: 5_000) + "<p>last"
        let read = content(html)
        #expect(read.defects.contains(.limitDepth))
        #expect(read.body.text.hasSuffix("last"))
    }

    @Test("Beyond the budget for formatting, styles still hide, and what they hide ends")
    func formattingBudget() {
        let html =
            String(repeating: "<b><i>x", count: 5_000)
            + "<b style=display:none>gone</b> seen<b hidden>gone</b><p>last"
        let read = content(html)
        #expect(read.defects.contains(.limitDepth))
        #expect(read.body.text.hasSuffix("x seen\nlast"))
    }

    @Test("After too many comparisons with rules, styles of attributes hold, rules don't")
    func ruleBudget() {
        let rules = (0..<900).map { "[class*=y\($0)]{color:red}" }.joined()
        let html =
            "<style>\(rules).z{display:none}</style><p class=z>gone"
            + (0..<500).map { "<p class=x\($0)>x" }.joined() + "<p class=z>seen<p hidden>gone"
        #expect(content(html).body.text.hasSuffix("x\nseen"))
        #expect(!content(html).body.text.contains("gone"))
    }

    @Test("The last declaration of many wins")
    func manyDeclarations() {
        let many = (0..<20).map { "color:#00000\($0 % 10);" }.joined()
        #expect(visible("<p style='\(many)color:white'>y<p style='color:white;\(many)'>x") == "x")
    }
}
