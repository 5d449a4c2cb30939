import FilterTestKit
import Foundation
import Testing

/// A private mail server on loopback, started by one of the scripts beside this file, or the
/// protocol client, which does what a mail server would.
final class MailServer {
    /// The servers that cases run through.
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case client, postfix, sendmail

        var testDescription: String { rawValue }

        /// What the machine lacks for this server; nil when it has everything.
        var missing: String? {
            if !DaemonProcess.isBuilt { return "the siftd product is not built" }
            guard let program else { return nil }
            if getuid() != 0 { return "private-\(rawValue).sh needs root" }
            return FileManager.default.isExecutableFile(atPath: program)
                ? nil : "\(program) is not there (make test-deps)"
        }

        private var program: String? {
            switch self {
            case .client: nil
            case .postfix: "/usr/sbin/postfix"
            case .sendmail: "/var/cache/siftd-sendmail/usr/libexec/sendmail/sendmail"
            }
        }

        fileprivate var script: String {
            Checkout.file("Tests/Integration/private-\(rawValue).sh")
        }
    }

    /// The folder of the server's configuration.
    var configuration: String { folder.file("etc") }

    private let kind: Kind
    private let folder: TemporaryFolder
    private let socket: String
    private let port: Int
    /// Messages that the protocol client delivered and held.
    private var mails: (delivered: [ProtocolMTA.Mail], held: [ProtocolMTA.Mail]) = ([], [])

    /// Starts a server whose milter is at a unix socket.
    ///
    /// - Parameters:
    ///   - kind: the server.
    ///   - socket: the path of the milter's socket.
    ///   - action: `tempfail` or `accept`, the reply while the milter is away.
    /// - Throws: when the server does not start.
    init(_ kind: Kind, socket: String, action: String = "tempfail") throws {
        self.kind = kind
        self.socket = socket
        folder = try TemporaryFolder()
        guard kind != .client else {
            port = 0
            return
        }
        let port = try MailServer.freePort()
        self.port = port
        try MailServer.start(
            kind.script, [folder.path, socket, "\(port)"], port: port,
            environment: ["ACTION": action])
    }

    deinit {
        if kind != .client { _ = try? Command.run(kind.script, ["stop", folder.path]) }
    }

    /// Runs a script's command `start`, and waits until the server that it leaves listens.
    static func start(
        _ script: String, _ arguments: [String], port: Int, environment: [String: String]
    ) throws {
        // A server that kept our descriptors open would look like a start that never ends.
        let closing = """
            for file in /proc/$$/fd/*; do n=${file##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done
            exec "$@"
            """
        let output = try Command.run(
            "/bin/bash", ["-c", closing, "bash", script, "start"] + arguments,
            environment: environment)
        try #require(output.status == 0, "\(output.err)")
        let isListening = waitUntil(seconds: 120) {
            (try? UnixSocket.connect(port: port)).map { close($0) } == 0
        }
        try #require(isListening, "nobody listens on port \(port)")
    }

    /// A port of loopback that nobody listens on.
    static func freePort() throws -> Int {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // The system's calls take every kind of address by a pointer to the shortest.
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        try #require(status == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }

    // MARK: Sending

    /// Sends one message by SMTP and returns the reply to its end.
    func send(_ message: [UInt8]) throws -> String {
        let client = try SMTPClient(port: port)
        let reply = try client.send(
            message, from: "sender@example.net", to: ["inbox@example.org"])
        try client.quit()
        return reply
    }

    /// Sends a case's message as often as it asks for, on one connection, and returns the replies
    /// to its end.
    func send(_ mail: MailCase, mark: String) throws -> [String] {
        let message = try mail.bytes(mark: mark)
        guard kind != .client else { return try pass(mail, message) }
        let client = try SMTPClient(port: port)
        if mail.resets { try client.beginAndReset(from: mail.sender, to: "reset@example.org") }
        let replies = try (0..<mail.count).map { _ in
            try client.send(
                message, from: mail.sender, to: mail.recipients, manner: mail.manner)
        }
        // After a reply 421 the server has closed the connection.
        try? client.quit()
        return replies
    }

    private func pass(_ mail: MailCase, _ message: [UInt8]) throws -> [String] {
        let mta = try ProtocolMTA(socket: socket, client: mail.client)
        if mail.resets { try mta.beginAndReset(from: mail.sender, to: "reset@example.org") }
        let replies = try (0..<mail.count).map { _ in
            try mta.send(message, from: mail.sender, to: mail.recipients, user: mail.user)
        }
        mails.delivered += mta.delivered
        mails.held += mta.held
        return replies
    }

    // MARK: Mailbox and queue

    /// The delivered message that holds a text, once it has arrived.
    func delivered(containing text: String) -> String? {
        var found: String?
        _ = waitUntil(seconds: 120) {
            found = mailbox.first { $0.contains(text) }
            return found != nil || kind == .client
        }
        return found
    }

    /// Waits until no queue but quarantine holds a message with this text; false when one still
    /// does after 20 seconds.
    ///
    /// A server removes a message from its queue after its delivery, so the mailbox is final then.
    func hasLeftQueue(_ text: String) -> Bool {
        waitUntil(seconds: 120) { !files(queues.active).contains { $0.contains(text) } }
    }

    /// Whether the mailbox holds a message with this text now.
    func hasDelivered(_ text: String) -> Bool { mailbox.contains { $0.contains(text) } }

    /// Waits until quarantine holds a message with this text; false when it does not come.
    func holds(_ text: String) -> Bool {
        waitUntil(seconds: 120) {
            kind == .client
                ? mails.held.contains { $0.text.contains(text) }
                : files(queues.held).contains { $0.contains(text) }
        }
    }

    /// Lines of Postfix's log in which it complains of a milter.
    var milterWarnings: [Substring] {
        let path = folder.file("log/maillog")
        let log = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return log.split(separator: "\n").filter { $0.contains("warning") && $0.contains("milter") }
    }

    private var mailbox: [String] {
        kind == .client ? mails.delivered.map(\.text) : files(["mail/inbox/new/"])
    }

    /// Prefixes of the paths of queue files.
    private var queues: (active: [String], held: [String]) {
        switch kind {
        case .client: ([], [])
        case .postfix:
            (
                ["maildrop", "incoming", "active", "deferred"].map { "spool/\($0)/" },
                ["spool/hold/"]
            )
        // A header is in qf*, or hf* in quarantine; tf* and xf* are being written.
        case .sendmail: (["qf", "tf", "xf"].map { "mqueue/\($0)" }, ["mqueue/hf"])
        }
    }

    /// The contents of the files whose paths begin with one of the prefixes.
    private func files(_ prefixes: [String]) -> [String] {
        prefixes.flatMap { prefix in
            let slash = prefix.lastIndex(of: "/") ?? prefix.startIndex
            let path = folder.file(String(prefix[..<slash]))
            let start = prefix[prefix.index(after: slash)...]
            let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
            return names.filter { $0.hasPrefix(start) }.compactMap {
                FileManager.default.contents(atPath: "\(path)/\($0)")
            }
        }
        .map { String(decoding: $0, as: UTF8.self) }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test on machines that lack what a server needs, and says what it is.
    static func needs(_ kind: MailServer.Kind) -> ConditionTrait {
        .enabled(if: kind.missing == nil, "\(kind.missing ?? "")")
    }
}
