import ArgumentParser
import Doctor
import Foundation
import Settings
import SiftdDaemon

/// `siftd doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the set-up as the mail server sees it; say what to change.",
        discussion: """
            It reads the configuration, loads the model, asks Postfix (postconf) and Sendmail what they \
            are told, looks at permissions, asks the database that store.url names, and passes a message \
            through the running daemon, whose log names it DOCTOR; the history leaves it out. Nothing is \
            changed. The exit code is 0 when all is well, 1 with warnings, 2 with failures. Run it as \
            root, who may look at everything.
            """)

    @OptionGroup var configuration: ConfigurationOption
    @Option(
        help: .init("Who runs the daemon (default: siftd if there is one).", valueName: "name"))
    var user: String?
    @Option(
        help: .init("Postfix's configuration (default: its own).", valueName: "dir"))
    var postfixConfig = ""
    @Flag(help: "Send no message through the daemon.") var noMessage = false
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        if let user, Account(system: user) == nil {
            throw ValidationError("--user: the system has no user \(user)")
        }
    }

    func run() async throws {
        let diagnosis = Diagnosis(surroundings)
        if json {
            try diagnosis.printJSON(isPretty: true)
        } else {
            print(diagnosis.text, terminator: "")
        }
        if diagnosis.exitCode != 0 { throw ExitCode(diagnosis.exitCode) }
    }

    private var surroundings: Surroundings {
        let settings: Result<SiftdSettings, SettingsErrors>
        do {
            let read = try configuration.settings()
            _ = try read.lists.read()
            settings = .success(read)
        } catch let errors as SettingsErrors {
            settings = .failure(errors)
        } catch {
            settings = .failure(
                SettingsErrors([SettingsError(file: "settings", line: 0, reason: "\(error)")]))
        }
        let account = user.flatMap { Account(system: $0) } ?? Account(system: "siftd")
        var surroundings = Surroundings(settings, daemonUser: account ?? .current)
        let path = configuration.config ?? Paths.configuration
        if FileManager.default.fileExists(atPath: path) { surroundings.configuration = path }
        surroundings.postconf = Postconf.runner(folder: postfixConfig)
        if !noMessage { surroundings.sendMessage = { MilterTrial.run($0) } }
        let daemonUser = surroundings.daemonUser
        surroundings.askDatabase = { DatabaseTrial.run($0, as: daemonUser) }
        return surroundings
    }
}
