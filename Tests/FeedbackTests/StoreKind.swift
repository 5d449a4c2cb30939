import Feedback
import FilterTestKit
import Foundation
import PostgreSQL
import Testing

/// A kind of store that the tests of ``FeedbackStore`` run with; a new implementation is added to
/// ``all``.
struct StoreKind: Sendable, CustomTestStringConvertible {
    /// An empty store, with a way to open it a second time.
    struct Fixture {
        /// The store.
        var store: any FeedbackStore
        /// Opens the same store as another process would.
        var another: () throws -> any FeedbackStore
    }

    var testDescription: String
    /// Creates an empty store.
    var create: @Sendable (FeedbackOptions) throws -> Fixture

    /// Creates an empty store, with the default limits unless these are given.
    func make(_ change: (inout FeedbackOptions) -> Void = { _ in }) throws -> Fixture {
        var options = FeedbackOptions()
        change(&options)
        return try create(options)
    }

    /// Holds the stores of all tests, because none knows when a test is done with its store.
    private static let folder = Result { try TemporaryFolder() }
    /// Statics are never freed.
    private static let removal: Void = {
        atexit { try? FileManager.default.removeItem(atPath: StoreKind.folder.get().path) }
    }()

    static let sqlite = StoreKind(testDescription: "SQLite") { options in
        _ = removal
        let path = try folder.get().file(UUID().uuidString)
        let open = { try SQLiteFeedbackStore(path: path, options: options) }
        return Fixture(store: try open(), another: open)
    }

    /// A database of its own on one server for all tests.
    static let postgresql = StoreKind(testDescription: "PostgreSQL") { options in
        let server = try PostgreSQLServer.shared.get()
        let address = try PostgreSQLAddress(url: server.url(try server.database()))
        let open = {
            PostgreSQLFeedbackStore(
                PostgreSQLPool(address, size: 2), options: options, host: "a test")
        }
        return Fixture(store: open(), another: open)
    }

    /// Those that this machine has the programs for.
    static let all = [sqlite] + (PostgreSQLServer.isInstalled ? [postgresql] : [])
}

/// Short names for the labels of a test.
enum Sample {
    /// The time of most labels, in seconds since 1970.
    static let now: Int64 = 1_800_000_000

    /// The digest of a numbered message.
    static func digest(_ message: Int) throws -> MessageDigest {
        let bytes = withUnsafeBytes(of: UInt64(message).bigEndian) { Array($0) }
        return try #require(MessageDigest(bytes + [UInt8](repeating: 7, count: 24)))
    }

    /// A label for a numbered message.
    static func label(
        _ message: Int, _ labelClass: LabelClass, by source: String = "user:alice@example.org",
        at time: Int64 = now, near key: UInt64? = nil, logit: Double = 1.5
    ) throws -> NewLabel {
        NewLabel(
            digest: try digest(message), labelClass: labelClass,
            source: try LabelSource(parsing: source), way: .command, time: time,
            score: MessageScore(
                verdict: "ham", probability: 0.25, modelID: "m1", modelLogit: logit),
            features: LabelFeatures(
                version: 1, bytes: [UInt8(truncatingIfNeeded: message), 0, 255]),
            payload: LabelPayload(.tokens, bytes: Array("a b".utf8)),
            senderDomain: "example.net", nearDuplicateKey: key)
    }

    /// An entry of the history for a numbered message.
    static func entry(
        _ message: Int, verdict: String = "ham", domain: String = "example.net"
    ) throws -> HistoryEntry {
        HistoryEntry(
            time: now + Int64(message), digest: try digest(message), queueID: "Q\(message)",
            senderDomain: domain,
            score: MessageScore(
                verdict: verdict, probability: 0.5, modelID: "m1", modelLogit: 0.25),
            action: "accept", features: LabelFeatures(version: 1, bytes: [1]),
            nearDuplicateKey: .max)
    }
}

extension FeedbackStore {
    /// The active labels in their order, as `message class`, such as `1 spam`.
    func active() throws -> [String] {
        var labels: [String] = []
        _ = try replay(withPayload: false) { stored in
            let number = stored.label.digest.bytes.prefix(8).reduce(0) { $0 << 8 | Int($1) }
            labels.append("\(number) \(stored.label.labelClass)")
        }
        return labels
    }

    /// The active labels in their order with all that decides about a replay's bits.
    func replayed() throws -> [StoredLabel] {
        var labels: [StoredLabel] = []
        _ = try replay(withPayload: true) { labels.append($0) }
        return labels
    }

    /// Stores a label and returns what became of it.
    func outcome(_ label: NewLabel) throws -> LabelReceipt.Outcome { try add(label).outcome }
}
