import Testing

@testable import MailText

/// Which elements text is in, shown by hiding one of them.
@Suite struct HTMLTreeBuilderTests {
    /// The visible words behind five words that keep the preheader out of the text.
    private func visible(_ html: String) -> String {
        let message = "Content-Type: text/html; charset=utf-8\n\na b c d e\n\(html)".bytes
        let words = MailContent(message: message).body.text.split { $0 == " " || $0 == "\n" }
        return words.dropFirst(5).joined(separator: " ")
    }

    @Test(
        "Text in a table that is in no cell is moved out of the table (13.2.6.1)",
        arguments: [
            ("<table hidden>x<tr><td>y", "x"), ("<table><tbody hidden>x", "x"),
            ("<table><tr hidden>x<td>y", "x"), ("<table><tr hidden><td>y</table>x", "x"),
            ("<table hidden><a href=z>x</a><tr><td>y", "x"),
            ("<table hidden><div>x</div><tr><td>y", "x"),
            ("<table hidden><b>x<tr><td>y</table>z", "x z"),
            ("<table><b hidden>y<tr><td>x</table>y", "x"),
            ("<div hidden><table>y</table></div>x", "x"),
            ("<table><tr><td hidden><table>y</table></table>x", "x"),
            ("<table hidden><tr><td>y<table>y</table>", ""),
            ("<table hidden><form>x</form></table>", "x"),
            ("<table hidden><select><option>x</table>", "x"),
            ("<table hidden><svg><desc>x</desc></svg>y</table>", "y"),
        ])
    func moved(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Parts of a table end where the next begins (13.2.6.4.9 to 13.2.6.4.15)",
        arguments: [
            ("<table><caption hidden>y<tr><td>x", "x"), ("<table><caption hidden>y<td>x", "x"),
            ("<table><caption hidden><table><tr><td>y</table>y</table>x", "x"),
            ("<table><thead hidden><tr><td>y<tbody><tr><td>x", "x"),
            ("<table><tr hidden><td>y<tr><td>x", "x"), ("<table><td hidden>y<td>x", "x"),
            ("<table><td hidden><b>y<th>x", "x"), ("<table><td hidden>y</tr>x", "x"),
            ("<table><tr hidden><td>y</tbody><tr><td>x", "x"),
            ("<table><colgroup hidden><col><tr><td>x", "x"),
            ("<table><colgroup hidden>x", "x"), ("<table hidden><tr><td>y<table></table>y", ""),
            ("<table hidden><tr><td>y<tr></table>x", "x"), ("<table hidden><table>x", "x"),
            ("<table hidden><tr><td></div>y</table>x", "x"),
        ])
    func parts(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Parts of tables without a table are dropped, as are frames (13.2.6.4.7)",
        arguments: [
            ("<tr hidden>x", "x"), ("<td hidden>x", "x"), ("<tbody hidden><p>x", "x"),
            ("<caption hidden>x", "x"), ("<frame hidden>x", "x"), ("<frameset hidden>x", "x"),
            ("<head hidden>x", "x"), ("<col hidden>x", "x"),
        ])
    func dropped(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Elements without content hide nothing",
        arguments: [
            ("<basefont hidden>x", "x"), ("<bgsound hidden>x", "x"), ("<keygen hidden>x", "x"),
            ("<br hidden>x", "x"), ("<image hidden>x", "x"), ("<wbr hidden>x", "x"),
            ("<link hidden>x", "x"), ("<param hidden>x", "x"), ("<input hidden>x", "x"),
        ])
    func void(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "A start tag ends the elements that it can't be in (13.2.6.4.7)",
        arguments: [
            ("<p hidden>y<div>x", "x"), ("<p hidden>y<li>x", "x"), ("<p hidden>y<dd>x", "x"),
            ("<p hidden>y<hr>x", "x"), ("<p hidden>y<listing>x", "x"),
            ("<p hidden>y<xmp>x", "x"), ("<p hidden>y<search>x", "x"),
            ("<p hidden>y<plaintext>x", "x"), ("<p hidden><span>y<div>x", "x"),
            ("<p hidden>y<button><div>y", ""), ("<p hidden>y<table>", ""),
            ("<dl><dt hidden><b>y<dd>x", "x"), ("<dl><dt hidden><section>y<dd>y", ""),
            ("<ul><li hidden><div>y<li>x", "x"), ("<ul><li hidden><ul><li>y</ul>y<li>x", "x"),
            ("<ul><li hidden><section>y<li>y", ""), ("<h1 hidden>y<h2>x", "x"),
            ("<button hidden>y<button>x", "x"), ("<nobr hidden>y<nobr>x", "x"),
            ("<a hidden>y<a>x", "x"), ("<option hidden>y<option>x", "x"),
            ("<ruby><rt hidden>y<rt>x", "x"), ("<form hidden></form><form>x", "x"),
            ("<form><form hidden>x", "x"),
        ])
    func ended(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "An end tag ends its element with what is open in it, unless its scope ends before",
        arguments: [
            ("<div hidden><p>y</div>x", "x"), ("<div hidden><span>y</div>x", "x"),
            ("<button hidden><p>y</button>x", "x"), ("<object hidden><p>y</object>x", "x"),
            ("<applet hidden><b>y</applet>x", "x"), ("<marquee hidden><p>y</marquee>x", "x"),
            ("<object hidden></p>y</div>y</object>x", "x"),
            ("<div hidden><object>y</div>y", ""), ("<span hidden><div>y</span>y", ""),
            ("<h1 hidden>y</h3>x", "x"), ("<form hidden><div>y</form>y</div>x", "x"),
            ("<p hidden>y</p>x", "x"), ("<div hidden></p>y", ""), ("<div hidden></br>y", ""),
            ("<div hidden></body>y", ""), ("<div hidden></html>y", ""),
            ("<select hidden><p>y</select>x", "x"), ("<select hidden><input>x", "x"),
            ("<select hidden><select>x", "x"), ("<select hidden><div>y</div>y", ""),
            ("<table><tr><td><select hidden>y<td>x", "x"),
            ("<x-y hidden><x-z>y</x-y>x", "x"), ("<x-y hidden>y</x-z>y", ""),
        ])
    func endTags(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Formatting goes on in the next block until it is ended (13.2.4.3)",
        arguments: [
            ("<p><b hidden>y</p>y", ""), ("<p><b hidden>y</p><p>y", ""),
            ("<p><b hidden>y</p><p>y</b>x", "x"), ("<p><b hidden></p></b>x", "x"),
            ("<p><span hidden>y</p><p>x", "x"), ("<div><font style='display:none'>y</div>y", ""),
            ("<table><td><b hidden>y<td>x</table>x", "x x"),
            ("<b hidden><table><td>y</table>y</b>x", "x"),
            ("<object><b hidden>y</object>x", "x"),
            ("<p><b hidden><i>y</p>y</b>x", "x"),
        ])
    func goesOn(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "The end tag of formatting leaves the blocks in it open (13.2.6.4.7)",
        arguments: [
            ("<b><p hidden></b>y</p>x", "x"), ("<b hidden><p>y</b>x", "x"),
            ("<b hidden><p>y</b>x</p>x", "x x"), ("<b><div hidden><p></b>y</div>x", "x"),
            ("<a hidden><div>y<a>x", "x"), ("<b hidden><i><p>y</b>x</i>x", "xx"),
            ("<b><i hidden><p>y</b>y</i>x", "x"), ("<b><table><td hidden></b>y", ""),
            ("<b hidden><table><td></b>y", ""),
        ])
    func adoption(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Text that was hidden is shown when its block moves out of the hidden element",
        arguments: [
            ("<b><span hidden>y<p>x</b>", "x"), ("<b><span hidden><p>x<i hidden>y</i></b>x", "xx"),
            ("<a><x-y hidden>y<ul><li>x</a>x", "xx"), ("<b><span hidden><div><p>x</b>", "x"),
            ("<b><span hidden><span hidden><p>x</b>", "x"), ("<b><p hidden><p>x</b>", "x"),
            ("<b><span hidden><p><u><span hidden><p>x</u></b>", "x"),
            ("<code><x-y hidden>y<ul>w <h1>x</code>v", "w xv"),
            ("<b><x-y hidden><div>w <u><x-z hidden><ul>x</b> </u>v", "w x v"),
            ("<i hidden><b><span><p>y</b>", ""), ("<b><span hidden><p hidden>y</b>", ""),
            ("<table><td hidden><b><span hidden><p>y</b>", ""),
        ])
    func shownLater(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Drawings and formulas hold markup, and end at HTML (13.2.6.5)",
        arguments: [
            ("<svg/>x", "x"), ("<svg>y<p>x", "x"), ("<svg>y</p>x", "x"), ("<svg>y</br>x", "x"),
            ("<svg>y<span>x", "x"), ("<svg>y<a>y", ""), ("<svg>y<font>y", ""),
            ("<svg>y<font size=1>x", "x"), ("<svg><style>y</svg>x", "x"),
            ("<svg><script>y</svg>x", "x"), ("<svg><textarea>y</svg>x", "x"),
            ("<svg><title>y</svg>x", "x"), ("<svg><title><p>y</svg>y", ""),
            ("<svg><foreignObject>x</foreignObject>y", "x"),
            ("<svg><foreignObject><p>x</svg>x", "xx"),
            ("<svg><g hidden><foreignObject>x", "x"),
            ("<svg><g style='display:none'><foreignObject>y", ""),
            ("<svg><defs><foreignObject>y", ""), ("<svg><p hidden>y</p>x", "x"),
            ("<svg><![CDATA[ </svg> ]]>y</svg>x", "x"), ("<svg><circle/>y</svg>x", "x"),
            ("<svg><path>y</svg>x", "x"), ("<math><mi>x</mi></math>x", "xx"),
            ("<math><script></math>x", "x"), ("<math style='display:none'><mi>y<p>y", ""),
            ("<math style='display:none'>y<p>x", "x"),
            ("<math><annotation-xml encoding=text/html><p hidden>y</math>y", ""),
            ("<math/>x", "x"), ("<div hidden/>y", ""), ("<div hidden><svg></div>x", "x"),
        ])
    func foreign(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Templates show nothing and end whatever is open in them (13.2.6.4.4)",
        arguments: [
            ("<template>y</template>x", "x"), ("<template><table></template>x", "x"),
            ("<template><tr><td>y</template>x", "x"), ("<template><b></template>x", "x"),
            ("<template>y<template>y</template>y</template>x", "x"), ("</template>x", "x"),
            ("<div hidden><template></div></template>y</div>x", "x"),
            ("<table><template><td>y</template><tr hidden>x", "x"),
        ])
    func templates(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Some elements hold no markup (13.2.5)",
        arguments: [
            ("<plaintext><!-- x -->", "<!-- x -->"),
            ("<plaintext><p hidden>x</plaintext>", "<p hidden>x</plaintext>"),
            ("<script><!--<script></script>y</script>-->y</script>x", "-->yx"),
            ("<script><!--<script></script>y", ""), ("<script><!--</script>x", "x"),
            ("<script><!--><script></script>x", "x"),
            ("<script><!--<script>--></script>x", "x"), ("<xmp>&lt;</xmp>", "&lt;"),
            ("<textarea>&lt;</textarea>", "<"), ("<iframe><p hidden></iframe>x", "x"),
            ("<noembed>y</noembed>x", "x"), ("<noscript>x</noscript>", "x"),
            ("<select><style></select>x", "x"),
        ])
    func raw(_ html: String, _ text: String) { #expect(visible(html) == text) }

    /// The visible words of a whole document.
    private func whole(_ html: String) -> String {
        let message = "Content-Type: text/html; charset=utf-8\n\n\(html)".bytes
        let text = MailContent(message: message).body.text
        return text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    @Test(
        "Head and body begin where the standard lets them",
        arguments: [
            ("<head hidden>x", "x"), ("<head><p>x", "x"), ("<title>y</title>x", "x"),
            ("<head><title>y</title><b>x", "x"), ("</head>x", "x"), ("</p>x", "x"),
            ("<head></head> <title>y</title>x", "x"), ("<html hidden><body>a b c d e", "a b c d e"),
            ("a b c d e<body hidden>y", "a b c d e"), ("<noscript>x", "x"),
            ("<head><noscript><style>p{}</style></noscript>x", "x"),
            ("<head><noscript>x</noscript>", "x"), ("<frameset>y", ""),
            ("x</body></html> x", "x x"),
            ("<frameset><frame></frameset><noframes>y</noframes>y", ""), (" <p>x<frameset>", "x"),
            ("<head><template><p></template><title>y</title>x", "x"),
        ])
    func front(_ html: String, _ text: String) { #expect(whole(html) == text) }

    @Test(
        "A table ends an open paragraph unless the document type is old (13.2.6.4.1)",
        arguments: [
            ("", false), ("<!doctype html>", true), ("<!DOCTYPE HTML >", true),
            ("<!-- x --><!doctype html>", true), ("<p></p><!doctype html>", false),
            ("<!doctype x>", false), ("<!doctype html system 'about:legacy-compat'>", true),
            ("<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'>", false),
            (
                "<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN' "
                    + "'http://www.w3.org/TR/html4/loose.dtd'>", true
            ),
            ("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.0 Transitional//EN\">", false),
            ("<!DOCTYPE HTML PUBLIC '-//IETF//DTD HTML//EN'>", false),
            (
                "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Transitional//EN' "
                    + "'http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd'>", true
            ),
        ])
    func documentType(_ type: String, _ ends: Bool) {
        let text = whole("\(type)a b c d e<p hidden>y<table><tr><td>x</table>")
        #expect(text == (ends ? "a b c d e x" : "a b c d e"))
    }

    @Test(
        "Style sheets of the tree count, others don't",
        arguments: [
            ("<svg><style>.h{display:none}</style></svg><p class=h>y</p>x", "x"),
            ("<select><style>p{display:none}</style></select><p>x", "p{display:none} x"),
            ("<template><style>p{display:none}</style></template><p>x", "x"),
            ("<table><style>p{display:none}</style></table><p>y</p>x", "x"),
            ("<plaintext><style>p{display:none}</style>", "<style>p{display:none}</style>"),
        ])
    func sheets(_ html: String, _ text: String) { #expect(visible(html) == text) }

    @Test(
        "Hostile nesting is read to the end, in linear time", .timeLimit(.minutes(1)),
        arguments: [
            "<b><p>", "<b><div></b>", "<p><b><i><u>", "<table>", "<table><tr><td>", "<table>x",
            "<a><div>", "<nobr><p>", "<svg><p>", "<svg>", "<template>", "<select><table>",
            "<object><p></object>", "<table><object><tr>", "<font a><p></p>", "<li><div>",
            "<b hidden><x><p></b>", "<b><x hidden><p>y</b>", "<button><p>", "<math><mi>",
            "<form><div></form>", "</p>",
            "<body style=color:red>", "<ruby><rt>", "<p>x</b></i>",
        ])
    func hostile(_ unit: String) {
        let html = String(repeating: unit, count: 60_000 / unit.utf8.count)
        let message = "Content-Type: text/html\n\nseen \(html)<p>"
        #expect(MailContent(message: message.bytes).body.text.hasPrefix("seen"))
    }
}
