import FilterPolicy
import FilterTestKit
import Foundation
import Learning
import Logging
import Milter
import Scoring
import SpamFilter
import Synchronization
import Telemetry
import Testing

/// One transaction in, modifications and a log line out, without an MTA.
@Suite struct SpamFilterTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private struct LineHandler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { lines.add("\(event.message)") }
    }

    private struct Bench {
        let filter: SpamFilter
        let pool: ScoringPool
        let lines = Lines()
        let registry = PrometheusRegistry()

        init(_ change: (inout SpamFilter.Settings) -> Void = { _ in }) throws {
            let metrics = FilterMetrics(
                factory: registry, verdicts: Verdict.allCases.map(\.rawValue),
                actions: Action.allCases.map(\.rawValue), limits: ["limit-body"])
            pool = ScoringPool(
                model: try ScoringModel(TinyModel.shared.get(), path: "tiny"),
                options: ScoringPool.Options(), metrics: metrics)
            var settings = SpamFilter.Settings()
            // The tiny model is less sure of itself than its minimum threshold.
            settings.policy.tagThreshold = 0.8
            change(&settings)
            let lines = self.lines
            filter = SpamFilter(
                pool: pool, settings: settings, metrics: metrics,
                logger: Logger(label: "test") { _ in LineHandler(lines: lines) }, version: "test")
        }

        func run(_ transaction: Transaction) -> MilterResponse {
            filter.filter(transaction) {}
        }
    }

    private func transaction(
        _ label: Label, _ change: (inout Transaction) -> Void = { _ in }
    ) -> Transaction {
        let text = TinyModel.text(label, 900).split(separator: "\n", maxSplits: 1)
        var transaction = Transaction()
        transaction.queueID = "4XABC"
        transaction.client.address = "192.0.2.7"
        transaction.envelopeSender = "a@example.net"
        transaction.recipients = ["inbox@example.org"]
        transaction.header = [
            .init(name: "From", value: Array("a@example.net".utf8)),
            .init(name: "Subject", value: Array(text[0].dropFirst(9).utf8)),
        ]
        transaction.body = Array(text[1].utf8)
        change(&transaction)
        return transaction
    }

    private func inserted(_ response: MilterResponse, _ name: String) -> String? {
        for case .insertHeader(name, let value) in response.modifications { return value }
        return nil
    }

    @Test("Spam and ham are marked and logged, one line each")
    func marks() throws {
        let bench = try Bench()
        let spam = bench.run(transaction(.spam))
        let ham = bench.run(transaction(.ham))
        #expect(spam.reply == .accept && ham.reply == .accept)
        #expect(inserted(spam, "X-Spam-Flag") == "YES" && inserted(ham, "X-Spam-Flag") == "NO")
        #expect(inserted(spam, "X-Spam-Status")?.hasPrefix("Yes, score=") == true)
        #expect(inserted(ham, "X-Spam-Level") == nil)
        #expect(bench.lines.all.count == 2)
        #expect(bench.lines.all[0].hasPrefix("4XABC: verdict=spam action=add_header score="))
        #expect(bench.lines.all[1].hasPrefix("4XABC: verdict=ham action=accept score="))
        #expect(
            bench.registry.render().contains(
                "siftd_messages_total{verdict=\"spam\",action=\"add_header\",source=\"milter\"} 1"))
    }

    @Test("Marked messages say why, unless told not to", arguments: [true, false])
    func reasons(addsReasons: Bool) throws {
        let bench = try Bench { $0.policy.addsReasons = addsReasons }
        let spam = inserted(bench.run(transaction(.spam)), "X-Spam-Reason")
        #expect((spam != nil) == addsReasons)
        #expect(spam.map { $0.hasPrefix("\"") && $0.contains("(+") } != false)
        #expect(inserted(bench.run(transaction(.ham)), "X-Spam-Reason") == nil)
    }

    @Test("Forged verdicts go first, from the highest occurrence down")
    func forged() throws {
        let response = try Bench().run(
            transaction(.ham) { transaction in
                for name in ["X-Spam-Status", "x-spam-status", "X-Spam-Flag"] {
                    transaction.header.append(.init(name: name, value: Array("No".utf8)))
                }
            })
        #expect(
            response.modifications.prefix(3) == [
                .deleteHeader(name: "X-Spam-Flag", occurrence: 1),
                .deleteHeader(name: "x-spam-status", occurrence: 2),
                .deleteHeader(name: "X-Spam-Status", occurrence: 1),
            ])
        #expect(response.modifications.count > 3)
    }

    @Test("Rejection carries 550 5.7.1 and marks nothing")
    func rejects() throws {
        let bench = try Bench { settings in
            settings.policy.rejects = true
            settings.policy.rejectThreshold = 0.8
        }
        #expect(
            bench.run(transaction(.spam))
                == MilterResponse(
                    reply: .reject(code: "550", status: "5.7.1", text: "Spam message rejected")))
        #expect(bench.run(transaction(.ham)).reply == .accept)
    }

    @Test("Monitor mode changes nothing and logs what would be done")
    func monitor() throws {
        let bench = try Bench { settings in
            settings.policy.mode = .monitor
            settings.policy.rejects = true
            settings.policy.rejectThreshold = 0.8
        }
        #expect(bench.run(transaction(.spam)) == MilterResponse(reply: .accept))
        #expect(bench.lines.all[0].contains("verdict=spam action=reject"))
    }

    @Test("Monitor mode does not even answer a fault")
    func monitorFault() throws {
        let bench = try Bench { $0.policy.mode = .monitor }
        bench.pool.stop()
        #expect(bench.run(transaction(.spam)) == MilterResponse(reply: .accept))
        #expect(
            bench.lines.all.contains {
                $0.contains("action=tempfail reason=") || $0.contains("reason=stopped")
            })
    }

    @Test("Trusted networks pass untouched, authenticated users lose only forged verdicts")
    func exempt() throws {
        let bench = try Bench { settings in
            settings.exemptNetworks = ["192.0.2.0/24"].compactMap { NetworkRange($0) }
        }
        let forged = Transaction.HeaderField(name: "X-Spam-Flag", value: Array("NO".utf8))
        #expect(
            bench.run(transaction(.spam) { $0.header.append(forged) })
                == MilterResponse(reply: .accept))
        let user = bench.run(
            transaction(.spam) { transaction in
                transaction.client.address = "198.51.100.1"
                transaction.authenticated = "ann"
                transaction.header.append(forged)
            })
        #expect(user.modifications == [.deleteHeader(name: "X-Spam-Flag", occurrence: 1)])
        #expect(bench.lines.all.allSatisfy { $0.contains("verdict=skipped") })
    }

    @Test("A fault is a tempfail, or an unscanned mark when the admin prefers that")
    func faults() throws {
        let strict = try Bench()
        strict.pool.stop()
        #expect(
            strict.run(transaction(.spam)).reply
                == .tempfail(code: "451", status: "4.3.2", text: "Filter busy, try again later"))
        let lenient = try Bench { $0.policy.onFault = .accept }
        lenient.pool.stop()
        let response = lenient.run(transaction(.spam))
        #expect(response.reply == .accept)
        #expect(
            inserted(response, "X-Spam-Status")?.contains("tests=UNSCANNED reason=stopped") == true)
        #expect(lenient.lines.all.contains { $0.contains("msg=not_scanned") })
    }

    @Test("A body cut at the scan limit is scored and named")
    func cutBody() throws {
        let bench = try Bench()
        let response = bench.run(transaction(.spam) { $0.isBodyCut = true })
        #expect(inserted(response, "X-Spam-Flag") == "YES")
        #expect(bench.lines.all[0].contains("flags=limit-body"))
        #expect(bench.registry.render().contains("siftd_limits_hit_total{limit=\"limit-body\"} 1"))
    }

    @Test("An empty message is unsure, never spam")
    func emptyMessage() throws {
        let bench = try Bench()
        let response = bench.run(Transaction())
        #expect(inserted(response, "X-Spam-Flag") == "NO")
        #expect(bench.lines.all[0].hasPrefix("NOQUEUE: verdict=unsure"))
        #expect(bench.lines.all[0].contains("reason=little-text"))
    }
}
