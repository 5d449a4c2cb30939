import Foundation
import MailText
import Testing

/// Large messages within the limit on the body.
@Suite struct BoundedBodyTests {
    private static let header = Array(
        "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n".utf8)

    private static let limits = {
        var limits = MailLimits()
        limits.bodyBytes = 600_000
        return limits
    }()

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString(
            options: [.lineLength76Characters, .endLineWithLineFeed])
    }

    /// So many lines of base64.
    private static func base64(lines: Int) -> String {
        base64((0..<lines * 57 / 8).map { String(format: "%08x", $0 &* 40_503) }.joined())
    }

    private static func part(_ type: String, _ content: String, base64: Bool = false) -> String {
        let encoding = base64 ? "Content-Transfer-Encoding: base64\n" : ""
        return "--b\nContent-Type: \(type)\n\(encoding)\n\(content)\n"
    }

    /// Bodies with a text behind more than the limit, and whether something readable is missing.
    static let bodies: [(name: String, body: String)] = [
        ("one attachment", part("image/png", base64(lines: 12_000), base64: true)),
        (
            "twenty attachments",
            String(
                repeating: part("application/pdf", base64(lines: 800), base64: true), count: 20)
        ),
        (
            "an attachment without line breaks",
            part("application/zip", String(repeating: "QUJD", count: 250_000), base64: true)
        ),
        (
            "an attachment of carriage returns",
            part("application/zip", String(repeating: "QUJDQUJD\r", count: 120_000), base64: true)
        ),
        (
            "an enclosed message with an attachment",
            part(
                "message/rfc822",
                "Subject: y\nContent-Type: multipart/mixed; boundary=c\n\n--c\n"
                    + "Content-Type: image/png\n\n\(base64(lines: 12_000))\n--c--")
        ),
    ]

    @Test("Text in front of and behind large attachments is read", arguments: bodies.indices)
    func attachments(_ index: Int) {
        let (name, body) = BoundedBodyTests.bodies[index]
        let text =
            BoundedBodyTests.part("text/plain", "the words in front") + body
            + BoundedBodyTests.part("text/plain", "the words behind") + "--b--\n"
        let content = MailContent(
            message: BoundedBodyTests.header + Array(text.utf8), limits: BoundedBodyTests.limits)
        #expect(content.body.text.contains("the words in front"), "\(name)")
        #expect(content.body.text.contains("the words behind"), "\(name)")
        #expect(!content.defects.contains(.limitBody), "\(name)")
    }

    @Test("Beginning and end of a text larger than the limit are read, whole words in base64, too")
    func largeText() {
        let line = "the same words in every line of a text that is much too long for anybody\n"
        let text = "Some first words.\n" + String(repeating: line, count: 12_000) + "Last words."
        for (encoding, body) in [("7bit", text), ("base64", BoundedBodyTests.base64(text))] {
            let message = "Content-Transfer-Encoding: \(encoding)\n\n\(body)"
            let content = MailContent(
                message: Array(message.utf8), limits: BoundedBodyTests.limits)
            #expect(content.defects == [.limitBody], "\(encoding)")
            let lines = content.body.text.split(separator: "\n")
            #expect(lines.first == "Some first words." && lines.last == "Last words.")
            // Besides them the line itself, and the one at the gap.
            #expect(Set(lines).count <= 4, "\(encoding)")
        }
    }

    @Test("Beginning and end of a large attached text are read, and the text behind it")
    func attachedText() {
        let log =
            "--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\n"
            + String(repeating: "one more line of a log\n", count: 40_000)
        // With fewer words the message would be a wrapper of what is attached.
        let words = "more than a few words behind"
        let text = log + BoundedBodyTests.part("text/plain", words) + "--b--\n"
        let content = MailContent(
            message: BoundedBodyTests.header + Array(text.utf8), limits: BoundedBodyTests.limits)
        let isShown = content.body.text.split(separator: "\n") == [words[...]]
        #expect(isShown)
        #expect(content.defects == [.limitBody])
    }

    @Test(
        "No gap makes a delimiter of other lines",
        arguments: ["x--b--\r", "foo--b\r\n", "--b" + String(repeating: " ", count: 50_000) + "x"])
    func falseDelimiter(_ line: String) {
        for padding in 0..<8 {
            let filler = String(repeating: "y", count: padding)
            let picture = filler + String(repeating: line, count: 1_000_000 / line.utf8.count)
            let text =
                BoundedBodyTests.part("image/png", picture, base64: true)
                + BoundedBodyTests.part("text/plain", "the words behind") + "--b--\n"
            let content = MailContent(
                message: BoundedBodyTests.header + Array(text.utf8),
                limits: BoundedBodyTests.limits)
            let isFound = content.body.text.contains("the words behind")
            #expect(isFound || content.defects.contains(.limitBody), "\(padding)")
            #expect(content.parts.count <= 3, "\(padding)")
        }
    }

    @Test("What is text for one of two readers loses nothing while there are attachments")
    func doubtfulText() {
        let page =
            String(repeating: "<p>some more words\n", count: 9_000) + "--bX\n"
            + "Content-Type: image/png\n\n" + String(repeating: "<p>the words\n", count: 9_000)
        let text =
            BoundedBodyTests.part("text/html", page)
            + BoundedBodyTests.part("image/png", BoundedBodyTests.base64(lines: 9_000))
            + "--b--\n"
        let content = MailContent(
            message: BoundedBodyTests.header + Array(text.utf8), limits: BoundedBodyTests.limits)
        let lines = content.body.text.split(separator: "\n")
        #expect(lines.filter { $0 == "the words" }.count == 9_000)
    }

    @Test("What remains does not depend on the sizes of the pieces", arguments: [1_000, 65_535])
    func pieces(_ size: Int) {
        let header = BoundedBodyTests.header
        let bytes = Array(BoundedBodyTests.bodies.map(\.body).joined().utf8)
        let limit = 600_000
        var whole = BoundedBody()
        whole.append(bytes.span, limit: limit, header: { header })
        var inPieces = BoundedBody()
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = bytes[start..<min(start + size, bytes.count)]
            inPieces.append(piece.span, limit: limit, header: { header })
        }
        // Compared outside of the expectation, which would print megabytes.
        let isSame = whole.bytes == inPieces.bytes
        #expect(isSame && whole.bytes.count <= limit && !whole.isFull)
        #expect(whole.leftOutBytes == bytes.count - whole.bytes.count)
        #expect(inPieces.leftOutBytes == whole.leftOutBytes && inPieces.isCut == whole.isCut)
        // A copy is known again by its first bytes.
        let keepsFront = whole.bytes.starts(with: bytes.prefix(131_072))
        #expect(keepsFront)
    }

    @Test("A body of many small parts is full, and no more of it is taken")
    func smallParts() {
        let body = Array(
            String(repeating: BoundedBodyTests.part("image/png", "QUJD"), count: 20_000).utf8)
        var bounded = BoundedBody()
        bounded.append(body.span, limit: 300_000, header: { BoundedBodyTests.header })
        let isFront = bounded.bytes == Array(body.prefix(300_000))
        #expect(bounded.isFull && bounded.isCut && isFront)
        bounded.append(body.span, limit: 300_000, header: { BoundedBodyTests.header })
        #expect(bounded.bytes.count == 300_000 && bounded.leftOutBytes == 0)
    }
}
