import MailText
import Testing

/// Documents with more tags than are read into a tree.
@Suite struct TagLimitTests {
    private func read(_ html: String, tags: Int) -> MailContent {
        var limits = MailLimits()
        limits.tags = tags
        let message = "Subject: x\nContent-Type: text/html\n\n\(html)"
        return MailContent(message: Array(message.utf8), limits: limits)
    }

    @Test(
        "All text behind the limit is visible, but for scripts, styles and the like",
        arguments: [
            ("<div hidden>a</div>b<div>c<div hidden>d", "b|c|d"),
            ("<div hidden>a<br><br>b<i>c", "bc"),
            ("<style>.a{display:none}</style><p>a</p><p class=a>b<p class=a>c", "a|b|c"),
            ("<b>a<b>b<b>c<script>d</script>e<title>f</title><style>g</style>h", "abc|eh"),
            ("<b><b><b>a<textarea>b</textarea>c<xmp>d<i>e</xmp>f", "a|bc|d<i>e|f"),
            ("<b><b><b>a<plaintext>b<i>c", "a|b<i>c"),
            ("<b><b><b>a<table><tr><td>b<td>c<p>d", "a|b c|d"),
            ("<b><b><svg>a<svg><style>b<p>c<![CDATA[d]]>", "b|cd"),
            ("<svg><g><g><style>a<p>b</style>c", "a|bc"),
            ("<bdo dir=rtl>a<i>b</i><i>c", "\u{2067}\u{202E}a\u{202C}\u{2069}|bc"),
        ])
    func behind(_ html: String, _ visible: String) {
        // Enough words that no hidden text counts as the preview of an empty message.
        let content = read(html + "<i> one two three four five", tags: 3)
        let rest = html.contains("<plaintext>") ? "<i> one" : " one"
        let text = content.body.text.replacing("\n", with: "|")
        #expect(text == visible + rest + " two three four five")
        #expect(content.defects == [.limitTags])
    }

    @Test("Links and pictures behind the limit are kept")
    func marks() {
        let content = read("<b>x<b>x<a href=http://a.example>b</a><img alt=c>", tags: 2)
        #expect(content.body.text == "xx\nb c")
        #expect(content.body.marks.map(\.kind).contains(.link("http://a.example")))
        #expect(content.body.marks.map(\.kind).contains(.image(isPixel: false)))
    }

    /// The first one counts as eight, because of its attribute.
    @Test("Tags up to the limit are read as ever")
    func upToTheLimit() {
        let content = read("<div hidden>a</div><p>b one two three four", tags: 10)
        #expect(content.body.text == "b one two three four")
        #expect(content.defects.isEmpty)
    }

    @Test("The limit counts the tags of all parts of a message")
    func parts() {
        var limits = MailLimits()
        limits.tags = 2
        let part = "--b\nContent-Type: text/html\n\n<p hidden>a</p>b of many words that are seen\n"
        let message = "Content-Type: multipart/mixed; boundary=b\n\n\(part)\(part)--b--\n"
        let content = MailContent(message: Array(message.utf8), limits: limits)
        let seen = "b of many words that are seen"
        #expect(content.body.text == "\(seen)\na\n\(seen)")
        #expect(content.defects == [.limitTags])
        limits.tags = 20
        let more = MailContent(message: Array(message.utf8), limits: limits)
        #expect(more.body.text == "\(seen)\n\(seen)")
        #expect(more.defects.isEmpty)
    }
}
