import MailText
import Testing

@Suite struct MIMETests {
    /// A message with a body of one kind and what a reader sees of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var message: String
        var visible: String
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "plain text", message: "Subject: a\n\nHello there\n", visible: "Hello there\n"),
        Case(
            name: "base64 with line breaks and junk",
            message: "Content-Transfer-Encoding: base64\n\nSGVs\nbG8g*dGhl\ncmU=\n",
            visible: "Hello there"),
        Case(
            name: "base64 that is cut in the middle",
            message: "Content-Transfer-Encoding: base64\n\nSGVsbG8gdGhlc", visible: "Hello the"),
        Case(
            name: "quoted-printable with soft breaks inside a word",
            message:
                "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; "
                + "charset=utf-8\n\nHel=\nlo caf=C3=A9 1=2=zz\n", visible: "Hello café 1=2=zz\n"),
        Case(
            name: "multipart/alternative shows the HTML",
            message: """
                Content-Type: multipart/alternative; boundary="b"

                --b
                Content-Type: text/plain

                one two three four five six
                --b
                Content-Type: text/html

                <p>one two three four five six</p>
                --b--
                """, visible: "one two three four five six"),
        Case(
            name: "multipart/mixed shows all inline text and no attachment",
            message: """
                Content-Type: multipart/mixed; boundary=b

                preamble
                --b

                the first part of five
                --b
                Content-Type: text/plain
                Content-Disposition: attachment; filename="x.txt"

                not this
                --b

                second
                --b--
                epilogue
                """, visible: "the first part of five\nsecond"),
        Case(
            name: "a missing closer loses nothing",
            message: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\n\nsecond",
            visible: "first\nsecond"),
        Case(
            name: "a part without a body does not swallow the next part",
            message: """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain
                --b

                second
                --b--
                """, visible: "second"),
        Case(
            name: "a message inside the message is read",
            message: """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: message/rfc822

                Subject: inner

                inner text
                --b--
                """, visible: "inner\ninner text"),
        Case(
            name: "a boundary that looks like an encoded word is taken as it stands",
            message: "Content-Type: multipart/mixed; boundary=\"=?us-ascii?Q?e?=\"\n\n"
                + "--=?us-ascii?Q?e?=\n\ninside\n--=?us-ascii?Q?e?=--\n", visible: "inside"),
        Case(
            name: "multipart/related shows its root only",
            message: """
                Content-Type: multipart/related; boundary=b; start="<r>"

                --b
                Content-ID: <other>

                not this
                --b
                Content-Type: text/html
                Content-ID: <r>

                <p>the root</p>
                --b--
                """, visible: "the root"),
        Case(
            name: "a fold of nothing but white space does not end the header",
            message: "X-A: b\n \nContent-Type: text/html\n\n<p hidden>no</p>yes, all of this text",
            visible: "yes, all of this text"),
        Case(
            name: "undeclared windows-1252", message: "Subject: x\n\ncaf\u{1}",
            visible: "café"),
    ]

    /// The last case carries its Latin byte as U+0001, since Swift text is Unicode.
    private func bytes(_ text: String) -> [UInt8] { text.utf8.map { $0 == 1 ? 0xE9 : $0 } }

    @Test("A message is read as a mail client shows it", arguments: cases)
    func visibleText(_ test: Case) {
        let content = MailContent(message: bytes(test.message))
        #expect(content.body.text == test.visible)
    }

    @Test("CRLF and LF line ends give the same reading", arguments: cases)
    func lineEnds(_ test: Case) {
        let crlf = test.message.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
        let one = MailContent(message: bytes(test.message))
        let other = MailContent(message: bytes(crlf))
        #expect(one.body == other.body)
        #expect(one.defects == other.defects)
    }

    @Test(
        "Encoded words in Subject are decoded",
        arguments: [
            ("plain", "plain"),
            ("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
            ("=?iso-8859-1?Q?caf=E9_au_lait?=", "café au lait"),
            ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
            ("a =?utf-8?Q?b?= =?utf-8?Q?c?= d", "a bc d"),
            ("=?broken", "=?broken"),
            ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ])
    func subject(_ raw: String, _ expected: String) {
        let content = MailContent(message: Array("Subject: \(raw)\n\nx".utf8))
        #expect(content.subject.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test("File names of RFC 2231 are joined and decoded")
    func fileNames() {
        let message = """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Disposition: attachment; filename*0*=utf-8''r%C3%A9; filename*1="sum.pdf"
            Content-Type: application/pdf

            x
            --b--
            """
        #expect(MailContent(message: Array(message.utf8)).parts.last?.fileName == "résum.pdf")
    }

    @Test("A plain part with another text than the HTML is marked, but not shown")
    func differingAlternative() {
        let plain = (1...20).map { "innocent\($0)" }.joined(separator: " ")
        let message = """
            Content-Type: multipart/alternative; boundary=b

            --b

            \(plain)
            --b
            Content-Type: text/html

            <p>buy cheap pills here today my friend</p>
            --b--
            """
        let body = MailContent(message: Array(message.utf8)).body
        #expect(body.marks.contains { $0.kind == .alternativeDiffers })
        #expect(!body.text.contains("innocent") && body.text.contains("pills"))
    }
}
