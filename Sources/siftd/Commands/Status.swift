import ArgumentParser
import Fleet
import Foundation
import Settings
import SiftdDaemon

/// `siftd status`.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the hosts that share labels and a model.",
        discussion: """
            It asks the database that store.url names, on any host, whether a daemon runs there or \
            not. The exit code is 0 when every host was heard of lately and scores with the model \
            of all, 1 when one was not or does not, 69 when the database does not answer.
            """)

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Show all hosts; needs store.url.") var fleet = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard fleet else {
            throw ValidationError(
                "say what: --fleet for all hosts; siftd learn --status shows what this host learns")
        }
    }

    func run() async throws {
        try await SystemExit.reporting {
            let settings = try configuration.settings()
            let status = try FleetStore(settings.store.pool()).status()
            if json {
                try status.printJSON(isPretty: true)
            } else {
                print(FleetTable(status).text, terminator: "")
            }
            if !status.isWell { throw ExitCode(1) }
        }
    }
}
