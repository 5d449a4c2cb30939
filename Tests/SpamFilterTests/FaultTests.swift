import FilterPolicy
import FilterTestKit
import Foundation
import Learning
import Milter
import Scoring
import SpamFilter
import Synchronization
import Testing

/// Our own faults are policy.
@Suite struct FaultTests {
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
        let bench = try FilterBench { $0.model = nil }
        #expect(
            bench.run(transaction(.spam)).reply
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
            let journal = try reopened(path)
            #expect(journal.remembered == 1)
            var again = fatal
            again.queueID = "4XNEW"
            again.header.insert(.init(name: "Received", value: Array("again".utf8)), at: 0)
            #expect(journal.begin(again).hasCrashed)
            let ticket = journal.begin(transaction(.ham))
            #expect(!ticket.hasCrashed)
            journal.end(ticket)
        }
        let bench = try FilterBench(journal: reopened(path))
        let response = bench.run(fatal)
        #expect(response.reply == .accept)
        #expect(inserted(response, "X-Spam-Status")?.contains("reason=crashed-before") == true)
        let other = bench.run(transaction(.ham))
        #expect(inserted(other, "X-Spam-Status")?.contains("tests=TEXTCNN") == true)
    }

    @Test("What was in work at a crash is forgotten after six days")
    func journalForgets() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("journal")
        let days = Atomic<UInt32>(20_000)
        func journal() throws -> CrashJournal {
            try CrashJournal(path: file) { days.load(ordering: .relaxed) * 86_400 }
        }
        _ = try journal().begin(transaction(.spam))
        days.store(20_005, ordering: .relaxed)
        do {
            let later = try journal()
            #expect(later.begin(transaction(.spam)).hasCrashed)
            days.store(20_012, ordering: .relaxed)
            let ticket = later.begin(transaction(.spam))
            #expect(!ticket.hasCrashed)
            later.end(ticket)
            // A clock that was set back is no reason to forget.
            days.store(19_000, ordering: .relaxed)
            #expect(later.begin(transaction(.spam)).hasCrashed)
            days.store(20_012, ordering: .relaxed)
        }
        #expect(try journal().remembered == 0)
    }

    /// Opens a journal that this test has closed.
    ///
    /// A process that another test is just starting has a copy of every descriptor until its
    /// program runs, and with it the lock.
    private func reopened(_ path: String) throws -> CrashJournal {
        var journal: CrashJournal?
        _ = waitUntil(seconds: 120) {
            journal = try? CrashJournal(path: path)
            return journal != nil
        }
        return try journal ?? CrashJournal(path: path)
    }

    @Test("A stop on purpose blames no message, and a second siftd may not touch the journal")
    func journalForgives() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("journal")
        do {
            let journal = try CrashJournal(path: path)
            _ = journal.begin(transaction(.spam))
            #expect {
                try CrashJournal(path: path)
            } throws: { "\($0)".contains("is in use by another siftd") }
            journal.forgive()
        }
        #expect(try reopened(path).remembered == 0)
    }

    private static let others: [[UInt8]] = [
        Array("[milter]\nsocket = \"unix:/run/siftd/milter.sock\"\n".utf8),
        Array(repeating: UInt8(ascii: "x"), count: 40_960), Array(repeating: 0, count: 40_961), [1],
    ]

    @Test("A file that is no journal is refused, by name and without a change", arguments: others)
    func notAJournal(_ content: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("victim.toml", content)
        let uses: [() throws -> Void] = [
            { try CrashJournal.check(path: path) }, { _ = try CrashJournal(path: path) },
        ]
        for use in uses {
            #expect {
                try use()
            } throws: { error in
                (error as? CrashJournal.OpenError)?.kind == .notAJournal
                    && "\(error)".contains("\(path): is another file")
            }
        }
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == content)
    }

    @Test("An empty file becomes the journal, and one of zeros that a killed start has left")
    func blankJournal() throws {
        let folder = try TemporaryFolder()
        for count in [0, 4_096, 40_960] {
            let path = try folder.write("\(count)", [UInt8](repeating: 0, count: count))
            try CrashJournal.check(path: path)
            _ = try CrashJournal(path: path).begin(transaction(.spam))
            try CrashJournal.check(path: path)
            #expect(try reopened(path).remembered == 1)
            try CrashJournal.check(path: path)
        }
        try CrashJournal.check(path: folder.file("none"))
    }

    @Test("More messages than the journal has room for are judged all the same")
    func fullJournal() throws {
        let folder = try TemporaryFolder()
        do {
            let journal = try CrashJournal(path: folder.file("journal"))
            let tickets = (0..<2_000).map { number in
                journal.begin(transaction(.ham) { $0.body += Array("\(number)".utf8) })
            }
            #expect(tickets.allSatisfy { !$0.hasCrashed })
            for ticket in tickets { journal.end(ticket) }
        }
        #expect(try reopened(folder.file("journal")).remembered == 0)
    }

    @Test("A message with more recipients than are kept is a fault, for nobody's policy is known")
    func tooManyRecipients() throws {
        let bench = try bench { $0.policy.faults.onError = .quarantine }
        let response = bench.run(transaction(.ham) { $0.areRecipientsCut = true })
        #expect(response.modifications.last == .quarantine(reason: "siftd: not scanned"))
        #expect(bench.lines.all.last?.contains("reason=too-many-recipients") == true)
    }

    @Test("A message that began while siftd was stopping is put off, and logged")
    func late() throws {
        let bench = try FilterBench()
        let response = bench.run(transaction(.spam) { $0.isLate = true })
        #expect(
            response.reply
                == .tempfail(
                    code: "421", status: "4.3.2", text: "Filter shutting down, try again later"))
        #expect(bench.lines.all.last?.contains("action=tempfail") == true)
        #expect(bench.lines.all.last?.contains("reason=shutting-down") == true)
    }

    @Test("New settings and model come in one piece; a message keeps what it began with")
    func snapshot() throws {
        let bench = try FilterBench()
        bench.live.snapshot.withLock { snapshot in
            snapshot.model = nil
            snapshot.policy.faults.onNoModel = .accept
        }
        let response = bench.run(transaction(.spam))
        #expect(inserted(response, "X-Spam-Status")?.contains("reason=no-model") == true)
    }
}
