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

        init(_ change: (inout FilterSettings) -> Void = { _ in }) throws {
            let metrics = FilterMetrics(
                factory: registry, verdicts: Verdict.allCases.map(\.rawValue),
                actions: Action.allCases.map(\.rawValue), limits: ["limit-body"])
            pool = ScoringPool(
                model: try ScoringModel(TinyModel.shared.get(), path: "tiny"),
                options: ScoringPool.Options(), metrics: metrics)
            var settings = FilterSettings()
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
            settings.exemption.networks = ["192.0.2.0/24"].compactMap { NetworkRange($0) }
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
                == .tempfail(code: "451", status: "4.3.0", text: "Filter error, try again later"))
        let lenient = try Bench { $0.policy.faults = FaultPolicy(all: .accept) }
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
        var empty = Transaction()
        empty.client.address = "192.0.2.7"
        let response = bench.run(empty)
        #expect(inserted(response, "X-Spam-Flag") == "NO")
        #expect(bench.lines.all[0].hasPrefix("NOQUEUE: verdict=unsure"))
        #expect(bench.lines.all[0].contains("reason=little-text"))
    }

    @Test("Local mail and mail above the size pass unjudged, without forged verdicts")
    func unjudged() throws {
        let bench = try Bench { $0.exemption.size = 50 }
        let forged = Transaction.HeaderField(name: "X-Spam-Flag", value: Array("NO".utf8))
        for change in [
            { $0.client.address = "" }, { $0.body += [UInt8](repeating: 65, count: 99) },
        ]
            as [(inout Transaction) -> Void]
        {
            let response = bench.run(
                transaction(.spam) { transaction in
                    change(&transaction)
                    transaction.header.append(forged)
                })
            #expect(response.modifications == [.deleteHeader(name: "X-Spam-Flag", occurrence: 1)])
        }
        #expect(bench.lines.all[0].contains("reason=local"))
        #expect(bench.lines.all[1].contains("reason=size"))
    }

    // MARK: Actions

    private func bench(_ rules: String..., change: (inout FilterSettings) -> Void = { _ in }) throws
        -> Bench
    {
        try Bench { settings in
            settings.policy.rules = rules.compactMap { ActionRule($0) }
            change(&settings)
        }
    }

    @Test("Quarantine marks the message, holds it and accepts it")
    func quarantines() throws {
        let response = try bench("quarantine from 0.8").run(transaction(.spam))
        #expect(response.reply == .accept)
        #expect(response.modifications.last == .quarantine(reason: "siftd: spam"))
        #expect(inserted(response, "X-Spam-Flag") == "YES")
    }

    @Test("Tempfail, reject and discard change nothing else")
    func refusals() throws {
        #expect(
            try bench("tempfail from 0.8").run(transaction(.spam))
                == MilterResponse(
                    reply: .tempfail(code: "451", status: "4.7.1", text: "Try again later")))
        #expect(
            try bench("discard from 0.8").run(transaction(.spam)) == MilterResponse(reply: .discard)
        )
        let named = try bench("reject from 0.8") {
            $0.policy.rejection = RefusalText("554", "5.7.0", "No: {queue_id}")
        }
        #expect(
            named.run(transaction(.spam))
                == MilterResponse(reply: .reject(code: "554", status: "5.7.0", text: "No: 4XABC")))
        #expect(named.run(transaction(.ham)).reply == .accept)
    }

    @Test("Redirected mail goes to the one mailbox and says whose it was")
    func redirects() throws {
        let bench = try bench("redirect from 0.8") { $0.policy.redirectTo = "spam@example.org" }
        let response = bench.run(
            transaction(.spam) { $0.recipients = ["a@example.org", "b@example.org"] })
        #expect(
            response.modifications.suffix(4) == [
                .insertHeader(
                    name: "X-Spam-Original-To", value: "a@example.org, b@example.org"),
                .deleteRecipient("a@example.org"), .deleteRecipient("b@example.org"),
                .addRecipient("spam@example.org"),
            ])
        #expect(inserted(response, "X-Spam-Flag") == "YES")
    }

    @Test("The Subject of spam is tagged once; one that was cut is left alone")
    func subjectTag() throws {
        let bench = try bench { $0.policy.subjectTag = "[SPAM] " }
        let mail = transaction(.spam)
        let subject = try #require(mail.header.first { $0.name == "Subject" }).value
        func change(_ response: MilterResponse) -> [UInt8]? {
            for case .changeHeader("Subject", 1, let value) in response.modifications {
                return value
            }
            return nil
        }
        #expect(change(bench.run(mail)) == Array("[SPAM] ".utf8) + subject)
        #expect(change(bench.run(transaction(.ham))) == nil)
        #expect(change(bench.run(transaction(.spam) { $0.isHeaderCut = true })) == nil)
        var tagged = mail
        tagged.header[1].value = Array("[SPAM] ".utf8) + subject
        #expect(change(bench.run(tagged)) == nil)
        let without = bench.run(transaction(.spam) { $0.header.removeLast() })
        #expect(without.modifications.last == .insertHeader(name: "Subject", value: "[SPAM] "))
    }

    @Test("The most lenient recipient's policy holds, and the log says whose it is")
    func lenient() throws {
        let bench = try bench("reject from 0.8") { settings in
            var mild = RecipientPolicy()
            mild.rules = []
            var off = RecipientPolicy()
            off.judges = false
            settings.policy.recipients = ["example.net": mild, "boss@example.org": off]
        }
        func run(_ recipients: String...) -> MilterResponse {
            bench.run(transaction(.spam) { $0.recipients = recipients })
        }
        guard case .reject = run("a@example.org").reply else { return #expect(Bool(false)) }
        #expect(run("a@example.org", "a@example.net").reply == .accept)
        #expect(inserted(run("boss@example.org", "a@example.org"), "X-Spam-Flag") == nil)
        let lines = bench.lines.all
        #expect(lines.count == 3 && !lines[0].contains(" policy="))
        #expect(lines[1].contains("action=add_header") && lines[1].contains(" policy=example.net "))
        #expect(
            lines[2].contains("verdict=skipped") && lines[2].contains("policy=boss@example.org"))
    }

    // MARK: Lists

    @Test("A denied sender is spam; an allowed client passes; allow outweighs deny")
    func lists() throws {
        let bench = try bench("reject from model") { settings in
            settings.policy.rejectThreshold = 0.999
            try? settings.exemption.denied.add("sender example.net\n")
            try? settings.exemption.allowed.add("client 203.0.113.0/24\n")
        }
        guard case .reject = bench.run(transaction(.ham)).reply else {
            return #expect(Bool(false), "a denied sender's ham was not refused")
        }
        let allowed = bench.run(transaction(.spam) { $0.client.address = "203.0.113.9" })
        #expect(allowed == MilterResponse(reply: .accept))
        let other = bench.run(transaction(.ham) { $0.envelopeSender = "a@example.com" })
        #expect(inserted(other, "X-Spam-Flag") == "NO")
        let lines = bench.lines.all
        #expect(lines[0].contains("verdict=spam action=reject score=10.00"))
        #expect(lines[0].contains("reason=denied-sender"))
        #expect(lines[1].contains("verdict=skipped action=accept"))
        #expect(lines[1].contains("reason=allowed-client"))
    }

    @Test("An allowed author counts only when our checker vouches for the domain")
    func allowedAuthor() throws {
        let bench = try bench { settings in
            settings.exemption.authservID = "mx.example.org"
            try? settings.exemption.allowed.add("from example.net\n")
        }
        func passes(_ fields: [(String, String)]) -> Bool {
            let response = bench.run(
                transaction(.spam) { mail in
                    mail.header += fields.map { .init(name: $0.0, value: Array($0.1.utf8)) }
                })
            return inserted(response, "X-Spam-Flag") == nil
        }
        let ours = "mx.example.org; dmarc=pass header.from=example.net"
        #expect(!passes([]))
        #expect(passes([("Authentication-Results", ours)]))
        #expect(
            !passes([("Authentication-Results", "evil.example; dmarc=pass header.from=example.net")]
            ))
        // Programs differ in which of two authors they show.
        #expect(!passes([("Authentication-Results", ours), ("From", "ceo@example.net")]))
    }

    // MARK: Faults

    @Test("A message beyond the limit is answered by on_overload, without being read")
    func overload() throws {
        let bench = try bench { $0.policy.faults.onOverload = .quarantine }
        let response = bench.run(transaction(.spam) { $0.isOverload = true })
        #expect(response.reply == .accept)
        #expect(response.modifications.last == .quarantine(reason: "siftd: not scanned"))
        #expect(inserted(response, "X-Spam-Status")?.contains("reason=overloaded") == true)
    }

    @Test("Without a model the policy answers")
    func noModel() throws {
        let pool = ScoringPool(model: nil, options: ScoringPool.Options())
        let bench = try Bench()
        let filter = SpamFilter(
            pool: pool, settings: FilterSettings(),
            metrics: FilterMetrics(factory: bench.registry, verdicts: [], actions: [], limits: []),
            logger: Logger(label: "test") { _ in LineHandler(lines: bench.lines) }, version: "t")
        #expect(
            filter.filter(transaction(.spam)) {}.reply
                == .tempfail(
                    code: "451", status: "4.3.5", text: "Filter not ready, try again later"))
    }

    @Test("A message that was in work when the process died passes unscanned")
    func crashJournal() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("journal")
        let fatal = transaction(.spam)
        do {
            let journal = try CrashJournal(path: path)
            #expect(journal.remembered == 0)
            _ = journal.begin(fatal)
            journal.end(journal.begin(transaction(.ham)))
            // The process dies here: nothing says that the first one was answered.
        }
        for _ in 0..<2 {
            let journal = try CrashJournal(path: path)
            #expect(journal.remembered == 1)
            var again = fatal
            again.queueID = "4XNEW"
            again.header.insert(.init(name: "Received", value: Array("again".utf8)), at: 0)
            #expect(journal.begin(again).hasCrashed)
            let ticket = journal.begin(transaction(.ham))
            #expect(!ticket.hasCrashed)
            journal.end(ticket)
        }
        let bench = try Bench()
        let filter = SpamFilter(
            pool: bench.pool, settings: FilterSettings(),
            metrics: FilterMetrics(factory: bench.registry, verdicts: [], actions: [], limits: []),
            logger: Logger(label: "test") { _ in LineHandler(lines: bench.lines) }, version: "t",
            journal: try CrashJournal(path: path))
        let response = filter.filter(fatal) {}
        #expect(response.reply == .accept)
        #expect(inserted(response, "X-Spam-Status")?.contains("reason=crashed-before") == true)
        let other = filter.filter(transaction(.ham)) {}
        #expect(inserted(other, "X-Spam-Status")?.contains("tests=TEXTCNN") == true)
    }

    @Test("More messages than the journal has room for are judged all the same")
    func fullJournal() throws {
        let folder = try TemporaryFolder()
        let journal = try CrashJournal(path: folder.file("journal"))
        let tickets = (0..<2_000).map { number in
            journal.begin(transaction(.ham) { $0.body += Array("\(number)".utf8) })
        }
        #expect(tickets.allSatisfy { !$0.hasCrashed })
        for ticket in tickets { journal.end(ticket) }
        #expect(try CrashJournal(path: folder.file("journal")).remembered == 0)
    }
}
