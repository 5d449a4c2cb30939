import Testing

@testable import SpamdServer

/// Answers byte for byte as spamd of SpamAssassin 4.0 writes them.
@Suite struct SpamdAnswerTests {
    private static let spam = SpamdFinding(isSpam: true, points: 9.73)
    private static let ham = SpamdFinding(isSpam: false, points: 0.04)

    private func text(
        _ answer: SpamdAnswer, _ command: SpamdCommand, version: String = "1.5"
    ) throws -> String {
        let header = try SpamdHeader(line: "\(command.rawValue) SPAMC/\(version)")
        return String(decoding: answer.bytes(for: header), as: UTF8.self)
    }

    @Test(
        "A judgement has the shape of its command and of the client's version",
        arguments: [
            (SpamdCommand.check, "1.5", "SPAMD/1.1 0 EX_OK\r\nSpam: True ; 9.7 / 5.0\r\n\r\n"),
            (.check, "1.2", "SPAMD/1.1 0 EX_OK\r\nSpam: True ; 9.7 / 5.0\r\n\r\n"),
            (
                .symbols, "1.5",
                "SPAMD/1.1 0 EX_OK\r\nContent-length: 1\r\nSpam: True ; 9.7 / 5.0\r\n\r\nX"
            ),
            (.report, "1.2", "SPAMD/1.1 0 EX_OK\r\nSpam: True ; 9.7 / 5.0\r\n\r\nX"),
            (
                .reportIfSpam, "1.3",
                "SPAMD/1.1 0 EX_OK\r\nContent-length: 1\r\nSpam: Yes ; 9.7 / 5.0\r\n\r\nX"
            ),
            (
                .process, "1.4",
                "SPAMD/1.1 0 EX_OK\r\nContent-length: 1\r\nSpam: True ; 9.7 / 5.0\r\n\r\nX"
            ),
            (.headers, "1.2", "SPAMD/1.1 0 EX_OK\r\nContent-length: 1\r\n\r\nX"),
            (.process, "1.1", "SPAMD/1.0 0 EX_OK\r\nX"),
        ])
    func judged(_ command: SpamdCommand, _ version: String, _ expected: String) throws {
        let content = command == .check ? [] : Array("X".utf8)
        let answer = SpamdAnswer.judged(SpamdAnswerTests.spam, content: content)
        #expect(try text(answer, command, version: version) == expected)
    }

    @Test("Ham is False, or No for REPORT_IFSPAM")
    func ham() throws {
        let answer = SpamdAnswer.judged(SpamdAnswerTests.ham, content: [])
        #expect(try text(answer, .check).contains("Spam: False ; 0.0 / 5.0\r\n"))
        #expect(try text(answer, .reportIfSpam).contains("Spam: No ; 0.0 / 5.0\r\n"))
    }

    @Test(
        "Rounding makes no spam",
        arguments: [
            (false, 4.99, "4.9"), (false, 4.94, "4.9"), (false, 0, "0.0"), (true, 5, "5.0"),
            (true, 10, "10.0"),
        ])
    func rounding(_ isSpam: Bool, _ points: Double, _ shown: String) {
        #expect(SpamdFinding(isSpam: isSpam, points: points).score == shown)
    }

    @Test("PING, SKIP and TELL have answers of their own")
    func others() throws {
        #expect(try text(.pong, .ping) == "SPAMD/1.5 0 PONG\r\n")
        #expect(try text(.nothing, .skip) == "")
        #expect(
            try text(.told(set: true, removed: false), .tell)
                == "SPAMD/1.1 0 EX_OK\r\nDidSet: local\r\n\r\n\r\n")
        #expect(
            try text(.told(set: false, removed: true), .tell)
                == "SPAMD/1.1 0 EX_OK\r\nDidRemove: local\r\n\r\n\r\n")
        #expect(
            try text(.told(set: false, removed: false), .tell) == "SPAMD/1.1 0 EX_OK\r\n\r\n\r\n")
    }

    @Test(
        "Faults have spamd's codes and words",
        arguments: [
            (SpamdFault.malformed("x"), "SPAMD/1.0 76 Bad header line: x\r\n"),
            (.unavailable("x"), "SPAMD/1.0 69 Service Unavailable: x\r\n"),
            (.timeout("x"), "SPAMD/1.0 79 Timeout: x\r\n"),
            (.tooLarge(limit: 5), "SPAMD/1.0 65 Message too large: more than 5 bytes\r\n"),
        ])
    func faults(_ fault: SpamdFault, _ expected: String) {
        #expect(String(decoding: fault.answer, as: UTF8.self) == expected)
    }
}
