import Corpora
import Foundation
import Learning

/// The labelled mail beside a checkout, which is never committed.
///
/// Tests that need it are skipped where it is absent.
public enum SharedCorpora {
    /// The folder: `SIFTD_CORPORA`, else `shared/corpora` beside the checkout; nil without either.
    public static let folder: String? = {
        let chosen = ProcessInfo.processInfo.environment["SIFTD_CORPORA"]
        let beside = Checkout.folder.deletingLastPathComponent()
            .appendingPathComponent("shared/corpora").path
        return [chosen, beside].compactMap { $0 }.first {
            FileManager.default.fileExists(atPath: "\($0)/README.md")
        }
    }()

    /// Whether this machine has the corpora.
    public static var isPresent: Bool { folder != nil }

    /// The first messages of a set for which a predicate holds.
    ///
    /// - Parameters:
    ///   - file: name of the set's file in ``folder``.
    ///   - limit: the maximum number of messages.
    ///   - keep: the predicate.
    /// - Returns: the messages in the set's order; none without the corpora.
    /// - Throws: `CorpusError`.
    public static func messages(
        _ file: String, limit: Int, where keep: @escaping (CorpusMessage) -> Bool = { _ in true }
    ) throws -> [CorpusMessage] {
        guard let folder else { return [] }
        struct Enough: Error {}
        var found: [CorpusMessage] = []
        do {
            try Corpus(argument: "\(folder)/\(file)").forEach { message in
                guard keep(message) else { return }
                found.append(message)
                if found.count == limit { throw Enough() }
            }
        } catch is Enough {}
        return found
    }
}
