import Feedback
import Foundation
import PostgreSQL

/// A small program that the tests of `Feedback` start, kill and run twice at once.
///
/// `feedback-probe write STORE FIRST COUNT` stores labels and prints the number of each step after
/// the store has acknowledged it; with a fifth argument all are by that source, and with a sixth
/// the labels wait in that spool while the database is away. STORE is a file, or a URL.
///
/// `feedback-probe bench STORE COUNT` measures a store, see ``StoreBench``.
///
/// `feedback-probe hold STORE JOB` renews the lease of a retraining as a process of another host,
/// prints a line, and waits to be killed.
///
/// `feedback-probe deliver STORE SPOOL` delivers what a spool holds and dies when the database has
/// the first operation, before it is removed from the spool.
@main enum FeedbackProbe {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4 else { exit(2) }
        do {
            switch arguments[1] {
            case "bench":
                try StoreBench(
                    store: store(arguments[2], spool: nil), count: Int(arguments[3]) ?? 0
                ).run()
            case "hold": try hold(Int64(arguments[3]) ?? 0, of: arguments[2])
            case "deliver": try deliver(arguments[3], to: arguments[2])
            default: try write(arguments)
            }
        } catch {
            print("error \(error)")
            exit(1)
        }
    }

    private static func shared(_ url: String) throws -> PostgreSQLFeedbackStore {
        PostgreSQLFeedbackStore(
            PostgreSQLPool(try PostgreSQLAddress(url: url), size: 2), host: "probe")
    }

    private static func store(_ name: String, spool: String?) throws -> any FeedbackStore {
        guard name.hasPrefix("postgresql:") else { return try SQLiteFeedbackStore(path: name) }
        guard let spool else { return try shared(name) }
        let store = SpooledFeedbackStore(try shared(name), spool: try LabelSpool(path: spool))
        store.delivery.start()
        return store
    }

    private static func hold(_ job: Int64, of url: String) throws {
        let store = try shared(url)
        try store.renewRetraining(
            job, owner: LeaseOwner(domain: "another boot", processID: 1, startTicks: 1),
            progress: "{}", until: try store.time() + 900)
        FileHandle.standardOutput.write(Data("held\n".utf8))
        while true { sleep(60) }
    }

    private static func deliver(_ spool: String, to url: String) throws {
        let delivery = SpoolDelivery(
            from: try LabelSpool(path: spool), to: try shared(url)
        ) { event in
            guard case .delivered = event else { return }
            kill(getpid(), SIGKILL)
        }
        try delivery.deliver()
    }

    private static func write(_ arguments: [String]) throws {
        guard let first = Int(arguments[3]) else { exit(2) }
        let count = arguments.count > 4 ? Int(arguments[4]) ?? 0 : .max
        let source = arguments.count > 5 ? arguments[5] : "admin"
        let store = try store(arguments[2], spool: arguments.count > 6 ? arguments[6] : nil)
        var step = first
        while step - first < count {
            _ = try store.add([label(step, source)])
            // One write(2) a line, so that what is printed was acknowledged.
            FileHandle.standardOutput.write(Data("\(step)\n".utf8))
            step += 1
        }
    }

    /// Step n labels message n as spam; every third relabels the message of three steps before.
    private static func label(_ step: Int, _ source: String) throws -> NewLabel {
        let isRelabelling = step % 3 == 2
        let message = isRelabelling ? step - 2 : step
        let bytes = withUnsafeBytes(of: UInt64(message).bigEndian) { Array($0) }
        guard let digest = MessageDigest(bytes + [UInt8](repeating: 7, count: 24)) else { exit(2) }
        return NewLabel(
            digest: digest, labelClass: isRelabelling ? .ham : .spam,
            source: try LabelSource(parsing: source), way: .command, time: 1_800_000_000,
            score: MessageScore(verdict: "ham", probability: 0.5, modelID: "m", modelLogit: 0),
            features: LabelFeatures(version: 1, bytes: [UInt8](repeating: 1, count: 100)))
    }
}
