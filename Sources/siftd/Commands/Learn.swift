import ArgumentParser
import Corpora
import Feedback
import Foundation
import Glibc
import Settings
import SiftdDaemon
import SiteMemory

/// `siftd learn`.
struct Learn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Teach siftd which messages are wanted; each counts from the next message on.",
        discussion: """
            PATH is a message, a directory, an mbox file, a Maildir, an archive, or - for standard \
            input, which is read when no PATH is given. The running daemon stores the label; where \
            none listens on the socket, siftd writes into the label store itself. The exit code is 0 \
            when every label is stored, 1 when one is not or a file is no mail, 65 when a PATH, or a \
            file or folder in it, can't be read, 66 when a PATH does not exist (the others are \
            learnt), 69 when the daemon does not answer, 77 when this user may not teach.
            """)

    /// Which label, or what else.
    enum Mode: EnumerableFlag {
        case spam, ham, forget, status, undo, confirm

        static func help(for mode: Mode) -> ArgumentHelp? {
            switch mode {
            case .spam: "The messages are spam."
            case .ham: "The messages are wanted."
            case .forget: "Take back what was said of the messages."
            case .status: "Show how many labels there are, and when the model is retrained."
            case .undo: "Take back the labels that --labels selects; no messages are read."
            case .confirm:
                "Let labels that --labels selects count though they were over a quota; no messages are read."
            }
        }
    }

    @Flag(exclusivity: .exclusive)
    var mode: Mode?
    @Option(help: .init("Another label of the model.", valueName: "name")) var label: String?
    @Option(
        help: .init(
            "Who says so: admin, user:ADDRESS, trap:ADDRESS, reply:ADDRESS. Root is admin by default, others are user:NAME.",
            valueName: "who"))
    var source: String?
    @Option(help: .init("How it comes: command, imap, csv, http.", valueName: "way"))
    var way = "command"
    @Option(help: .init("The mailbox that the message is in.", valueName: "address"))
    var mailbox: String?
    @Option(
        help: .init(
            "With --undo or --confirm: labels by=SOURCE, person=ADDRESS, mailbox=ADDRESS, digest=HEX, before=SECONDS, or all=1.",
            valueName: "what"))
    var labels: String?
    @Option(help: .init("The daemon's socket; nothing is learnt without it.", valueName: "file"))
    var socket: String?
    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print one JSON object a message.") var json = false
    @Flag(help: "Print the summary and what went wrong only.") var quiet = false
    @Argument(help: .init("What to learn.", valueName: "path")) var paths: [String] = []

    func validate() throws {
        if mode == nil, label == nil {
            throw ValidationError(
                "say what: --spam, --ham, --label NAME, --forget, --status, --undo or --confirm")
        }
        if mode != nil, label != nil { throw ValidationError("--label excludes the other flags") }
        if let mode, mode == .undo || mode == .confirm || mode == .status {
            guard paths.isEmpty else {
                throw ValidationError(
                    "--\(mode) reads no messages, so \(paths[0]) means nothing; leave it out")
            }
        }
        if mode == .undo || mode == .confirm {
            _ = try selection
        } else if labels != nil {
            throw ValidationError(
                "--labels is for --undo and --confirm; name the messages by their paths")
        }
        _ = try request
    }

    func run() async throws {
        // A reader of the output that leaves, such as head(1), must not stop what is learnt.
        signal(SIGPIPE, SIG_IGN)
        try await SystemExit.reporting { try run(at: try desk()) }
    }

    /// The daemon; or the store, if no daemon listens and none was asked for by name.
    private func desk() throws -> any LearningDesk {
        // Users of an IMAP server need not be able to read the configuration.
        guard socket == nil else { return ControlClient(path: socket ?? "") }
        let settings = try configuration.settings()
        let path = settings.learn.socket.isEmpty ? Paths.control : settings.learn.socket
        let client = ControlClient(path: path)
        return try client.isThere() ? client : try LocalDesk(settings)
    }

    private func run(at desk: any LearningDesk) throws {
        switch mode {
        case .status: try show(desk.status())
        case .undo: try show(desk.change(try selection, confirms: false), "taken back")
        case .confirm: try show(desk.change(try selection, confirms: true), "confirmed")
        default: try learn(at: desk)
        }
    }

    // MARK: Messages

    private func learn(at desk: any LearningDesk) throws {
        let request = try request
        var tally = LearningTally(isForgetting: request.labelClass == nil)
        var unreadable: (any Error)?
        defer { if !json, quiet || tally.total > 1 { print(tally.line) } }
        for path in paths.isEmpty ? ["-"] : paths {
            do {
                try learn(path, request, at: desk, &tally)
            } catch let error as CorpusError {
                SystemExit.complain("\(error)")
                unreadable = unreadable ?? error
            }
        }
        if let unreadable { throw ExitCode(SystemExit.code(for: unreadable)) }
        if tally.hasInaccessible { throw ExitCode(SystemExit.badData) }
        if !tally.isComplete { throw ExitCode(1) }
    }

    /// Learns what a path holds; one file's content is in memory at a time.
    private func learn(
        _ path: String, _ request: LearningRequest, at desk: any LearningDesk,
        _ tally: inout LearningTally
    ) throws {
        let corpus = Corpus(argument: path)
        guard corpus.label == nil else {
            throw CorpusError(.missing, path: path, reason: "does not exist")
        }
        // Both closures count, and neither outlives the call.
        var count = tally
        defer { tally = count }
        try corpus.forEach { message in
            if let reason = message.reasonAgainst {
                SystemExit.complain("left out: \(message.openablePath) \(reason)")
                return count.addLeftOut()
            }
            do {
                let lesson = try desk.learn(message.content, request)
                count.add(lesson)
                try show(lesson, message)
            } catch let failure as ControlClient.Failure where failure.isOfMessage {
                SystemExit.complain("\(message.openablePath): \(failure)")
                count.addRefused()
            }
        } leftOut: { file in
            SystemExit.complain("left out: \(path): \(file.path.printable) \(file.reason)")
            if file.isInaccessible { count.addInaccessible() } else { count.addLeftOut() }
        }
    }

    // MARK: Arguments

    /// What is said about each message.
    private var request: LearningRequest {
        get throws {
            guard let way = LabelWay(rawValue: way) else {
                throw ValidationError("--way is \(way); it is command, imap, csv or http")
            }
            do {
                return LearningRequest(
                    labelClass: try labelClass, source: try who, way: way, mailbox: mailbox)
            } catch let error as LabelSource.ParseError {
                throw ValidationError("\(error)")
            }
        }
    }

    /// Nil to take back.
    private var labelClass: LabelClass? {
        get throws {
            switch mode {
            case .spam: return .spam
            case .ham: return .ham
            case .some: return nil
            case nil: break
            }
            // "forget" would be no label for the daemon.
            guard let label, label != "forget", let labelClass = LabelClass(rawValue: label) else {
                throw ValidationError(
                    "--label takes 1 to 64 bytes without control characters, and not \"forget\"")
            }
            return labelClass
        }
    }

    /// Who teaches.
    private var who: LabelSource {
        get throws {
            if let source { return try LabelSource(parsing: source) }
            guard getuid() != 0 else { return .admin }
            let name = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
            return try LabelSource(.user, name ?? "\(getuid())")
        }
    }

    private var selection: SelectionText {
        get throws {
            let parts = (labels ?? "").split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError(
                    "--labels NAME=VALUE says which, such as --labels by=user:alice@example.org")
            }
            let selection = (name: String(parts[0]), value: String(parts[1]))
            do {
                _ = try LabelSelection(name: selection.name, value: selection.value)
            } catch {
                throw ValidationError("--labels \(error)")
            }
            return selection
        }
    }

    // MARK: Output

    private func show(_ lesson: Lesson, _ message: CorpusMessage) throws {
        guard !quiet else { return }
        guard !json else {
            return try LessonLine(
                path: message.location?.path ?? message.path, member: message.location?.member,
                lesson: lesson
            ).printJSON()
        }
        var line = lesson.why
        if let before = lesson.before, let after = lesson.after {
            line += String(
                format: "; was %@ (%.4f), is %@ (%.4f)", before.verdict, before.probability,
                after.verdict, after.probability)
        }
        if let rest = lesson.labelsUntilRetraining {
            line += "; \(rest) labels until the next retraining"
        }
        print("\(message.openablePath): \(line)")
    }

    private func show(_ change: LabelChange, _ word: String) throws {
        guard !json else { return try change.printJSON() }
        guard change.kept != true else {
            return print("kept on this host until the shared database is back")
        }
        print("\(change.labels) labels \(word), \(change.active) of them in force")
    }

    private func show(_ status: LearningStatus) throws {
        guard !json else { return try status.printJSON(isPretty: true) }
        func counts(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
                .joined(separator: ", ")
        }
        print("labels in force: \(status.labelsInForce) (\(counts(status.classes)))")
        print("labels by state: \(counts(status.states))")
        for source in status.sources {
            print(
                "  \(source.source): \(counts(source.active)), \(source.held) waiting, "
                    + "\(source.total) in all")
        }
        print("used by a retraining: \(status.archived); new: \(status.newLabels)")
        if let rest = status.labelsUntilRetraining { print("until the next retraining: \(rest)") }
        if let next = status.nextRetraining {
            print(
                "if there are new labels, from: "
                    + Date(timeIntervalSince1970: Double(next)).formatted(.iso8601))
        }
        if let retraining = status.retraining {
            print(
                "retraining \(retraining.job): \(retraining.step), "
                    + "\(Int(100 * retraining.fraction)) %")
        }
        print("last retraining: \(status.lastRetraining ?? "none")")
        if let shadow = status.shadow { show(shadow) }
        print("verdicts that can be corrected: \(status.history)")
        print("size: \(status.bytes) bytes, revision \(status.revision)")
    }
}

extension Learn {
    private func show(_ shadow: ShadowStatus) {
        let end =
            shadow.state == "running" ? "for \(shadow.hours.formatted()) hours" : shadow.reason
        print(
            "beside the model in force: \(shadow.model), \(shadow.state), \(end); "
                + "\(shadow.changed) of \(shadow.messages) verdicts differ, \(shadow.newSpam) "
                + "newly called spam")
        for line in shadow.changes.flatMap({ $0.split(separator: "\n") }) {
            print("  \(String(line).printable)")
        }
    }
}

/// An answer with its message, as JSON.
private struct LessonLine: Encodable {
    var path: String
    var member: String?
    var lesson: Lesson

    private enum CodingKeys: String, CodingKey { case path, member }

    func encode(to encoder: any Encoder) throws {
        try lesson.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(path, forKey: .path)
        try container.encodeIfPresent(member, forKey: .member)
    }
}

extension CorpusMessage {
    /// The file that holds the message, and what of it, fit for a terminal.
    fileprivate var openablePath: String {
        guard let location else { return path.printable }
        let member = location.member.map { ": \($0)" } ?? ""
        return "\(location.path)\(member)".printable
    }
}

extension String {
    /// The text with `?` for control characters: strangers name the members of archives.
    fileprivate var printable: String {
        var result = ""
        for scalar in unicodeScalars {
            result.unicodeScalars.append(
                scalar.properties.generalCategory == .control ? "?" : scalar)
        }
        return result
    }
}
