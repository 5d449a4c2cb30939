import CMilter
import Logging
import Testing

@testable import Milter

@Suite struct MilterActionsTests {
    @Test(
        "A reply is printable ASCII, with percent signs doubled",
        arguments: [
            ("Spam message rejected", "Spam message rejected"), ("100% spam", "100%% spam"),
            ("%s%n", "%%s%%n"), ("a\r\n250 b", "a250 b"), ("ä€\u{7F}\0x", "x"), ("", ""),
        ])
    func replyText(_ text: String, _ reply: String) {
        #expect(MilterActions.replyText(text) == reply)
    }

    @Test("A reply is no longer than libmilter accepts", arguments: 0..<3)
    func longReply(_ offset: Int) {
        let text = String(repeating: "x", count: offset) + String(repeating: "%", count: 980)
        let reply = MilterActions.replyText(text)
        #expect(reply.utf8.count <= 980 && reply.utf8.count >= 979)
        #expect(reply.utf8.count { $0 == UInt8(ascii: "%") } % 2 == 0)
    }

    @Test(
        "A text is taken when it is sent as it is",
        arguments: [
            ("Spam message rejected", true), (String(repeating: "x", count: 980), true),
            (String(repeating: "x", count: 981), false), (String(repeating: "%", count: 490), true),
            (String(repeating: "%", count: 491), false), ("müll", false), ("a\nb", false),
            ("a\tb", false), ("a\u{7F}", false),
        ])
    func takes(_ text: String, _ isTaken: Bool) {
        #expect(MilterReply.takes(text: text) == isTaken)
        let isSent = MilterActions.replyText(text).replacing("%%", with: "%") == text
        #expect(isSent == isTaken)
    }

    @Test(
        "A header value is printable ASCII and folds",
        arguments: [
            ("YES", "YES"), ("a,\n\tb", "a,\n\tb"), ("a\r\nBcc: x", "a\nBcc: x"),
            ("YES\u{7}", "YES"), ("ä", ""), ("50%", "50%"),
        ])
    func headerValue(_ value: String, _ result: String) {
        #expect(MilterActions.headerValue(value) == result)
    }

    @Test("A header value is cut where a line may not be longer")
    func longValue() {
        let value = MilterActions.headerValue(String(repeating: "x", count: 2_000))
        #expect(value.utf8.count == MilterActions.longestHeaderValue)
    }

    @Test(
        "Each reply has its status",
        arguments: [
            (.accept, SMFIS_CONTINUE), (.discard, SMFIS_DISCARD),
            (.reject(code: "550", status: "5.7.1", text: "no"), SMFIS_REJECT),
            (.tempfail(code: "451", status: "4.7.1", text: "later"), SMFIS_TEMPFAIL),
        ] as [(MilterReply, Int32)])
    func status(_ reply: MilterReply, _ status: Int32) {
        let actions = MilterActions(nil, Logger(label: "test"))
        #expect(actions.apply(MilterResponse(reply: reply)) == sfsistat(status))
    }

    @Test(
        "A message whose change is refused is deferred, and the log names the change",
        arguments: [
            (.insertHeader(name: "X-A", value: "1"), "insert X-A"),
            (.deleteHeader(name: "X-A", occurrence: 1), "delete X-A"),
            (.changeHeader(name: "Subject", occurrence: 1, value: [0x41]), "change Subject"),
            (.addRecipient("a@example.org"), "add a recipient"),
            (.deleteRecipient("a@example.org"), "delete a recipient"),
            (.quarantine(reason: "spam"), "quarantine"),
        ] as [(Modification, String)])
    func refused(_ modification: Modification, _ text: String) {
        let log = LogRecorder()
        // libmilter refuses everything for a connection that there isn't.
        let actions = MilterActions(nil, log.logger)
        let response = MilterResponse(modifications: [modification], reply: .accept)
        #expect(actions.apply(response) == sfsistat(SMFIS_TEMPFAIL))
        #expect(log.contains("msg=milter_refused change=\"\(text)\" "))
    }
}
