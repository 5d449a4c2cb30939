import Foundation
import MailText
import Telemetry
import Testing

/// The samples for logcheck and fail2ban match what the code writes.
@Suite struct LogSamplesTests {
    /// Events of a daemon with which all is well, every notice among them.
    private static let normal: [MailLogEvent] = [
        .started(version: "0.2.0", sockets: ["inet:11332@localhost", "unix:/run/siftd/s"]),
        .httpStarted(url: "http://127.0.0.1:11380/"),
        .spamdStarted(sockets: ["inet:783@localhost"]),
        .modelReady(id: "2026-01-02-abcdef", serving: "int8 tables of 46 MB, avx512"),
        .reloaded(model: "2026-01-02-abcdef"), .listsReloaded, .learningStarted(labels: 0),
        .storeFound(waiting: 2), .retrainingStarted(labels: 500),
        .retrainingEnded(
            "retraining 7, model 2026-01-02-abcdef-r7: accepted: accuracy −0.5 %, false positives "
                + "+0.1 %, 30 ham and 40 spam held out; it scores beside the current model first"),
        .modelProposed(id: "2026-01-02-abcdef", activation: 3),
        .modelPrepared(id: "2026-01-02-abcdef", activation: 3),
        .modelFollowed(id: "2026-01-02-abcdef", activation: 3, host: "mx1.example.org"),
        .fleetFound, .shadowStarted(model: "2026-01-02-abcdef-r7", hours: 24),
        .shadowDisagreed(queueID: "4XYZ", change: "4XYZ: ham 0.1 → spam 0.99; a: \"b\""),
        .shadowEnded(model: "2026-01-02-abcdef-r7", outcome: "in force: 2 of 900 changed"),
        .stopped,
    ]

    private static let odd: [MailLogEvent] = [
        .retrainingEnded("retraining 7 failed: the process was ended by signal 9"),
        .retrainingEnded("retraining 7, model a-r7: refused, 30 ham and 40 spam held out: worse"),
        .shadowEnded(model: "a-r7", outcome: "not put in force: 20 verdicts changed"),
        .restartNeeded(key: "http.port"), .stoppedAtOnce,
        .notScanned(queueID: "4XYZ", reason: "timeout", action: "tempfail"),
    ]

    private func file(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../..")
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private func matches(_ rule: String, _ line: String) throws -> Bool {
        let all = NSRange(line.startIndex..., in: line)
        return try NSRegularExpression(pattern: rule).firstMatch(in: line, range: all) != nil
    }

    /// How many of logcheck's rules match a line.
    private func ignored(_ event: MailLogEvent) throws -> Int {
        let rules = try file("etc/siftd/logcheck.ignore").split(separator: "\n")
            .filter { $0.hasPrefix("^") }
        let line = "Jan  2 03:04:05 mx siftd[12]: \(event)"
        return try rules.filter { try matches(String($0), line) }.count
    }

    /// A message of spam; each bit of `parts` adds what a line may have.
    private func spam(_ parts: Int) -> MessageLog {
        var log = MessageLog(queueID: "4XYZ")
        log.verdict = .spam
        log.action = .addHeader
        log.probability = 0.9731
        log.model = "2026-01-02-abcdef"
        log.client = "192.0.2.7"
        if parts & 1 != 0 { log.site = (-2.31, 412) }
        if parts & 2 != 0 { log.siteRevision = 7 }
        if parts & 4 != 0 { log.reason = "little-text" }
        if parts & 8 != 0 { log.policy = "example.org" }
        if parts & 16 != 0 { log.view = .lenient }
        if parts & 32 != 0 { log.defects = [.limitBody] }
        return log
    }

    @Test("logcheck ignores judged mail, whatever its line has", arguments: 0..<64)
    func judged(_ parts: Int) throws {
        var log = spam(parts)
        #expect(try ignored(log.event) == 1)
        log.command = "REPORT_IFSPAM"
        log.user = "user@example.org"
        #expect(try ignored(log.event) == 1)
    }

    @Test("logcheck ignores events of normal operation", arguments: LogSamplesTests.normal)
    func ignoresNormal(_ event: MailLogEvent) throws {
        #expect(try ignored(event) == 1)
    }

    @Test("Every notice is among them")
    func notices() throws {
        let named = try file("docs/log-and-metrics.md")
            .matches(of: /\| `([a-z_]+)` \| notice \|/).map { String($0.1) }
        #expect(Set(named) == Set(LogSamplesTests.normal.compactMap { $0.name?.rawValue }))
    }

    @Test("logcheck reports what an admin should know", arguments: LogSamplesTests.odd)
    func reportsOdd(_ event: MailLogEvent) throws {
        #expect(try ignored(event) == 0)
    }

    @Test("fail2ban counts clients that send spam, whatever the line has", arguments: 0..<64)
    func clients(_ parts: Int) throws {
        let lines = try file("etc/siftd/fail2ban-siftd-filter.conf").split(separator: "\n")
        func value(_ key: String) throws -> String {
            let line = try #require(lines.first { $0.hasPrefix("\(key) = ") })
            return String(line.dropFirst("\(key) = ".count))
        }
        let rule = try value("failregex").replacing("<actions>", with: value("actions"))
            .replacing("<ADDR>", with: "[0-9A-Fa-f.:]+")
        func counts(_ change: (inout MessageLog) -> Void) throws -> Bool {
            var log = spam(parts)
            change(&log)
            return try matches(rule, "mx siftd[12]: \(log.event)")
        }
        #expect(try counts { _ in })
        #expect(try !counts { $0.verdict = .unsure })
        #expect(try !counts { $0.authenticated = "ann" })
        #expect(try !counts { $0.command = "CHECK" })
    }
}
