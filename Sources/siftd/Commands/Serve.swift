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
        try await SystemExit.reporting {
            try await Daemon.run(version: Siftd.version) { try configuration.settings() }
        }
    }
}
