import ArgumentParser
import Feedback
import Foundation
import Settings
import SiftdDaemon
import SiteLearning
import SiteMemory

struct StoreMigrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Move labels, recent verdicts and retrainings of this host into a database.",
        discussion: """
            All of it arrives or nothing, and what has arrived is read back and compared before the \
            database commits. The database must be empty; the file stays as it is. Stop siftd first. \
            Then let store.url name the database on all hosts. See docs/fleet.md.
            """)

    @Option(help: .init("The database, as in store.url.", valueName: "url")) var to: String
    @Option(help: .init("File whose first line is the password.", valueName: "file"))
    var passwordFile: String?
    @Option(help: .init("Directory of the labels; that of the configuration.", valueName: "dir"))
    var from: String?
    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print the figures as JSON.") var json = false

    func run() async throws {
        try await SystemExit.reporting {
            var settings = try configuration.settings()
            if let from { settings.learn.directory = from }
            var target = settings.store
            target.url = to
            if let passwordFile { target.passwordFile = passwordFile }
            settings.store.url = ""
            guard SiteAccess.exists(settings) else {
                throw SiteFolder.OpenError(
                    path: SiteAccess.folder(settings).storePath, reason: "there are no labels")
            }
            try checkStopped(settings)
            let folder = SiteAccess.folder(settings)
            let progress = ProgressLine()
            let result = try StoreMigration(
                from: try SQLiteFeedbackStore(path: folder.storePath),
                to: PostgreSQLFeedbackStore(
                    try target.connections(), host: settings.fleet.hostName),
                secret: try folder.secret().bytes
            ).run { progress.show("moved: \($0) rows") }
            progress.finish()
            try show(result)
        }
    }

    /// Labels that a daemon takes meanwhile would stay behind.
    private func checkStopped(_ settings: SiftdSettings) throws {
        guard from == nil else { return }
        let path = settings.learn.socket.isEmpty ? Paths.control : settings.learn.socket
        if (try? ControlClient(path: path).isThere()) == true {
            throw FeedbackError(
                .busy, store: SiteAccess.folder(settings).storePath,
                reason: "siftd runs and may take labels; stop it first: systemctl stop siftd")
        }
    }

    private func show(_ result: StoreMigration.Result) throws {
        guard !json else { return try result.printJSON(isPretty: true) }
        print(
            "moved \(result.labels) labels, \(result.history) recent verdicts and "
                + "\(result.retrainings) retrainings, revision \(result.revision)")
        print("read back and compared: SHA-256 \(result.digest)")
        print("now let store.url name the database on each host, and start siftd")
    }
}
