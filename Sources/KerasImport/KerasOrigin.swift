import Foundation
import Models
import TextCNN

/// Where an imported model came from, for its report and card.
struct KerasOrigin {
    var name: String
    var version: String
    var form: String
    var output: OutputForm
    var notes: [String]

    init(name: String, file: KerasFile, form output: OutputForm, notes: [String]) {
        self.name = name
        version =
            file.versionText.isEmpty
            ? "Keras \(file.version.major)" : "Keras \(file.versionText)"
        form = file.form
        self.output = output
        self.notes = notes
    }

    var report: JSONValue {
        .object([
            "imported": .object([
                "file": .string(name), "keras": .string(version), "form": .string(form),
                "output": .string(output.rawValue),
                "notes": .array(notes.map { .string($0) }),
            ])
        ])
    }

    /// The card in Markdown.
    func card(_ configuration: ModelConfiguration, _ network: LayerNetwork) -> String {
        let weights = network.tensors.reduce(0) { $0 + $1.values.count }
        var lines = [
            "# \(configuration.id)", "",
            "Imported from \(KerasImportError.line(name)), written by \(version) (\(form)).", "",
            "- Labels: \(configuration.labels.joined(separator: ", "))",
            "- Layers: \(network.graph.layers.count), with \(weights) weights in 32-bit floats",
            "- Text: the model's own text step, on subject and visible text",
            "- Thresholds: none; those of the configuration hold. `siftd evaluate` measures it.",
        ]
        lines += notes.map { "- Note: \(KerasImportError.line($0))" }
        return lines.joined(separator: "\n") + "\n"
    }
}
