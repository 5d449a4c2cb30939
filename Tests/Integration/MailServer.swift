import FilterTestKit
import Foundation
import Testing

/// A mail server of its own on loopback, made by one of the scripts beside this file.
final class MailServer {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case postfix, sendmail

        var testDescription: String { rawValue }
        var script: String {
            PostfixInstance.checkout + "/Tests/Integration/private-\(rawValue).sh"
        }

        /// Whether the machine has what the server needs.
        var isPossible: Bool {
            guard PostfixInstance.isPossible else { return false }
            let fetched = "/var/cache/siftd-sendmail/usr/libexec/sendmail/sendmail"
            return self == .postfix || FileManager.default.isExecutableFile(atPath: fetched)
        }
    }

    private let kind: Kind
    private let folder: TemporaryFolder
    private let port: Int

    init(_ kind: Kind, socket: String) throws {
        self.kind = kind
        folder = try TemporaryFolder()
        port = try PostfixInstance.freePort()
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

    deinit { _ = try? Command.run(kind.script, ["stop", folder.path]) }

    /// The last reply to the message: what the client saw at its end.
    func send(_ message: [UInt8], to recipients: [String]) throws -> String {
        try folder.write("message", message)
        let out = try Command.run(
            "/usr/bin/swaks",
            [
                "--server", "127.0.0.1:\(port)", "--from", "sender@example.net", "--to",
                recipients.joined(separator: ","), "--data", "@\(folder.path)/message",
                "--timeout", "60",
            ]
        ).out
        // swaks marks what it sent with an arrow; the answer to the dot is what counts.
        let lines = out.split(whereSeparator: \.isNewline)
        guard
            let end = lines.lastIndex(where: { $0.trimmingCharacters(in: .whitespaces) == "-> ." }),
            end + 1 < lines.count
        else { return out }
        return String(lines[end + 1].dropFirst(4))
    }

    /// The delivered message that holds a text, once it is there.
    func delivered(containing text: String, seconds: Double = 20) -> String? {
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
