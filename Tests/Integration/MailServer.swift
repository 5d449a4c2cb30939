import FilterTestKit
import Foundation
import Testing

/// A mail server of its own on loopback, made by one of the scripts beside this file, or the protocol
/// client, which does what a mail server would.
final class MailServer {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case client, postfix, sendmail

        var testDescription: String { rawValue }
        var script: String {
            PostfixInstance.checkout + "/Tests/Integration/private-\(rawValue).sh"
        }

        /// Whether the machine has what the server needs.
        var isPossible: Bool {
            let fetched = "/var/cache/siftd-sendmail/usr/libexec/sendmail/sendmail"
            return switch self {
            case .client: DaemonProcess.isBuilt
            case .postfix: PostfixInstance.isPossible
            case .sendmail:
                PostfixInstance.isPossible
                    && FileManager.default.isExecutableFile(atPath: fetched)
            }
        }
    }

    private let kind: Kind
    private let folder: TemporaryFolder
    private let socket: String
    private let port: Int
    /// What the protocol client delivered and held.
    private var mails: (delivered: [ProtocolMTA.Mail], held: [ProtocolMTA.Mail]) = ([], [])

    init(_ kind: Kind, socket: String) throws {
        self.kind = kind
        self.socket = socket
        folder = try TemporaryFolder()
        port = kind == .client ? 0 : try PostfixInstance.freePort()
        guard kind != .client else { return }
        // A server that keeps our descriptors open would seem to be a start that never ends.
        let closing = """
            for file in /proc/$$/fd/*; do n=${file##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done
            exec "$@"
            """
        let output = try Command.run(
            "/bin/bash",
            ["-c", closing, "bash", kind.script, "start", folder.path, socket, "\(port)"])
        #expect(output.status == 0, "\(output.err)")
        let port = port
        #expect(
            waitUntil(seconds: 20) { (try? UnixSocket.connect(port: port)).map { close($0) } == 0 })
    }

    deinit {
        if kind != .client { _ = try? Command.run(kind.script, ["stop", folder.path]) }
    }

    /// Sends a case's message as often as it says, on one connection, and gives the replies to its end.
    func send(_ mail: MailCase, mark: String) throws -> [String] {
        let message = try mail.bytes(mark: mark)
        guard kind != .client else { return try pass(mail, message) }
        let client = try SMTPClient(port: port)
        if mail.resets { try client.beginAndReset(from: mail.sender, to: "reset@example.org") }
        let replies = try (0..<mail.count).map { _ in
            try client.send(
                message, from: mail.sender, to: mail.recipients, manner: mail.manner)
        }
        // After 421 there's nobody to say goodbye to.
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

    /// The delivered message that holds a text, once it is there.
    func delivered(containing text: String, seconds: Double = 20) -> String? {
        if kind == .client {
            return mails.delivered.first { $0.text.contains(text) }?.text
        }
        var found: String?
        _ = waitUntil(seconds: seconds) {
            found = files("mail/inbox/new").first { $0.contains(text) }
            return found != nil
        }
        return found
    }

    /// Whether the queue holds back a message with this text.
    func holds(_ text: String) -> Bool {
        waitUntil(seconds: 10) {
            switch kind {
            case .client: return mails.held.contains { $0.text.contains(text) }
            case .postfix:
                let held =
                    (try? FileManager.default.subpathsOfDirectory(
                        atPath: folder.file("spool/hold"))) ?? []
                return held.contains { name in
                    let data = FileManager.default.contents(
                        atPath: folder.file("spool/hold/\(name)"))
                    return data?.range(of: Data(text.utf8)) != nil
                }
            case .sendmail:
                let names =
                    (try? FileManager.default.contentsOfDirectory(
                        atPath: folder.file("mqueue"))) ?? []
                return names.contains { name in
                    name.hasPrefix("hf")
                        && FileManager.default.contents(atPath: folder.file("mqueue/\(name)"))?
                            .range(of: Data(text.utf8)) != nil
                }
            }
        }
    }

    private func files(_ path: String) -> [String] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: folder.file(path))) ?? []
        return names.compactMap {
            FileManager.default.contents(atPath: folder.file("\(path)/\($0)"))
        }
        .map { String(decoding: $0, as: UTF8.self) }
    }
}
