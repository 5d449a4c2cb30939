import ArgumentParser
import Feedback
import Foundation
import Settings
import SiftdDaemon
import SiteMemory

struct StoreStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say where the labels are, what the store holds, and what waits for it.",
        discussion: "The exit code is 69 when the database does not answer.")

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        try await SystemExit.reporting {
            let settings = try configuration.settings()
            guard let store = try SiteAccess.store(settings) else {
                throw SiteFolder.OpenError(
                    path: SiteAccess.folder(settings).path, reason: "nothing is learnt here")
            }
            let report = StoreReport(store, settings)
            if json { try report.printJSON(isPretty: true) } else { report.printText() }
            if let error = report.error {
                SystemExit.complain(error)
                throw ExitCode(SystemExit.unavailable)
            }
        }
    }
}

struct StoreCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look through the whole label store for damage.")

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        try await SystemExit.reporting {
            let settings = try configuration.settings()
            guard let store = try SiteAccess.store(settings) else {
                throw SiteFolder.OpenError(
                    path: SiteAccess.folder(settings).path, reason: "nothing is learnt here")
            }
            try store.check()
            print("no damage")
        }
    }
}

/// What `siftd store status` says.
private struct StoreReport: Encodable {
    /// The path of the file, or the address of the database.
    var store: String
    /// Why the database does not answer; nil when it does.
    var error: String?
    var labels: Int?
    var inForce: Int?
    var newLabels: Int?
    var history: Int?
    var revision: Int64?
    var bytes: Int64?
    var retraining: String?
    /// This host's name; nil for a file.
    var host: String?
    var waiting: Int?
    var oldestWaiting: Int64?
    var refused: Int?
    var lastRefusal: String?

    enum CodingKeys: String, CodingKey {
        case store, error, labels, history, revision, bytes, retraining, host, waiting, refused
        case inForce = "in_force"
        case newLabels = "new_labels"
        case oldestWaiting = "oldest_waiting"
        case lastRefusal = "last_refusal"
    }

    init(_ store: any FeedbackStore, _ settings: SiftdSettings) {
        self.store = SiteAccess.folder(settings).storePath
        if let store = store as? SpooledFeedbackStore {
            self.store = store.shared.address
            host = settings.fleet.hostName
            let status = try? store.spool.status()
            waiting = status?.entries
            oldestWaiting = status?.oldest
            refused = status?.refused
            if let reason = status?.lastRefusal, !reason.isEmpty { lastRefusal = reason }
        }
        do {
            let status = try store.status()
            labels = status.states.values.reduce(0, +)
            inForce = status.states[.active, default: 0]
            newLabels = status.newLabels
            history = status.history
            revision = status.revision
            bytes = status.bytes
            retraining = status.lastRetraining.map(LearningStatus.words)
        } catch { self.error = "\(error)" }
    }

    func printText() {
        print("store: \(store)")
        if let host { print("this host: \(host)") }
        if let labels, let inForce, let newLabels {
            print("labels: \(labels), \(inForce) in force, \(newLabels) new")
        }
        if let history { print("recent verdicts: \(history)") }
        if error == nil { print("last retraining: \(retraining ?? "none")") }
        if let revision, let bytes { print("revision: \(revision); size: \(bytes) bytes") }
        guard let waiting else { return }
        let since = oldestWaiting.map {
            ", since " + Date(timeIntervalSince1970: Double($0)).formatted(.iso8601)
        }
        print("waiting on this host: \(waiting)\(since ?? "")")
        if let refused, refused > 0 {
            print("refused by the database for good: \(refused), last: \(lastRefusal ?? "")")
        }
    }
}
