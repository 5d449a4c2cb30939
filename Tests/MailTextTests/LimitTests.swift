import MailText
import Testing

/// Every limit has a defect of its own, and what was read below it stays.
@Suite struct LimitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var limit: Defect
        var set: @Sendable (inout MailLimits) -> Void
        var message: String
        var testDescription: String { limit.rawValue }
    }

    private static let twoParts = """
        Subject: x
        Content-Type: multipart/mixed; boundary=b
        X-Long: a field of more than forty characters in its value

        --b

        the first part has seven words
        --b
        Content-Type: multipart/mixed; boundary=c

        --c
        Content-Type: text/html

        <a href=x>one</a> <a href=y>two</a> <a href=z>three</a>
        --c--
        --b--
        """

    static let cases = [
        Case(limit: .limitParts, set: { $0.parts = 2 }, message: twoParts),
        Case(limit: .limitDepth, set: { $0.depth = 1 }, message: twoParts),
        Case(limit: .limitDecoded, set: { $0.decodedBytes = 30 }, message: twoParts),
        Case(limit: .limitText, set: { $0.textBytes = 36 }, message: twoParts),
        Case(limit: .limitLinks, set: { $0.links = 2 }, message: twoParts),
        Case(limit: .limitBody, set: { $0.bodyBytes = 50 }, message: twoParts),
        Case(limit: .limitHeaders, set: { $0.headerBytes = 40 }, message: twoParts),
    ]

    @Test("Beyond a limit the message is read as far as it allows", arguments: cases)
    func limit(_ test: Case) {
        var limits = MailLimits()
        test.set(&limits)
        let content = MailContent(message: Array(test.message.utf8), limits: limits)
        #expect(content.defects.contains(test.limit))
        #expect(content.body.text.hasPrefix("the first part has seven words"))
        #expect(content.subject == Array("x".utf8))
        let whole = MailContent(message: Array(test.message.utf8))
        #expect(whole.defects.isEmpty)
    }

    @Test("When the time is up what was read stays and the limit is named")
    func time() {
        var limits = MailLimits()
        limits.seconds = 0
        let content = MailContent(message: Array(LimitTests.twoParts.utf8), limits: limits)
        #expect(content.defects.contains(.limitTime))
        #expect(content.subject == Array("x".utf8))
    }
}
