import ArgumentParser
import SiftdDaemon

/// `siftd serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the daemon in the foreground.",
        discussion: """
            TERM stops in order: messages in progress are finished first; a second TERM stops at \
            once. HUP and USR1 reload the configuration and the model; if either has a mistake, \
            the running ones stay in force.
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        do {
            try await SystemExit.reporting {
                try await Daemon.run(version: Siftd.version) { try configuration.settings() }
            }
        } catch {
            let option = configuration.config.map { " --config \($0)" } ?? ""
            SystemExit.note(
                "siftd doctor\(option) looks at the whole set-up and says what to change")
            throw error
        }
    }
}
