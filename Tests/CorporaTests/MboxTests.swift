import Corpora
import Testing

@Suite struct MboxTests {
    private static let first = "From a@example.org Mon Jan  1 00:00:00 2024\n"
    private static let second = "From b@example.org Tue Jan  2 00:00:00 2024\n"

    @Test(
        "A `From ` line begins a message behind an empty line, with a year, before a field",
        arguments: [
            ("two messages", "Subject: a\n\nx\n\n\(second)Subject: b\n\ny\n", 2),
            ("carriage returns", "Subject: a\r\n\r\nx\r\n\r\n\(second)Subject: b\n\ny\n", 2),
            ("the year with a comma", "A: b\n\n\nFrom b, 2024, 10:00\nSubject: b\n", 2),
            ("no empty line in front", "Subject: a\n\nx\n\(second)Subject: b\n\ny\n", 2),
            ("neither that nor a date", "A: b\n\nx\nFrom b 2024\nSubject: b\n", 1),
            ("a time zone", "A: b\n\nx\nFrom b Mon Jan 1 10:00 CET 2024\nA: b\n", 2),
            ("the year last in ISO form", "A: b\n\nFrom b 2024-01-02T10:00:00Z\nA: b\n", 2),
            ("an address alone", "A: b\n\nFrom b@example.org\nSubject: b\n", 2),
            ("a hyphen and a date", "A: b\n\nFrom - Mon Jan  1 2024\nSubject: b\n", 2),
            ("an older separator behind it", "A: b\n\n\(second)>\(second)A: b\n", 2),
            ("no year", "Subject: a\n\nx\n\nFrom here on it is text:\nx: y\n", 1),
            ("a longer number", "Subject: a\n\nx\n\nFrom 120245 on\nx: y\n", 1),
            ("no field behind it", "Subject: a\n\nx\n\n\(second)no field here\n", 1),
            ("nothing behind it", "Subject: a\n\nx\n\n\(second)", 1),
            ("escaped", "Subject: a\n\nx\n\n>\(second)Subject: b\n", 1),
        ])
    func separators(_ name: String, _ rest: String, _ count: Int) {
        let bytes = Array((MboxTests.first + rest).utf8)
        #expect(Mbox.isMbox(bytes) == (count > 1))
        #expect(Mbox.split(bytes).count == count)
        #expect(Mbox.split(bytes).flatMap { $0 } == bytes, "no byte is lost")
    }

    @Test("A file that does not start with a separator is a single message")
    func plainMessage() {
        let text = "Subject: a\n\n\n\(MboxTests.first)X: y\n\n\(MboxTests.second)X: y\n"
        #expect(!Mbox.isMbox(Array(text.utf8)))
        #expect(!Mbox.isMbox([]) && Mbox.split([]).isEmpty)
    }

    @Test("Each message keeps its separator")
    func split() throws {
        let one = MboxTests.first + "Subject: a\n\nx\n\n"
        let other = MboxTests.second + "Subject: b\n\ny\n"
        #expect(Mbox.split(Array((one + other).utf8)) == [Array(one.utf8), Array(other.utf8)])
    }

    @Test("Where the first separator has no date, the others need none")
    func undated() {
        let text = "From ann\nA: b\n\nFrom bob\nA: b\nFrom text\nx: y\n"
        #expect(Mbox.split(Array(text.utf8)).count == 2)
    }

    @Test(
        "Content-Length counts where a separator or the end stands behind the body",
        arguments: [(0, 2), (3, 3), (-20, 3), (100_000, 3), (-1_000, 3)])
    func contentLength(_ error: Int, _ count: Int) {
        let body = "x\n\n\(MboxTests.second)A: quoted\n\ny\n"
        let text =
            "\(MboxTests.first)Content-Length: \(body.utf8.count + error)\n\n\(body)\n"
            + "\(MboxTests.second)A: b\n\nz\n"
        #expect(Mbox.split(Array(text.utf8)).count == count)
    }

    @Test(
        "An IMAP server's own message is none; a real one may have its field",
        arguments: [
            ("X-IMAP: 1 2\nSubject: data\n", 1),
            ("X-IMAPbase: 1 2\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n", 1),
            ("X-IMAPbase: 1 2\nSubject: hello\n", 2),
        ])
    func internalData(_ fields: String, _ count: Int) {
        let text = "\(MboxTests.first)\(fields)\nx\n\n\(MboxTests.second)A: b\n\ny\n"
        #expect(Mbox.isMbox(Array(text.utf8)) && Mbox.split(Array(text.utf8)).count == count)
    }

    @Test("A byte order mark in front belongs to no message")
    func byteOrderMark() {
        let text = MboxTests.first + "A: b\n\n" + MboxTests.second + "A: b\n"
        #expect(Mbox.split(Array("\u{FEFF}\(text)".utf8)) == Mbox.split(Array(text.utf8)))
    }
}
