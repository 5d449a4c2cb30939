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
            ("no empty line in front", "Subject: a\n\nx\n\(second)Subject: b\n\ny\n", 1),
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
}
