import ArgumentParser
import Foundation
import ModelRegistry
import SiftdDaemon

/// `siftd model`.
struct Model: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the versions of the model, choose the active one, import and export.",
        subcommands: [
            ModelList.self, ModelShow.self, ModelActivate.self, ModelRollback.self,
            ModelDiscard.self, ModelPrune.self, ModelImport.self, ModelExportCommand.self,
            ModelPropose.self, ModelKeygen.self,
        ])
}

/// `--registry DIR`.
struct RegistryOption: ParsableArguments {
    @Option(
        name: .long,
        help: .init("Directory of the versions (default: \(Paths.registry)).", valueName: "dir"))
    var registry = Paths.registry

    /// Opens the registry.
    ///
    /// - Throws: `RegistryError`.
    func open() throws -> ModelRegistry { try ModelRegistry(path: registry) }

    /// Says that a daemon must be told of a switch.
    func remindOfReload() {
        SystemExit.complain(
            "a running daemon takes it at the next reload: systemctl reload siftd; where hosts share "
                + "a model, it proposes it to all by itself")
    }

    /// Now, in seconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
