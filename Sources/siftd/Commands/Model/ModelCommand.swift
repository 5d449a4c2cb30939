import ArgumentParser
import Foundation
import ModelRegistry
import Settings
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

/// `--registry DIR` of a command that needs nothing else of the configuration.
struct RegistryOption: ParsableArguments {
    @OptionGroup var directory: ConfiguredRegistryOption
    @OptionGroup var config: ConfigurationOption

    /// Opens the registry; reads the configuration only where no directory is given.
    ///
    /// - Throws: `RegistryError`, and `SettingsErrors`.
    func open() throws -> ModelRegistry {
        try ModelRegistry(path: directory.registry ?? directory.path(config.settings()))
    }

    /// Says that a daemon must be told of a switch.
    static func remindOfReload() {
        SystemExit.complain(
            "a running daemon takes it at the next reload: systemctl reload siftd; where hosts share "
                + "a model, it proposes it to all by itself")
    }

    /// Now, in seconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}

/// `--registry DIR` of a command that reads the configuration.
struct ConfiguredRegistryOption: ParsableArguments {
    @Option(
        name: .long,
        help: .init(
            "Directory of the versions (default: learn.registry, or \(Paths.registry)).",
            valueName: "dir"))
    var registry: String?

    /// The directory: the option's, else that of the configuration.
    func path(_ settings: SiftdSettings) -> String { registry ?? SiteAccess.registry(settings) }
}
