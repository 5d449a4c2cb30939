import FilterTestKit
import MailText
import Models
import Scoring
import Testing
import TextFeatures

@Suite struct DocumentContentTests {
    private func facts(_ message: String) -> [String] {
        Document(MailContent(message: Array(message.utf8))).facts
    }

    /// Whether a fact says what the author's name, address, text and links have in common, see
    /// `AuthorFactsTests`.
    private func isOfAuthor(_ fact: String) -> Bool {
        fact.hasPrefix("h:tld-")
            || ModelToken.Header.allCases.contains { $0.signOfAuthor != nil && $0.token == fact }
    }

    private static let good =
        "From: Ann <ann@example.com>\nTo: b@example.org\nSubject: x\n"
        + "Message-ID: <1@mail.example.com>\n"

    @Test(
        "Header facts",
        arguments: [
            (good, ["h:mid-same"]),
            ("Subject: x\nTo: a@b.example\n", ["h:from-bad", "h:no-disp"]),
            ("From: <a@gmail.com>\nSubject: x\nTo: b", ["h:from-free", "h:no-disp"]),
            (good + "Reply-To: c@gmail.com\n", ["h:reply-diff", "h:reply-free", "h:mid-same"]),
            (good + "Reply-To: c@other.example.com\n", ["h:mid-same"]),
            (good + "Return-Path: <x@bounce.example.net>\n", ["h:env-diff", "h:mid-same"]),
            (good + "Return-Path: <>\n", ["h:mid-same"]),
            (
                "From: \"a@paypal.example\" <b@x.example>\n",
                ["h:disp-addr", "h:no-subj", "h:no-to"]
            ),
            (
                "From: A <a@x.example>\nTo: undisclosed-recipients:;\nSubject: s\nX-Priority: 1\n",
                ["h:undisc", "h:prio"]
            ),
            ("From: A <a@x.example>\nCc: b@x.example\nSubject: s\n", []),
            ("From: A <a@x.example>\nTo:\nSubject: s\n", ["h:no-to"]),
            ("From: A <a@x.example>\nTo: b\nSubject:\n", ["h:no-subj"]),
            (good + "Importance: High\n", ["h:mid-same", "h:prio"]),
            (good + "X-Priority: 2\n", ["h:mid-same", "h:prio"]),
            (good + "X-Priority: 3\n", ["h:mid-same"]),
            (good + "Reply-To: ann@example.com\n", ["h:mid-same"]),
            (good + "Return-Path: <x@bounce.example.com>\n", ["h:mid-same"]),
            (
                "From: A <a@GMAIL.com>\nTo: b\nSubject: s\nReply-To: c@gmail.com\n",
                ["h:from-free"]
            ),
        ])
    func header(_ header: String, _ expected: [String]) {
        #expect(facts(header + "\nbody").filter { !isOfAuthor($0) } == expected)
    }

    @Test("Structure and tag facts")
    func structure() {
        let message = """
            \(DocumentContentTests.good)Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/html
            Content-Transfer-Encoding: base64

            PGI+b25lPC9iPiA8YSBocmVmPXg+dHdvPC9hPg==
            --b
            Content-Type: application/octet-stream; name="invoice.exe"

            x
            --b
            Content-Type: image/png

            x
            --b--
            """
        #expect(
            facts(message).filter { !isOfAuthor($0) } == [
                "s:html-only", "s:att-exe", "s:att-img", "s:b64", "n:b:1", "n:a:1", "n:ratio:1",
                "h:mid-same",
            ])
    }

    private func facts(ofPart header: String, _ body: String = "x") -> [String] {
        let message = """
            \(DocumentContentTests.good)Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            \(String(repeating: "some words of text ", count: 10))
            --b
            \(header)

            \(body)
            --b--
            """
        return facts(message).filter { $0.hasPrefix("s:att-") }
    }

    @Test(
        "The kind of an attachment is that of its name",
        arguments: [
            ("a.pdf", "doc"), ("a.DOCX", "doc"), ("a.xlsm", "doc"), ("a.odt", "doc"),
            ("a.exe", "exe"), ("a.js", "exe"), ("a.lnk", "exe"), ("a.iso", "exe"),
            ("a.zip", "zip"), ("a.rar", "zip"), ("a.7z", "zip"), ("a.tar", "gz"),
            ("a.tar.gz", "gz"), ("a.html", "html"), ("a.svg", "html"), ("a.ics", "ics"),
            ("a.asc", "sig"), ("a.p7s", "sig"), ("a.patch", "src"), ("a.py", "src"),
            ("a.log", "txt"), ("a.csv", "txt"), ("a.pdf.exe", "exe"), ("a.unknown", "oth"),
            ("noending", "oth"), ("a.", "oth"),
        ])
    func attachmentName(_ name: String, _ kind: String) {
        let header = "Content-Type: application/octet-stream; name=\"\(name)\""
        #expect(facts(ofPart: header) == ["s:att-\(kind)"])
    }

    @Test(
        "Without a telling name it is that of the type",
        arguments: [
            ("image/png; name=x.exe", "img"), ("application/pdf", "doc"),
            ("application/msword", "doc"), ("application/zip", "zip"),
            ("application/pgp-signature", "sig"), ("application/pkcs7-signature", "sig"),
            ("application/pdf; name=x.exe", "exe"), ("application/x-unknown", "oth"),
            ("audio/mpeg", "oth"),
        ])
    func attachmentType(_ type: String, _ kind: String) {
        #expect(facts(ofPart: "Content-Type: \(type)") == ["s:att-\(kind)"])
    }

    @Test(
        "Text with the disposition attachment is one",
        arguments: [
            ("text/plain", "txt"), ("text/html", "html"), ("text/calendar", "ics"),
            ("text/x-diff", "txt"),
        ])
    func attachedText(_ type: String, _ kind: String) {
        let header = "Content-Type: \(type)\nContent-Disposition: attachment"
        #expect(facts(ofPart: header) == ["s:att-\(kind)"])
    }

    @Test("Kinds of attachments are named once, in order")
    func attachmentKinds() {
        let parts = ["b.zip", "a.exe", "c.zip", "d.doc"].map {
            "--b\nContent-Type: application/octet-stream; name=\($0)\n\nx\n"
        }
        let message =
            DocumentContentTests.good + "Content-Type: multipart/mixed; boundary=b\n\n"
            + parts.joined() + "--b--\n"
        #expect(
            facts(message).filter { $0.hasPrefix("s:") } == ["s:att-doc", "s:att-exe", "s:att-zip"])
    }

    private func facts(html: String) -> [String] {
        facts("\(DocumentContentTests.good)Content-Type: text/html\n\n\(html)")
            .filter { !$0.hasPrefix("h:") }
    }

    @Test(
        "Elements are counted in five levels",
        arguments: [
            (0, nil), (1, "n:b:1"), (2, "n:b:2"), (5, "n:b:2"), (6, "n:b:3"), (20, "n:b:3"),
            (21, "n:b:4"), (80, "n:b:4"), (81, "n:b:5"), (1_000, "n:b:5"),
        ] as [(Int, String?)])
    func tagLevels(_ count: Int, _ expected: String?) {
        let html = String(repeating: "<b>word</b> ", count: count) + "<p>word"
        let fact = facts(html: html).first { $0.hasPrefix("n:b:") }
        #expect(fact == expected)
    }

    @Test("Every counted element has its fact, and words", arguments: HTMLTagCounts.names)
    func tags(_ name: String) throws {
        let facts = facts(html: "<p>some words<\(name)>")
        let fact = "n:\(name):1"
        #expect(facts.contains(fact))
        let words = try #require(ModelToken.words(for: fact))
        #expect(words.hasPrefix("1 ") && !words.contains("element"))
    }

    @Test(
        "The ratio of HTML to text doubles with each step",
        arguments: [(0, 1), (10, 1), (200, 4), (1_000, 6), (100_000, 6)])
    func ratio(_ spaces: Int, _ step: Int) {
        let html = "<p>one two</p><!--\(String(repeating: " ", count: spaces))-->"
        #expect(facts(html: html).contains("n:ratio:\(step)"))
    }

    @Test("Links that name another site are counted")
    func misleadingLinks() {
        let link = "<a href='http://evil.example/'>www.paypal.com</a> "
        #expect(facts(html: link).contains("n:misleading-link:1"))
        #expect(facts(html: link + link).contains("n:misleading-link:2"))
        let honest = "<a href='http://www.paypal.com/'>www.paypal.com</a>"
        #expect(!facts(html: honest).contains { $0.hasPrefix("n:misleading") })
    }

    private func alternatives(_ plain: String, _ html: String) -> String {
        """
        \(DocumentContentTests.good)Content-Type: multipart/alternative; boundary=b

        --b
        Content-Type: text/plain

        \(plain)
        --b
        Content-Type: text/html

        \(html)
        --b--
        """
    }

    @Test("A plain part that says something else is no alternative")
    func alternative() {
        let words = (0..<30).map { "word\($0)" }.joined(separator: " ")
        #expect(facts(alternatives(words, "<p>\(words)")).contains("s:alt"))
        let others = (0..<30).map { "other\($0)" }.joined(separator: " ")
        let differing = alternatives(others, "<p>\(words)")
        #expect(facts(differing).contains("s:html-only") && !facts(differing).contains("s:alt"))
        let marks = Document(MailContent(message: Array(differing.utf8))).marks
        #expect(marks.contains { $0.token == "<altdiff>" })
    }

    @Test("Reports and invitations are named")
    func reports() {
        let report = """
            \(DocumentContentTests.good)Content-Type: multipart/report; boundary=b

            --b
            Content-Type: text/plain

            could not be delivered
            --b--
            """
        #expect(facts(report).contains("s:report"))
        let calendar = """
            \(DocumentContentTests.good)Content-Type: text/calendar; method=REQUEST

            BEGIN:VCALENDAR
            BEGIN:VEVENT
            SUMMARY:Lunch
            END:VEVENT
            END:VCALENDAR
            """
        #expect(facts(calendar).contains("s:calendar"))
    }

    @Test(
        "Marks become tokens at their offsets",
        arguments: [
            ("<img src=x>", "<img>"), ("<img src=x width=1 height=1>", "<img1>"),
            ("<form>", "<form>"), ("<input>", "<input>"), ("<iframe>", "<iframe>"),
            ("<textarea>", "<textarea>"), ("<select>", "<select>"), ("<button>", "<button>"),
            ("<map>", "<map>"), ("<area>", "<area>"), ("<object>", "<object>"),
            ("<embed>", "<embed>"), ("<a href='http://x.example'>x</a>", "http://x.example"),
        ])
    func marks(_ html: String, _ expected: String) throws {
        let message = "\(DocumentContentTests.good)Content-Type: text/html\n\n<p>go \(html)"
        let document = Document(MailContent(message: Array(message.utf8)))
        let mark = try #require(document.marks.first)
        #expect(mark.token == expected && mark.offset >= 2)
    }

    @Test("Plain text from a data set has no facts")
    func plainText() {
        #expect(Document(MailContent(plainText: "Subject: x\n\nhello")).facts.isEmpty)
    }

    @Test("Beyond the token limit the text is cut, and the limit named", arguments: [false, true])
    func tokenLimit(isSeed: Bool) throws {
        var limits = MailLimits()
        limits.tokens = 10
        let words = String(repeating: "word ", count: 30)
        var content = MailContent(message: Array("Subject: x\n\n\(words)".utf8), limits: limits)
        let pipeline = try TextPipeline(isSeed ? .seed : .standard)
        let stream = pipeline.tokens(of: Document(content))
        #expect(stream.isTokenCut && stream.strings.filter { $0 == "word" }.count < 11)
        let model = try ScoringModel(TinyModel.shared.get())
        _ = model.tokens(of: &content)
        #expect(content.defects == [.limitTokens])
    }

    @Test("Text that is longer than the pipeline reads is named")
    func textWindow() throws {
        let words = String(repeating: "wordwordword ", count: 10_000)
        var content = MailContent(message: Array("Subject: x\n\n\(words)".utf8))
        _ = try ScoringModel(TinyModel.shared.get()).tokens(of: &content)
        #expect(content.defects == [.limitText])
    }
}

extension Document.Mark {
    /// The token, or the target of a link.
    fileprivate var token: String {
        switch kind {
        case .token(let token): token
        case .link(let target): target
        }
    }
}
