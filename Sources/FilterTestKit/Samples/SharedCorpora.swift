import Corpora
import Foundation
import Learning

/// The labelled mail that lies beside a checkout and is never committed. Tests that need it are
/// skipped where it is absent.
public enum SharedCorpora {
    /// The folder, or nil: `SIFTD_CORPORA`, else `shared/corpora` beside the checkout.
    public static let folder: String? = {
        var candidates: [String] = []
        if let chosen = ProcessInfo.processInfo.environment["SIFTD_CORPORA"] {
            candidates.append(chosen)
        }
        candidates.append(
            Checkout.folder.deletingLastPathComponent().appendingPathComponent("shared/corpora")
                .path)
        return candidates.first { FileManager.default.fileExists(atPath: "\($0)/README.md") }
    }()

    public static var isPresent: Bool { folder != nil }

    /// The first messages of a set that a predicate picks.
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
