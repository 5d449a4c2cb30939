import Testing

@testable import MailText

/// Signed content is read as the same entity without a signature.
@Suite struct SignedMailTests {
    private static let offer = "Content-Type: text/plain\n\nbuy our cheap pills now\n"
    private static let ham = "Content-Type: text/plain\n\nsee you on monday in town\n"
    private static let attached =
        "Content-Type: text/plain\nContent-Disposition: attachment\n\nbuy our cheap pills now\n"
    private static let empty = "Content-Type: text/plain\n\n\n"
    private static let isAttached = "Content-Disposition: attachment\n"

    private static func multipart(_ type: String, _ parts: String...) -> String {
        "Content-Type: multipart/\(type); boundary=b\n\n"
            + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
    }

    private func words(_ body: VisibleText) -> String {
        body.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    typealias Case = TextSelectorTests.Case

    static let cases = [
        Case(
            name: "an attached one that is the only text",
            message: multipart("mixed", empty, SignedMail.part(offer, header: isAttached)),
            visible: "buy our cheap pills now",
            parts: [
                "container container", "shown inline", "container container", "shown inline",
            ]),
        Case(
            name: "an attached one beside other text",
            message: multipart("mixed", ham, SignedMail.part(offer, header: isAttached)),
            visible: "see you on monday in town",
            parts: ["container container", "shown inline", "attachment disposition"]),
        Case(
            name: "attached text in one beside other text",
            message: multipart("mixed", ham, SignedMail.part(attached)),
            visible: "see you on monday in town",
            parts: [
                "container container", "shown inline", "container container",
                "attachment disposition",
            ]),
        Case(
            name: "attached text in one that is the only text",
            message: multipart("mixed", SignedMail.part(attached), empty),
            visible: "buy our cheap pills now",
            parts: [
                "container container", "container container", "shown only-text", "shown inline",
            ]),
        Case(
            name: "attached text in an attached one that is the only text",
            message: multipart("mixed", SignedMail.part(attached, header: isAttached)),
            visible: "buy our cheap pills now",
            parts: ["container container", "container container", "shown only-text"]),
        Case(
            name: "all of the message, said to be attached",
            message: SignedMail.part(
                SignedMail.part(multipart("mixed", offer, attached), header: isAttached),
                header: isAttached),
            visible: "buy our cheap pills now",
            parts: [
                "container container", "container container", "container container",
                "shown inline", "attachment disposition",
            ]),
        Case(
            name: "one behind the plain text of a multipart/alternative",
            message: multipart("alternative", ham, SignedMail.part(offer)),
            visible: "buy our cheap pills now",
            parts: [
                "container container", "alternative passed-over", "container container",
                "shown alternative-empty",
            ]),
        Case(
            name: "three in one another", message: SignedMail.part(offer, times: 3),
            visible: "buy our cheap pills now",
            parts: [
                "container container", "container container", "container container",
                "shown inline",
            ]),
    ]

    @Test("Signed content is shown or attached as if it were not signed", arguments: cases)
    func content(_ example: Case) {
        let content = MailContent(message: example.message.bytes)
        #expect(words(content.body) == example.visible)
        #expect(content.parts.map { "\($0.role.rawValue) \($0.reason.rawValue)" } == example.parts)
        #expect(content.defects.isEmpty)
    }

    @Test("Both texts of an alternative are read")
    func alternative() throws {
        let (plain, signed) = (
            (1...12).map { "plain\($0)" }.joined(separator: " "),
            (1...12).map { "signed\($0)" }.joined(separator: " ")
        )
        let message = SignedMailTests.multipart(
            "alternative", "Content-Type: text/plain\n\n\(plain)\n",
            SignedMail.part("Content-Type: text/plain\n\n\(signed)\n"))
        let content = MailContent(message: message.bytes)
        let other = try #require(content.otherViews.first { $0.view == .otherAlternative })
        #expect(words(content.body) == signed && words(other.body) == plain)
    }

    @Test(
        "What is too deep or too much is not opened, and the limit is told",
        arguments: [
            (SignedMail.part(offer, times: 4), 1_000, 32, Defect.limitDepth),
            (SignedMail.part(offer, times: 2), 1_000, 1, Defect.limitDepth),
            (SignedMail.part(offer, times: 2), 2, 32, Defect.limitParts),
            (multipart("mixed", SignedMail.part(offer), empty), 3, 32, Defect.limitParts),
        ])
    func limits(_ message: String, _ parts: Int, _ depth: Int, _ defect: Defect) {
        var limits = MailLimits()
        (limits.parts, limits.depth) = (parts, depth)
        let content = MailContent(message: message.bytes, limits: limits)
        #expect(content.defects.contains(defect))
        #expect(!words(content.body).contains("pills"))
    }

    @Test("A part that is not opened for a limit says so")
    func reason() {
        var limits = MailLimits()
        let message = SignedMail.part(SignedMailTests.offer, times: 4)
        let parts = MailContent(message: message.bytes, limits: limits).parts
        #expect(parts.last?.reason == .limit && parts.map(\.depth) == [0, 1, 2, 3])
        limits.seconds = 0
        let content = MailContent(message: message.bytes, limits: limits)
        #expect(content.parts.map(\.reason) == [.limit] && content.defects == [.limitTime])
    }

    @Test(
        "Doubtful delimiters and headers in signed content have a lenient view",
        arguments: [
            "--b\n\nfirst\n--bjunk\nContent-Type: text/html\n\n<p>second words</p>\n--b--\n",
            "--b\nContent-Type: text/plain\nbroken\nbroken\nContent-Transfer-Encoding: base64\n\n"
                + "c2Vjb25kIHdvcmRz\n--b--\n",
        ])
    func lenient(_ parts: String) throws {
        let message = SignedMail.part("Content-Type: multipart/mixed; boundary=b\n\n\(parts)")
        let content = MailContent(message: message.bytes)
        let view = try #require(content.otherViews.first { $0.view == .lenient })
        #expect(words(view.body).hasSuffix("second words"))
        #expect(!words(content.body).hasSuffix("second words"))
    }

    @Test(
        "An encoding that is declared badly is seen by the body",
        arguments: ["x-none", "7bit, base64"])
    func encoding(_ encoding: String) {
        let message = SignedMail.part(
            SignedMailTests.offer.bytes, header: "", encoding: encoding)
        #expect(words(MailContent(message: message.bytes).body) == "buy our cheap pills now")
    }
}
