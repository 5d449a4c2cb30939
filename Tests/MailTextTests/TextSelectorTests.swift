import Testing

@testable import MailText

@Suite struct TextSelectorTests {
    /// One part: its header fields and its text.
    private static func part(_ header: String, _ text: String) -> String {
        "--b\n\(header)\n\n\(text)\n"
    }

    private static func multipart(_ type: String, _ parts: String...) -> String {
        "Content-Type: multipart/\(type); boundary=b\n\n" + parts.joined() + "--b--\n"
    }

    private static let html = "Content-Type: text/html"
    private static let plain = "Content-Type: text/plain"
    private static let attached = "Content-Type: text/plain\nContent-Disposition: attachment"
    private static let calendar = "Content-Type: text/calendar"

    /// A message, what is seen of it, and the role and reason of each of its parts.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var message: String
        var visible: String
        var parts: [String]
        var testDescription: String { name }
    }

    static let alternatives = [
        Case(
            name: "HTML is preferred",
            message: multipart(
                "alternative", part(plain, "one two three four five"),
                part(html, "<p>one two three four five")),
            visible: "one two three four five",
            parts: ["container container", "alternative passed-over", "shown preferred"]),
        Case(
            name: "HTML before the plain part is preferred, too",
            message: multipart(
                "alternative", part(html, "<p>one two three four five"),
                part(plain, "one two three four five six")),
            visible: "one two three four five",
            parts: ["container container", "shown preferred", "alternative passed-over"]),
        Case(
            name: "the last of several HTML parts",
            message: multipart(
                "alternative", part(html, "<p>one two three four five"),
                part(html, "<p>six seven eight nine ten")),
            visible: "six seven eight nine ten",
            parts: ["container container", "alternative passed-over", "shown preferred"]),
        Case(
            name: "plain text when the HTML has next to no words",
            message: multipart(
                "alternative", part(plain, "one two three four five"), part(html, "<p>Hello")),
            visible: "one two three four five",
            parts: ["container container", "shown alternative-empty", "alternative passed-over"]),
        Case(
            name: "HTML with an image and no words",
            message: multipart(
                "alternative", part(plain, "one two three four five"), part(html, "<img src=x>")),
            visible: "",
            parts: ["container container", "alternative passed-over", "shown preferred"]),
        Case(
            name: "plain text alone",
            message: multipart("alternative", part(plain, "one two three four five")),
            visible: "one two three four five",
            parts: ["container container", "shown alternative-empty"]),
        Case(
            name: "the last of two plain parts",
            message: multipart(
                "alternative", part(plain, "one two three four five"),
                part(plain, "six seven eight nine ten")),
            visible: "six seven eight nine ten",
            parts: ["container container", "alternative passed-over", "shown alternative-empty"]),
        Case(
            name: "the fuller of two plain parts",
            message: multipart(
                "alternative", part(plain, "one two three four five"), part(plain, "six")),
            visible: "one two three four five",
            parts: ["container container", "shown alternative-empty", "alternative passed-over"]),
        Case(
            name: "an invitation beside a text is shown in short",
            message: multipart(
                "alternative", part(plain, "one two three four five"),
                part(calendar, "SUMMARY:Lunch\nDESCRIPTION:No secret")),
            visible: "one two three four five\nLunch\n",
            parts: ["container container", "shown alternative-empty", "shown inline"]),
    ]

    static let containers = [
        Case(
            name: "mixed shows all inline text",
            message: multipart(
                "mixed", part(plain, "one"), part(html, "<p>two"), part(plain, "three")),
            visible: "one\ntwo\nthree",
            parts: ["container container", "shown inline", "shown inline", "shown inline"]),
        Case(
            name: "an unknown multipart is mixed",
            message: multipart("x-nosuch", part(plain, "one"), part(plain, "two")),
            visible: "one\ntwo",
            parts: ["container container", "shown inline", "shown inline"]),
        Case(
            name: "attached text is not shown",
            message: multipart(
                "mixed", part(plain, "one two three four five"), part(attached, "no")),
            visible: "one two three four five",
            parts: ["container container", "shown inline", "attachment disposition"]),
        Case(
            name: "attached text is shown when there is next to nothing else",
            message: multipart("mixed", part(plain, "see file"), part(attached, "the file")),
            visible: "see file\nthe file",
            parts: ["container container", "shown inline", "shown only-text"]),
        Case(
            name: "attached text is not shown beside a link",
            message: multipart(
                "mixed", part(html, "<a href=http://x>go</a>"), part(attached, "no")),
            visible: "go", parts: ["container container", "shown inline", "attachment disposition"]),
        Case(
            name: "types that clients don't show",
            message: multipart(
                "mixed", part("Content-Type: text/css", "p{}"),
                part("Content-Type: image/png", "x"),
                part(plain, "one")), visible: "one",
            parts: ["container container", "attachment type", "attachment type", "shown inline"]),
        Case(
            name: "the root of related",
            message: multipart("related", part(html, "<p>root"), part(plain, "resource")),
            visible: "root",
            parts: ["container container", "shown inline", "attachment resource"]),
        Case(
            name: "related with an empty root",
            message: multipart("related", part(html, "<br>"), part(plain, "one")), visible: "one",
            parts: ["container container", "shown inline", "shown inline"]),
        Case(
            name: "an enclosed message with its subject",
            message: multipart(
                "mixed", part("Content-Type: message/rfc822", "Subject: In\n\ninner")),
            visible: "In\ninner",
            parts: ["container container", "container container", "shown inline"]),
        Case(
            name: "an enclosed article, and messages of other kinds",
            message: multipart(
                "mixed", part("Content-Type: message/news", "Subject: In\n\ninner"),
                part("Content-Type: message/x-note", "note"),
                part("Content-Type: message/partial; id=x", "no")),
            visible: "In\ninner\nnote",
            parts: [
                "container container", "container container", "shown inline", "shown inline",
                "attachment type",
            ]),
        Case(
            name: "an attached message",
            message: multipart(
                "mixed", part(plain, "one two three four five"),
                part(
                    "Content-Type: message/rfc822\nContent-Disposition: attachment",
                    "Subject: In\n\nno")),
            visible: "one two three four five",
            parts: [
                "container container", "shown inline", "attachment disposition",
                "attachment enclosed",
            ]),
        Case(
            name: "a report without the message it is about",
            message: multipart(
                "report", part(plain, "could not be delivered to them"),
                part("Content-Type: message/delivery-status", "Status: 5.1.1"),
                part("Content-Type: message/rfc822", "Subject: In\n\nno")),
            visible: "could not be delivered to them\nStatus: 5.1.1",
            parts: [
                "container container", "shown inline", "shown inline", "attachment returned",
                "attachment enclosed",
            ]),
    ]

    @Test("Parts are chosen as mail clients do", arguments: alternatives + containers)
    func choose(_ test: Case) {
        let content = MailContent(message: test.message.bytes)
        #expect(content.body.text == test.visible)
        #expect(
            content.parts.map { "\($0.role.rawValue) \($0.reason.rawValue)" } == test.parts)
        #expect(content.defects.isEmpty)
    }

    @Test("A uuencoded file in a text is listed as an attachment")
    func inlineFile() {
        let content = MailContent(
            message: "A: b\n\nHi\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye\n".bytes)
        #expect(content.body.text == "Hi\nBye\n")
        #expect(content.parts.map(\.fileName) == ["", "cat.txt"])
        #expect(content.parts.last?.role == .attachment)
    }

    @Test(
        "The kinds of the texts that were read are known",
        arguments: [
            ("Content-Type: text/plain\n\nx", .plain), ("Content-Type: text/html\n\nx", .html),
            ("Content-Type: text/plain\n\n<html>x", .html),
            ("Content-Type: text/calendar\n\nx", .calendar),
            ("Content-Transfer-Encoding: base64\n\neA==", [.plain, .base64]),
            ("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\neA==", []),
            // Text that only looks like HTML and renders empty is shown verbatim.
            ("Content-Type: text/plain\n\n<html>", .plain),
            (multipart("mixed", part(plain, "x"), part(html, "y")), TextKinds([.plain, .html])),
        ] as [(String, TextKinds)])
    func kinds(_ message: String, _ kinds: TextKinds) {
        #expect(MailContent(message: message.bytes).textKinds == kinds)
    }

    @Test("What a limit keeps from being read is an attachment")
    func limit() {
        var limits = MailLimits()
        limits.decodedBytes = 3
        let message = TextSelectorTests.multipart(
            "mixed", TextSelectorTests.part("A: b", "one"), TextSelectorTests.part("A: b", "two"))
        let content = MailContent(message: message.bytes, limits: limits)
        #expect(content.body.text == "one")
        #expect(content.parts.last?.reason == .limit)
        #expect(content.defects == [.limitDecoded])
    }
}
