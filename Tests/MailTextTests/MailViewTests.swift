import Testing

@testable import MailText

@Suite struct MailViewTests {
    /// The texts of a message by view, line breaks as spaces.
    private func views(_ message: String) -> [MailView: String] {
        let content = MailContent(message: message.bytes)
        return Dictionary(
            uniqueKeysWithValues: ([content] + content.otherViews).map { content in
                (
                    content.view,
                    content.body.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                )
            })
    }

    private func html(_ body: String) -> String {
        "Content-Type: text/html\n\n<p>one two three four five \(body)"
    }

    private let seen = "one two three four five"

    @Test(
        "Hidden text stands where it would be seen, its words as blocks divide them",
        arguments: [
            ("<b hidden>x</b> y", "y", "x y"), ("a<b hidden>x</b>b", "ab", "a x b"),
            ("<b hidden>x<i>y</i></b>", "", "xy"),
            ("<div hidden>x<p>y</div>z", "z", "x y z"),
            ("<div style='display:none'>x <a href=http://e.example/>y</a></div>z", "z", "x y z"),
            ("<b hidden>x</b><b hidden>y</b> z", "z", "xy z"),
            ("a <b hidden> x &amp;  y </b> b <b hidden>z</b>", "a b", "a x & y b z"),
            ("<table hidden><tr><td>x<td>y</table>z", "z", "x y z"),
            ("<svg><text>x</text><desc>a</desc><style>b</style></svg>y", "y", "x y"),
            ("<svg><g style='display:none'><text>x</svg>y", "y", nil),
            ("<style>p{}</style>y<script>z</script>", "y", nil), ("y<!-- z -->", "y", nil),
            ("y", "y", nil),
        ])
    func hiddenText(_ body: String, _ visible: String, _ all: String?) {
        let views = views(html(body))
        #expect(views[.asSeen] == "\(seen) \(visible)".trimmed)
        #expect(views[.allShown] == all.map { "\(seen) \($0)" })
    }

    @Test("A preheader is part of the view in which all is shown, and marks keep their words")
    func marks() throws {
        let content = MailContent(
            message: """
                Content-Type: text/html

                <div hidden>pre head</div>one two <i hidden>x</i><img src=i> three four
                <a href=http://e.example/>five</a> six
                """.bytes)
        let view = try #require(content.otherViews.first)
        #expect(
            view.view == .allShown && view.body.text == "pre head one two x three four five six")
        let words = view.body.marks.map { mark in
            String(
                decoding: view.body.bytes[mark.offset...].drop { $0 == 32 }.prefix(4), as: UTF8.self
            )
        }
        #expect(words == ["thre", "five"])
        #expect(view.body.hiddenWords == 0 && view.body.preheader.isEmpty)
    }

    @Test("Text beside the root of a multipart/related is a view of its own, where it differs")
    func related() {
        func read(_ other: String, start: String = "") -> [MailView: String] {
            views(
                """
                Content-Type: multipart/related; boundary=b\(start)

                --b
                Content-Type: text/html
                Content-ID: <r>

                \(rich)
                --b
                \(other)
                --b--

                """)
        }
        let text = "Content-Type: text/plain\nContent-ID: <p>\n\n\(plain)"
        #expect(read(text) == [.asSeen: rich, .otherAlternative: plain])
        #expect(
            read(text, start: "; start=\"<p>\"") == [.asSeen: plain, .otherAlternative: rich])
        #expect(read("Content-Type: text/plain\n\n\(rich)") == [.asSeen: rich])
        #expect(read("Content-Type: text/plain\n\nlogo") == [.asSeen: rich])
        #expect(
            read("Content-Disposition: attachment\n\n\(plain)")
                == [.asSeen: rich, .attached: plain])
    }

    @Test(
        "Attached documents are a view of their own, whatever they call themselves",
        arguments: [
            "Content-Type: text/plain\nContent-Disposition: attachment",
            "Content-Type: text/css", "Content-Type: application/xhtml+xml",
            "Content-Type: application/octet-stream; name=\"order.TXT\"",
            "Content-Type: image/png\nContent-Disposition: inline; filename=page.html",
            "Content-Type: image/svg+xml",
        ])
    func attached(_ header: String) {
        func read(_ text: String, _ container: String = "multipart/mixed") -> [MailView: String] {
            views(
                """
                Content-Type: \(container); boundary=b

                --b

                \(rich)
                --b
                \(header)

                \(text)
                --b--

                """)
        }
        #expect(read(plain) == [.asSeen: rich, .attached: plain])
        // A few words say nothing.
        #expect(read("one two three") == [.asSeen: rich])
    }

    @Test("Of attached documents tags are read, hidden words too")
    func attachedMarkup() {
        let parts = [
            "Content-Type: text/html\nContent-Disposition: attachment\n\n\(plain)<b hidden>x</b>",
            "Content-Type: image/svg+xml\n\n<svg><text>drawn</text></svg>",
            "Content-Type: message/rfc822\nContent-Disposition: attachment\n\n\n\(rich)",
        ]
        let message =
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\(rich)\n"
            + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
        #expect(views(message) == [.asSeen: rich, .attached: "\(plain) x drawn"])
    }

    @Test("What a report says of the message that it is about is no attached document")
    func report() {
        let message = """
            Content-Type: multipart/report; boundary=b

            --b

            \(rich)
            --b
            Content-Type: text/rfc822-headers

            Subject: \(plain)
            --b--

            """
        #expect(views(message) == [.asSeen: rich])
    }

    @Test("What an invitation says beside another text is a view of its own")
    func invitation() {
        let calendar = "BEGIN:VEVENT\nSUMMARY:meeting\nDESCRIPTION:\(plain)\nEND:VEVENT"
        let message = alternatives(("html", rich), ("calendar", calendar))
        #expect(
            views(message) == [
                .asSeen: "\(rich) meeting", .attached: "meeting \(plain)",
            ])
    }

    private let plain = (1...12).map { "plain\($0)" }.joined(separator: " ")
    private let rich = (1...12).map { "rich\($0)" }.joined(separator: " ")

    private func alternatives(_ parts: (type: String, text: String)...) -> String {
        "Content-Type: multipart/alternative; boundary=b\n\n"
            + parts.map { "--b\nContent-Type: text/\($0.type)\n\n\($0.text)\n" }.joined()
            + "--b--\n"
    }

    @Test("Alternatives with another text are a view of their own")
    func alternatives() {
        var views = views(alternatives(("plain", plain), ("html", rich)))
        #expect(views == [.asSeen: rich, .otherAlternative: plain])
        views = self.views(alternatives(("plain", plain), ("html", plain)))
        #expect(views == [.asSeen: plain])
        views = self.views(alternatives(("html", plain), ("html", rich)))
        #expect(views == [.asSeen: rich, .otherAlternative: plain])
        // HTML whose words styles hide is passed over as a wrapper of nothing.
        views = self.views(alternatives(("plain", plain), ("html", "x<div hidden>\(rich)</div>")))
        #expect(views[.asSeen] == plain)
        #expect(views[.otherAlternative] == "x \(rich)")
    }

    @Test(
        "Lines that only begin like a delimiter are delimiters in the lenient view",
        arguments: ["--b--x", "--b.", "--bb", "--b junk"])
    func delimiters(_ line: String) {
        let message = """
            Content-Type: multipart/mixed; boundary=b

            --b

            first
            \(line)
            Content-Type: text/html

            <p>second</p>
            --b--
            """
        let views = views(message)
        #expect(views[.asSeen]?.hasPrefix("first \(line) Content-Type: text/html") == true)
        #expect(views[.lenient] == (line == "--b--x" ? "first" : "first second"))
    }

    @Test(
        "A header goes on behind lines that are no fields in the lenient view",
        arguments: ["broken\nbroken", "--zzz", "broken\n more\nbroken"])
    func header(_ lines: String) {
        let message = """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain
            \(lines)
            Content-Transfer-Encoding: base64

            c2VjcmV0IHdvcmRz
            --b--
            """
        let views = views(message)
        #expect(views[.asSeen]?.contains("c2VjcmV0") == true)
        #expect(views[.lenient] == "secret words")
    }

    @Test("Ordinary messages have one view")
    func ordinary() {
        for message in [
            "Subject: x\n\nbody\n--\nsignature", html("<p>six"), alternatives(("plain", plain)),
        ] {
            #expect(MailContent(message: message.bytes).otherViews.isEmpty)
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
