import ArgumentParser
import ModelRegistry
import Models
import TextCNN

struct ModelShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a version as JSON: lineage, thresholds, activations.",
        discussion: """
            shadow has the messages that a candidate judged otherwise than the model in force, \
            with reasons, while it scored beside it (learn.shadow_hours).
            """)

    @OptionGroup var registry: RegistryOption
    @Flag(help: "Include report.json: data, options, epochs, measures.") var report = false
    @Argument(help: .init("The version; the active one by default.", valueName: "id"))
    var id: String?

    private struct Shown: Encodable {
        var id: String
        var active: Bool
        var trained: String
        var labels: [String]
        var thresholds: [String: Threshold]
        var calibration: Calibration
        var lineage: ModelLineage?
        var activations: [ModelActivation]
        var shadow: ModelShadow?
        var report: JSONValue?
    }

    func run() async throws {
        try await SystemExit.reporting {
            let registry = try registry.open()
            guard let id = try id ?? registry.active() else {
                throw RegistryError(
                    .unknownVersion, registry: registry.path,
                    reason: "no version is active; name one of `siftd model list`")
            }
            let details = try registry.show(id)
            let configuration = details.configuration
            try Shown(
                id: id, active: details.model.isActive, trained: configuration.trained,
                labels: configuration.labels, thresholds: configuration.thresholds,
                calibration: configuration.calibration, lineage: details.model.lineage,
                activations: details.activations,
                shadow: registry.shadow().flatMap { $0.version == id ? $0 : nil },
                report: report ? details.report : nil
            ).printJSON(isPretty: true)
        }
    }
}
