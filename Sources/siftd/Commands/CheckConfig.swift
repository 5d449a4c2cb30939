import ArgumentParser
import Settings
import SiftdDaemon

/// `siftd check-config`.
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check the configuration; exit 0 when it is sound, 78 when not.",
        discussion: """
            siftd reads the file, then conf.d/*.toml beside it in the order of their names, then \
            environment variables such as SIFTD_POLICY_MODE=monitor; what comes later wins. Allow \
            and deny files, token files and the crash journal are looked at as a start does.
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
            _ = try settings.lists.read()
            try settings.checkFiles()
            for warning in settings.warnings { SystemExit.note("\(warning)") }
            if dump { print(SettingsFile.show(settings), terminator: "") }
        }
    }
}
