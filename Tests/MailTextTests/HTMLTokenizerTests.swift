import Testing

@testable import MailText

@Suite struct HTMLTokenizerTests {
    /// The tokens in short: text as it is, `<name>`, `</name>`, `[raw text]`.
    private func tokens(_ html: String) -> [String] {
        let bytes = html.bytes
        var tokenizer = HTMLTokenizer(bytes)
        var result: [String] = []
        while let token = tokenizer.next() {
            switch token {
            case .text(let range): result.append(bytes[range].string)
            case .rawText(let range): result.append("[\(bytes[range].string)]")
            case .startTag(let tag): result.append("<\(tag.element)>")
            case .endTag(let element, _): result.append("</\(element)>")
            }
        }
        return result
    }

    @Test(
        "HTML is split into tags, text and raw text as in browsers",
        arguments: [
            ("a<b>c</b>d", ["a", "<b>", "c", "</b>", "d"]),
            ("<P ALIGN=x>", ["<p>"]), ("<br/>", ["<br>"]), ("<br / >", ["<br>"]),
            ("<nosuch></nosuch>", ["<other>", "</other>"]),
            ("<a title='>'>x</a title=\">\">", ["<a>", "x", "</a>"]),
            ("<a b = c d>x", ["<a>", "x"]), ("<a b=c/>x", ["<a>", "x"]),
            ("<a\nhref=x>y", ["<a>", "y"]), ("<b/c>x", ["<b>", "x"]),
            // Text that looks like markup.
            ("1 < 2", ["1 ", "< 2"]), ("a<3 <4<b>", ["a", "<3 <4", "<b>"]), ("<", ["<"]),
            ("x<", ["x", "<"]), ("</", ["</"]), ("<>x", ["<>x"]),
            // Markup that shows nothing.
            ("a</>b", ["a", "b"]), ("a</ b>c", ["a", "c"]), ("a<?php x ?>b", ["a", "b"]),
            ("<!doctype html>x", ["x"]), ("<![if mso]>x<![endif]>", ["x"]), ("a<!b", ["a"]),
            // Tags that never end.
            ("a<b", ["a"]), ("a<b c", ["a"]), ("a<b c='", ["a"]), ("a</b", ["a"]),
        ] as [(String, [String])])
    func tokens(_ html: String, _ expected: [String]) { #expect(tokens(html) == expected) }

    @Test(
        "Comments end as in WHATWG HTML section 13.2.5.43 and following",
        arguments: [
            ("<!--x-->y", ["y"]), ("<!---->y", ["y"]), ("<!-->y", ["y"]), ("<!--->y", ["y"]),
            ("<!--x--!>y", ["y"]), ("<!--x->y-->z", ["z"]), ("<!--x- ->y-->z", ["z"]),
            ("<!--<b>-->y", ["y"]), ("<!--a<!--b-->c", ["c"]), ("<!--x--->y", ["y"]),
            ("<!-x>y", ["y"]), ("<!--never", []), ("<!--x--", []),
        ] as [(String, [String])])
    func comments(_ html: String, _ expected: [String]) { #expect(tokens(html) == expected) }

    @Test(
        "The content of raw elements is not markup",
        arguments: [
            ("<style>p{}</style>x", ["<style>", "[p{}]", "</style>", "x"]),
            ("<script>'<b>'</script>", ["<script>", "['<b>']", "</script>"]),
            ("<title>a<b>c</title>", ["<title>", "[a<b>c]", "</title>"]),
            ("<textarea></b></TEXTAREA >x", ["<textarea>", "[</b>]", "</textarea>", "x"]),
            ("<style></style>x", ["<style>", "</style>", "x"]),
            ("<style></styles></style>", ["<style>", "[</styles>]", "</style>"]),
            ("<style>never", ["<style>", "[never]"]), ("<style>", ["<style>"]),
            ("<xmp><b></xmp/>", ["<xmp>", "[<b>]", "</xmp>"]),
        ] as [(String, [String])])
    func rawText(_ html: String, _ expected: [String]) { #expect(tokens(html) == expected) }

    /// The first start tag of some HTML.
    private func tag(_ html: String) throws -> (HTMLTag, [UInt8]) {
        var tokenizer = HTMLTokenizer(html.bytes)
        let token = tokenizer.next()
        guard case .startTag(let tag) = try #require(token) else {
            throw NoStartTag()
        }
        return (tag, html.bytes)
    }
    private struct NoStartTag: Error {}

    @Test(
        "Attribute values are read with any quotes; the first of a name wins",
        arguments: [
            ("<a href=x>", "x"), ("<a href='x y'>", "x y"), ("<a href=\"x>y\">", "x>y"),
            ("<a HREF = x>", "x"), ("<a href=x/y/>", "x/y/"), ("<a href=x\"y>", "x\"y"),
            ("<a href=1 href=2>", "1"), ("<a b='c'href=x>", "x"), ("<a =c href=x>", "x"),
            ("<a href>", ""), ("<a href=>", ""), ("<a/href=x>", "x"), ("<a hrefs=x>", nil),
        ])
    func href(_ html: String, _ value: String?) throws {
        let (tag, bytes) = try tag(html)
        #expect(tag.href.map { bytes[$0].string } == value)
    }

    @Test("Attributes that only some elements have are ignored on others")
    func elementAttributes() throws {
        #expect(try tag("<font color=red>").0[.color] != nil)
        #expect(try tag("<span color=red>").0[.color] == nil)
        #expect(try tag("<body text=red>").0[.color] != nil)
        #expect(try tag("<font text=red>").0[.color] == nil)
        #expect(try tag("<td bgcolor=red background=x>").0[.backgroundColor] != nil)
        #expect(try tag("<td bgcolor=red background=x>").0[.backgroundImage] != nil)
        #expect(try tag("<div bgcolor=red background=x>").0[.backgroundColor] == nil)
        #expect(try tag("<div bgcolor=red background=x>").0[.backgroundImage] == nil)
        #expect(try tag("<p hidden>").0[.hidden] != nil)
        #expect(try tag("<p DIR=RTL dir=ltr>").0[.direction] == 7..<10)
        let attributes = HTMLTokenizer.attributes(in: 2..<13, of: "<p a=b B='c' b=d>".bytes)
        #expect(attributes.map(\.value) == [5..<6, 10..<11])
    }

    @Test("Unknown elements differ by their names, in any case")
    func nameHashes() throws {
        let hashes = try ["<x-a>", "<X-A b=c>", "<x-b>", "<p>"].map { try tag($0).0.nameHash }
        #expect(hashes[0] == hashes[1] && hashes[0] != hashes[2])
        #expect(hashes[0] != 0 && hashes[3] == 0)
    }
}
