import Testing

@testable import MailText

@Suite struct MailContentTests {
    @Test(
        "Plain text may begin with a subject",
        arguments: [
            ("Subject: hello\nbody", "hello", "body"), ("SUBJECT:hello\r\nbody", "hello", "body"),
            ("Subject:\nbody", "", "body"), ("Subject: alone", "alone", ""),
            ("Subject: a\rb\rc", "a", "b\nc"), ("body", nil, "body"),
            ("the Subject: x", nil, "the Subject: x"), ("", nil, ""),
        ])
    func plainText(_ text: String, _ subject: String?, _ body: String) {
        for content in [MailContent(plainText: text), MailInput.text(text).read()] {
            #expect(content.subject?.string == subject)
            #expect(content.body.text == body)
            #expect(content.textKinds == .plain && content.parts.isEmpty && content.defects.isEmpty)
        }
    }

    @Test("A message is read within its limits, also as input")
    func message() {
        var limits = MailLimits()
        limits.bodyBytes = 3
        limits.tokens = 7
        let content = MailInput.message("Subject: x\n\nbody".bytes).read(limits)
        #expect(content.subject?.string == "x" && content.body.text == "bod")
        #expect(content.defects == [.limitBody] && content.tokenLimit == 7)
    }

    @Test("The source is all text parts, with their tags")
    func source() {
        let message = """
            Content-Type: multipart/mixed; boundary=b

            --b

            one
            --b
            Content-Type: text/html

            <p>two
            --b--
            """
        let content = MailContent(message: message.bytes)
        #expect(content.source.string == "one\n<p>two")
        #expect(content.texts.map(\.isHTML) == [false, true])
        #expect(MailContent(message: []).source.isEmpty)
    }

    @Test("Carriage returns alone are line ends of old systems")
    func carriageReturns() {
        let content = MailContent(message: "Subject: x\r\rone\rtwo".bytes)
        #expect(content.subject?.string == "x" && content.body.text == "one\ntwo")
    }

    @Test(
        "Reports are known by the type of the message",
        arguments: [
            ("multipart/report", true), ("Multipart/REPORT", true), ("multipart/mixed", false),
        ])
    func report(_ type: String, _ isReport: Bool) {
        let message = "Content-Type: \(type); boundary=b\n\n--b\n\nx\n--b--"
        #expect(MailContent(message: message.bytes).isReport == isReport)
    }

    @Test("Defects are sorted and named once")
    func defects() {
        var content = MailContent(message: "A: b\n\na\0b".bytes)
        for defect in [Defect.limitBody, .base64Malformed, .limitBody] { content.add(defect) }
        #expect(content.defects == [.base64Malformed, .limitBody, .nulByte])
    }

    @Test("Limits and faults are distinguished by their names", arguments: Defect.allCases)
    func isLimit(_ defect: Defect) {
        let limits: Set<Defect> = [
            .limitHeaders, .limitParts, .limitDepth, .limitDecoded, .limitText, .limitLinks,
            .limitBody, .limitTags,
            .limitTokens, .limitTime,
        ]
        #expect(defect.isLimit == limits.contains(defect))
    }
}
