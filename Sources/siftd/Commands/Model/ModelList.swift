import ArgumentParser
import Foundation
import ModelRegistry
import SiftdDaemon

struct ModelList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the versions, the oldest first.",
        discussion:
            "* marks the active one, < the one that a rollback leads to, ~ one that scores beside it."
    )

    @OptionGroup var registry: RegistryOption
    @Flag(help: "Print JSON.") var json = false

    private struct Line: Encodable {
        var id: String
        var active: Bool
        var rollback: Bool
        var shadow: Bool
        var bytes: Int64
        var lineage: ModelLineage?
    }

    func run() async throws {
        try await SystemExit.reporting {
            let versions = try registry.open().list()
            if json {
                return try versions.map {
                    Line(
                        id: $0.id, active: $0.isActive, rollback: $0.isRollbackTarget,
                        shadow: $0.isShadow, bytes: $0.bytes, lineage: $0.lineage)
                }.printJSON(isPretty: true)
            }
            for version in versions { print(ModelList.line(version)) }
            if versions.isEmpty {
                SystemExit.complain(
                    "no version yet: a retraining or siftd calibrate makes the first; until then the "
                        + "model is \(Paths.model(""))")
            }
        }
    }

    private static func line(_ version: RegisteredModel) -> String {
        let mark =
            version.isActive
            ? "*" : version.isShadow ? "~" : version.isRollbackTarget ? "<" : " "
        var words = ["\(mark) \(version.id)"]
        if let lineage = version.lineage {
            words.append(lineage.origin.rawValue)
            words.append(Date(timeIntervalSince1970: Double(lineage.added)).formatted(.iso8601))
            if let parent = lineage.parent { words.append("from \(parent)") }
            if lineage.labels > 0 { words.append("\(lineage.labels) labels") }
        }
        words.append("\(version.bytes / 1_000_000) MB")
        return words.joined(separator: "  ")
    }
}
