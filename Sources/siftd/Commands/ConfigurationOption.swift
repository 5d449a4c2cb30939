import ArgumentParser
import Foundation
import Settings
import SiftdDaemon

/// `--config FILE`.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .long,
        help: .init(
            "Configuration file (default: \(Paths.configuration), or built-in defaults).",
            valueName: "file"))
    var config: String?

    /// Reads the file, what belongs to it, and the environment.
    ///
    /// - Throws: `SettingsErrors`.
    func settings() throws -> SiftdSettings {
        let environment = ProcessInfo.processInfo.environment
        if let config { return try SettingsFile.read(path: config, environment: environment) }
        guard FileManager.default.fileExists(atPath: Paths.configuration) else {
            return try SettingsFile.defaults(environment: environment)
        }
        return try SettingsFile.read(path: Paths.configuration, environment: environment)
    }
}
