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
            when every label is stored, 1 when one is not.
            """)

    /// Which label, or what else.
    enum Mode: EnumerableFlag {
        case spam, ham, forget, status, undo, confirm
    }

    @Flag(exclusivity: .exclusive, help: "Spam, wanted mail, or take back; or no message at all.")
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
    @Option(help: .init("The daemon's socket.", valueName: "file")) var socket: String?
    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print one JSON object a message.") var json = false
    @Argument(help: .init("What to learn.", valueName: "path")) var paths: [String] = []

    func validate() throws {
        if mode == nil, label == nil {
            throw ValidationError(
                "say what: --spam, --ham, --label NAME, --forget, --status, --undo or --confirm")
        }
        if mode != nil, label != nil { throw ValidationError("--label excludes the other flags") }
        if mode == .undo || mode == .confirm, labels == nil {
            throw ValidationError("--labels says which, such as --labels by=user:alice@example.org")
        }
    }

    func run() async throws {
        try await SystemExit.reporting {
            let settings = try configuration.settings()
            let path =
                socket ?? (settings.learn.socket.isEmpty ? Paths.control : settings.learn.socket)
            let client = ControlClient(path: path)
            let desk: any LearningDesk
            if await client.isThere {
                desk = client
            } else if socket != nil {
                throw ControlClient.Failure(
                    description: "\(path): no daemon listens there; is siftd running?")
            } else {
                desk = try LocalDesk(settings)
            }
            try await run(at: desk)
        }
    }

    private func run(at desk: any LearningDesk) async throws {
        switch mode {
        case .status: try show(await desk.status())
        case .undo: try show(await desk.change(try selection, confirms: false), "taken back")
        case .confirm: try show(await desk.change(try selection, confirms: true), "confirmed")
        case .spam, .ham, .forget, nil: try await learn(at: desk)
        }
    }

    private func learn(at desk: any LearningDesk) async throws {
        let name =
            switch mode {
            case .spam: "spam"
            case .ham: "ham"
            case .forget: "forget"
            default: label ?? ""
            }
        var query = URLComponents()
        query.queryItems = [
            .init(name: "label", value: name), .init(name: "source", value: try who.description),
            .init(name: "way", value: way),
        ]
        if let mailbox { query.queryItems?.append(.init(name: "mailbox", value: mailbox)) }
        var messages: [CorpusMessage] = []
        var areStored = true
        for path in paths.isEmpty ? ["-"] : paths {
            // Read in batches: a Maildir may be larger than memory.
            try Corpus(argument: path).forEachReported { messages.append($0) }
            for message in messages {
                let lesson = try await desk.learn(message, query.percentEncodedQuery ?? "")
                areStored = areStored && (lesson.stored || name == "forget")
                try show(lesson, message.path)
            }
            messages = []
        }
        if !areStored { throw ExitCode(1) }
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

    private var selection: (name: String, value: String) {
        get throws {
            let parts = (labels ?? "").split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError("--labels is \(labels ?? ""); it is NAME=VALUE")
            }
            return (String(parts[0]), String(parts[1]))
        }
    }

    // MARK: Output

    private func show(_ lesson: Lesson, _ path: String) throws {
        guard !json else { return try lesson.printJSON() }
        var line = lesson.why
        if let before = lesson.before, let after = lesson.after {
            line += String(
                format: "; was %@ (%.4f), is %@ (%.4f)", before.verdict, before.probability,
                after.verdict, after.probability)
        }
        if let rest = lesson.labelsUntilRetraining {
            line += "; \(rest) labels until the next retraining"
        }
        print("\(path): \(line)")
    }

    private func show(_ change: LabelChange, _ word: String) throws {
        guard !json else { return try change.printJSON() }
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
        print("last retraining: \(status.lastRetraining ?? "none")")
        print("verdicts that can be corrected: \(status.history)")
        print("size: \(status.bytes) bytes, revision \(status.revision)")
    }
}
