import FilterPolicy
import FilterTestKit
import Foundation
import Scoring
import Telemetry
import Testing

@testable import SpamdServer

/// What the port answers, by the tiny model.
@Suite struct SpamdServerTests {
    private static let spam = TinyModel.message(.spam, 900)
    private static let ham = TinyModel.message(.ham, 900)

    @Test("Spam and ham are told apart by every command that judges")
    func verdicts() async throws {
        let sample = try SpamdSample()
        let spam = try await sample.ask("CHECK", SpamdServerTests.spam)
        #expect(
            spam.wholeMatch(of: /SPAMD\/1.1 0 EX_OK\r\nSpam: True ; \d+\.\d \/ 5.0\r\n\r\n/) != nil)
        #expect(try await sample.ask("CHECK", SpamdServerTests.ham).contains("Spam: False ; "))
        #expect(try await sample.ask("SYMBOLS", SpamdServerTests.spam).hasSuffix("\r\n\r\nTEXTCNN"))
        let report = try await sample.ask("REPORT", SpamdServerTests.spam)
        #expect(report.contains("has identified this incoming email as spam."))
        #expect(report.contains("points, 5.0 required)\n\n pts rule name "))
        #expect(
            try await sample.ask("REPORT", SpamdServerTests.ham).contains("has NOT identified"))
        #expect(
            try await sample.ask("REPORT_IFSPAM", SpamdServerTests.ham).contains(
                "Content-length: 0\r\nSpam: No ; "))
        let lines = sample.lines.withLock { $0 }
        #expect(lines.count == 6)
        #expect(lines[0].contains(" spamd=CHECK user=- flags="))
        #expect(lines[0].hasPrefix("NOQUEUE: verdict=spam action=accept score="))
    }

    @Test("PROCESS gives the message with fields, HEADERS its header, and forged fields are gone")
    func process() async throws {
        let sample = try SpamdSample()
        let forged = Array("X-Spam-Flag: NO\r\n".utf8) + SpamdServerTests.spam
        let answer = try await sample.ask("PROCESS", forged)
        let parts = answer.components(separatedBy: "\r\n\r\n")
        #expect(parts.count == 3)
        #expect(parts[0].contains("Content-length: \(answer.utf8.count - parts[0].utf8.count - 4)"))
        #expect(parts[1].hasPrefix("X-Spam-Flag: YES\r\nX-Spam-Score: "))
        #expect(!parts[1].contains("X-Spam-Flag: NO"))
        #expect(parts[1].contains("X-Spam-Reason: "))
        #expect(SpamdServerTests.spam.suffix(parts[2].utf8.count) == Array(parts[2].utf8)[...])
        let header = try await sample.ask("HEADERS", forged)
        #expect(header.components(separatedBy: "\r\n\r\n")[1...] == [parts[1], ""])
        #expect(sample.registry.render().contains("siftd_headers_removed_total 2\n"))
        #expect(sample.lines.withLock { $0[0] }.contains("action=add_header"))
    }

    @Test("A compressed message is judged like the plain one; a broken stream is refused")
    func compressed() async throws {
        let sample = try SpamdSample()
        let stream = SpamdServerTests.zlib(SpamdServerTests.spam)
        let plain = try await sample.ask("PROCESS", SpamdServerTests.spam)
        #expect(try await sample.ask("PROCESS", stream, fields: "Compress: zlib\r\n") == plain)
        let broken = try await sample.ask(
            "CHECK", Array(stream.dropLast(9)), fields: "Compress: zlib\r\n")
        #expect(broken.hasPrefix("SPAMD/1.0 69 Service Unavailable: zlib: "))
    }

    /// A zlib stream (RFC 1950) of one stored block (RFC 1951 section 3.2.4).
    private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        func pair(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
        var (low, high) = (1, 0)
        for byte in bytes {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return [0x78, 0x01, 0x01] + pair(bytes.count) + pair(bytes.count ^ 0xFFFF) + bytes
            + pair(high).reversed() + pair(low).reversed()
    }

    @Test("In monitor mode the message comes back as it was")
    func monitor() async throws {
        let sample = try SpamdSample()
        sample.policy.withLock { $0.mode = .monitor }
        let message = String(decoding: SpamdServerTests.spam, as: UTF8.self)
        #expect(
            try await sample.ask("PROCESS", SpamdServerTests.spam).hasSuffix("\r\n\r\n" + message))
        #expect(try await !sample.ask("HEADERS", SpamdServerTests.spam).contains("X-Spam"))
    }

    @Test("The user's policy holds where it is a recipient")
    func recipients() async throws {
        let sample = try SpamdSample()
        var never = RecipientPolicy()
        never.judges = false
        var lenient = RecipientPolicy()
        lenient.tagThreshold = 1
        sample.policy.withLock {
            $0.recipients = ["never@example.org": never, "example.net": lenient]
        }
        func symbols(_ user: String) async throws -> String {
            try await sample.ask("SYMBOLS", SpamdServerTests.spam, fields: "User: \(user)\r\n")
        }
        #expect(try await symbols("never@example.org").contains("Spam: False ; 0.0"))
        #expect(try await symbols("never@example.org").hasSuffix("SKIPPED"))
        #expect(try await symbols("a@example.net").contains("Spam: False"))
        #expect(try await symbols("nobody").contains("Spam: True"))
        #expect(
            sample.lines.withLock { $0[0] }.contains("reason=recipient policy=never@example.org"))
    }

    @Test("Without a model the policy for faults decides", arguments: FaultAction.allCases)
    func noModel(_ action: FaultAction) async throws {
        let sample = try SpamdSample(hasModel: false)
        sample.policy.withLock { $0.faults = FaultPolicy(all: action) }
        let answer = try await sample.ask("PROCESS", SpamdServerTests.spam)
        let isDeferred = action == .tempfail
        #expect(answer.hasPrefix(isDeferred ? "SPAMD/1.0 69 Service" : "SPAMD/1.1 0 EX_OK"))
        #expect(answer.contains("tests=UNSCANNED reason=no-model") == !isDeferred)
        #expect(
            sample.registry.render().contains(
                "siftd_spamd_requests_total{code=\"\(isDeferred ? 69 : 0)\"} 1\n"))
        #expect(sample.lines.withLock { $0[0] }.contains("msg=not_scanned reason=no-model"))
    }

    @Test("A message that is not judged in time is deferred with a time-out")
    func late() async throws {
        let sample = try SpamdSample(timeLimit: .zero)
        let answer = try await sample.ask("CHECK", SpamdServerTests.spam)
        #expect(answer == "SPAMD/1.0 79 Timeout: (the message was not judged in time)\r\n")
    }

    @Test("TELL teaches and forgets as the user it names, where that is allowed")
    func tell() async throws {
        var limits = SpamdLimits()
        let closed = try await SpamdSample(limits: limits).ask(
            "TELL", SpamdServerTests.spam, fields: "Message-class: spam\r\nSet: local\r\n")
        #expect(closed.hasPrefix("SPAMD/1.0 69 Service Unavailable: TELL commands are not enabled"))
        limits.allowsTell = true
        let sample = try SpamdSample(limits: limits)
        func tell(_ fields: String) async throws -> String {
            try await sample.ask("TELL", SpamdServerTests.spam, fields: fields)
        }
        let isNew = "SPAMD/1.1 0 EX_OK\r\nDidSet: local\r\n\r\n\r\n"
        let nothing = "SPAMD/1.1 0 EX_OK\r\n\r\n\r\n"
        #expect(try await tell("User: a\r\nMessage-class: spam\r\nSet: local\r\n") == isNew)
        #expect(try await tell("User: a\r\nMessage-class: spam\r\nSet: local\r\n") == nothing)
        #expect(try await tell("User: b\r\nRemove: local\r\n") == nothing, "b has said nothing")
        #expect(
            try await tell("User: a\r\nRemove: local\r\n")
                == "SPAMD/1.1 0 EX_OK\r\nDidRemove: local\r\n\r\n\r\n")
        #expect(try await tell("Message-class: ham\r\nSet: remote\r\n") == nothing)
        #expect(try await tell("Set: local\r\n").hasPrefix("SPAMD/1.0 76 "))
        let longName = String(repeating: "u", count: 400)
        #expect(
            try await tell("User: \(longName)\r\nMessage-class: ham\r\nSet: local\r\n").hasPrefix(
                "SPAMD/1.0 76 "))
        #expect(sample.registry.render().contains("label=\"spam\"} 2\n"))
    }
}
