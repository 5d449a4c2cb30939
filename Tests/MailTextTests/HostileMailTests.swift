import Corpora
import FilterTestKit
import MailText
import Testing

@Suite struct HostileMailTests {
    private func content(_ text: String) -> MailContent { MailContent(message: Array(text.utf8)) }

    @Test("An empty message has no text and a named defect")
    func empty() {
        let content = MailContent(message: [])
        #expect(content.body.bytes.isEmpty)
        #expect(content.defects == [.bodyMissing])
    }

    @Test("A header without a body is named")
    func noBody() {
        let read = content("Subject: hello\nFrom: a@example.org")
        #expect(read.defects == [.bodyMissing])
        #expect(read.subject == Array("hello".utf8))
    }

    @Test("NUL bytes become spaces")
    func nulBytes() {
        let read = content("Subject: x\n\nbuy\0now\n")
        #expect(read.body.text == "buy now\n")
        #expect(read.defects.contains(.nulByte))
    }

    @Test("Of a body of 3 MB no more than the limit is read")
    func largeBody() {
        let body = [UInt8](repeating: UInt8(ascii: "a"), count: 3_000_000)
        let read = MailContent(message: Array("Subject: x\n\n".utf8) + body)
        #expect(read.defects == [.limitBody])
        let limit = MailLimits().bodyBytes
        #expect((limit / 2...limit).contains(read.body.bytes.count))
    }

    @Test("A header field of 1 MB is cut and the rest is still read")
    func largeHeader() {
        let long = String(repeating: "x", count: 1_000_000)
        let read = content("X-Long: \(long)\nSubject: after\n\nbody")
        #expect(read.subject == Array("after".utf8))
        #expect(read.defects == [.limitHeaders])
    }

    @Test("10,000 nested parts end at the depth limit")
    func nestedParts() {
        var text = ""
        for level in 0..<10_000 {
            text += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n"
        }
        #expect(content(text + "\ndeep").defects.contains(.limitDepth))
    }

    @Test("100,000 flat parts end at the part limit")
    func manyParts() {
        let parts = String(repeating: "--b\n\nx\n", count: 100_000)
        let read = content("Content-Type: multipart/mixed; boundary=b\n\n\(parts)")
        #expect(read.parts.count <= MailLimits().parts + 1)
        #expect(read.defects.contains(.limitParts))
    }

    @Test(
        "Odd line ends, delimiters and encodings cost linear time", .timeLimit(.minutes(1)),
        arguments: [
            "A: b\r\rc", "A: b\rContent-A", "\r\r\r", "\n--b\r", "\n--b--x",
            "\n--c\nContent-A: b\n",
            "\n>From a b\n", "Zg==", "text of small letters in a line\nZg==\n", "=\r",
            "\n--b\nContent-Type: multipart/a; boundary=c\n\n--d\nContent-A: b\n",
        ])
    func oddStructure(_ piece: String) {
        let many = String(repeating: piece, count: 200_000 / piece.utf8.count)
        let type = "multipart/mixed; boundary=b; format=flowed; delsp=yes"
        for header in ["", "Content-Type: \(type)\n\n", "Content-Transfer-Encoding: base64\n\n"] {
            let read = content(header + many)
            #expect(read.body.bytes.count <= MailLimits().textBytes)
        }
    }

    @Test("Every message of the hard set is read", .enabled(if: SharedCorpora.isPresent))
    func hardMessages() throws {
        let messages = try SharedCorpora.messages("mime-hard.tar.zst", limit: .max)
        #expect(messages.count >= 813)
        for message in messages {
            let text = message.content.read().body.bytes
            #expect(String(validating: text, as: UTF8.self) != nil, "\(message.path)")
        }
    }
}
