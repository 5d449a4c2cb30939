import Foundation

/// The reference models of Keras beside a checkout, with the results that Keras gives; they are
/// never committed.
///
/// Tests that need them are skipped where they are absent.
public enum SharedKerasModels {
    /// The folder: `SIFTD_KERAS_MODELS`, else `keras` beside the corpora; nil without either.
    public static let folder: String? = {
        let chosen = ProcessInfo.processInfo.environment["SIFTD_KERAS_MODELS"]
        let beside = SharedCorpora.folder.map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("keras")
                .path
        }
        return [chosen, beside].compactMap { $0 }.first {
            FileManager.default.fileExists(atPath: "\($0)/refused")
        }
    }()

    /// Whether this machine has the models.
    public static var isPresent: Bool { folder != nil }

    /// The folders of the models that must be imported, or of the files that must be refused.
    public static func folders(refused: Bool) -> [String] {
        guard let folder else { return [] }
        let parent = refused ? "\(folder)/refused" : folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.sorted().map { "\(parent)/\($0)" }.filter {
            FileManager.default.fileExists(atPath: "\($0)/expected.json")
        }
    }
}
