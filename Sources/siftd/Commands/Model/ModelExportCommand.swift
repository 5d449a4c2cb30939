import ArgumentParser
import KerasImport
import Models
import SiftdDaemon

/// `siftd model export`.
struct ModelExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a trained model for Keras or ONNX Runtime.",
        discussion: """
            The input is `ids`, the ids of messages, filled up with 0 at the end. A model with a linear \
            term has another input `buckets`, filled up with the number of buckets. A model that scores \
            by segments takes segments in place of messages, and a third input `blocked`, which says \
            where no window may begin. docs/keras.md tells how to compute them. The output is the \
            logits before calibration.
            """)

    @Option(help: .init("The model; the active one by default.", valueName: "dir")) var model = ""
    @Option(help: "keras, onnx or safetensors.") var format = ModelExport.Format.keras
    @Option(help: .init("The file to write; must not exist.", valueName: "file")) var output: String

    func run() async throws {
        try await SystemExit.reporting {
            try ModelBundle.checkIsFree(output)
            let bundle = try ModelBundle(directory: Paths.model(model))
            let bytes = try ModelExport.file(bundle, as: format)
            try OutputFile.write(bytes, to: output, isNew: true)
        }
    }
}

extension ModelExport.Format: ExpressibleByArgument {}
