import ArgumentParser
import Foundation
import Settings
import SiftdDaemon
import SpamFilter

/// The file that is read when nobody names one; it may be absent.
let defaultConfigurationFile = "/etc/siftd/siftd.toml"

struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .long,
        help: .init(
            "Configuration file (default: \(defaultConfigurationFile), or built-in defaults).",
            valueName: "file"))
    var config: String?

    /// - Throws: ``SettingsErrors``.
    func settings() throws -> SiftdSettings {
        let environment = ProcessInfo.processInfo.environment
        if let config { return try SettingsFile.read(path: config, environment: environment) }
        guard FileManager.default.fileExists(atPath: defaultConfigurationFile) else {
            return try SettingsFile.defaults(environment: environment)
        }
        return try SettingsFile.read(path: defaultConfigurationFile, environment: environment)
    }
}

struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check the configuration; exit 0 when it is right, 78 when not.",
        discussion: """
            Read are the file, then conf.d/*.toml beside it in the order of their names, then \
            environment variables such as SIFTD_POLICY_MODE=monitor, and the allow and deny files \
            that they name. What comes later wins.
            """)

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print every effective value.") var dump = false
    @Flag(help: "Print the sample file: every key with its default and a comment.")
    var sample = false

    func run() async throws {
        try await SystemExit.reporting {
            if sample {
                return print(SettingsFile.show(SiftdSettings(), commented: true), terminator: "")
            }
            let settings = try configuration.settings()
            _ = try FilterSettings(settings, model: nil)
            if dump { print(SettingsFile.show(settings), terminator: "") }
        }
    }
}
