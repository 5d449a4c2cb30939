import Corpora
import FilterTestKit
import Foundation
import Learning
import Testing

/// Real Postfix in front of the real daemon with the starter model.
@Suite(
    .enabled(if: PostfixInstance.isPossible, "needs root, postfix, swaks and the siftd product"),
    .serialized)
struct PostfixTests {
    private static let starter = PostfixInstance.checkout + "/share/siftd/models/starter"

    private static func sample(_ name: String) throws -> [UInt8] {
        let path = PostfixInstance.checkout + "/share/siftd/samples/\(name).eml"
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test("Spam arrives marked, ham unmarked, and a forged verdict is gone")
    func delivers() throws {
        let daemon = try DaemonProcess(model: PostfixTests.starter)
        let postfix = try PostfixInstance(socket: daemon.socketPath)
        let forged = Array("X-Spam-Status: No, score=-9 forged\nX-Spam-Flag: NO\n".utf8)
        #expect(try postfix.send(forged + PostfixTests.sample("spam")).contains("250 2.0.0"))
        let spam = try #require(postfix.delivered(containing: "Reward Center"))
        #expect(spam.contains("\nX-Spam-Flag: YES\n") || spam.hasPrefix("X-Spam-Flag: YES\n"))
        #expect(spam.contains("X-Spam-Status: Yes, score=") && !spam.contains("forged"))
        #expect(!spam.contains("X-Spam-Flag: NO") && spam.contains("X-Spam-Level: *****"))
        #expect(try postfix.send(PostfixTests.sample("ham")).contains("250 2.0.0"))
        let ham = try #require(postfix.delivered(containing: "Rehearsal"))
        #expect(ham.contains("X-Spam-Flag: NO") && !ham.contains("X-Spam-Flag: YES"))
        #expect(postfix.milterWarnings.isEmpty, "\(postfix.milterWarnings)")
        let queueID = try #require(
            spam.split(separator: "\n").compactMap { line in
                line.contains("with ESMTP id ") ? line.split(separator: " ").last : nil
            }.first)
        #expect(daemon.log.contains("\(queueID): verdict=spam"), "the log begins with the queue id")
    }

    @Test("Mail of the shared corpora arrives judged", .enabled(if: SharedCorpora.isPresent))
    func corpora() throws {
        let folder = try #require(SharedCorpora.folder)
        let split = try SplitFile(paths: ["\(folder)/spamassassin.split.tsv"])
        let daemon = try DaemonProcess(model: PostfixTests.starter)
        let postfix = try PostfixInstance(socket: daemon.socketPath)
        var flags: [Label: [String: Int]] = [:]
        for label in Label.allCases {
            let messages = try SharedCorpora.messages("spamassassin.tar.zst", limit: 10) {
                $0.spamLabel == label.rawValue
                    && split.entry(set: $0.set, path: $0.path)?.part == .test
            }
            for (number, message) in messages.enumerated() {
                guard case .message(let bytes) = message.content else { continue }
                let mark = "X-Test: \(label.rawValue)-\(number)"
                #expect(
                    try postfix.send(Array("\(mark)\n".utf8) + bytes.strippingMboxLine)
                        .contains("250 2.0.0"))
                let mail = try #require(postfix.delivered(containing: mark))
                let flag = mail.contains("X-Spam-Flag: YES") ? "YES" : "NO"
                flags[label, default: [:]][flag, default: 0] += 1
            }
        }
        // The starter model finds more than nine of ten, and hardly ever errs on ham.
        #expect(flags[.spam, default: [:]]["YES", default: 0] >= 7, "\(flags)")
        #expect(flags[.ham, default: [:]]["NO", default: 0] >= 9, "\(flags)")
        #expect(postfix.milterWarnings.isEmpty, "\(postfix.milterWarnings)")
    }

    @Test("With reject on, spam is refused with 550 5.7.1 and ham still arrives")
    func rejects() throws {
        let daemon = try DaemonProcess(
            model: PostfixTests.starter,
            configuration: "[policy]\nreject = true\nreject_text = \"Refused, 100% sure\"\n")
        let postfix = try PostfixInstance(socket: daemon.socketPath)
        #expect(
            try postfix.send(PostfixTests.sample("spam")).contains(
                "550 5.7.1 Refused, 100% sure"))
        #expect(try postfix.send(PostfixTests.sample("ham")).contains("250 2.0.0"))
        #expect(postfix.milterWarnings.isEmpty, "\(postfix.milterWarnings)")
    }

    @Test("With siftd stopped Postfix answers as configured", arguments: ["tempfail", "accept"])
    func stopped(_ action: String) throws {
        let daemon = try DaemonProcess()
        let postfix = try PostfixInstance(socket: daemon.socketPath, action: action)
        #expect(try postfix.send(PostfixTests.sample("ham")).contains("250 2.0.0"))
        daemon.signal(SIGTERM)
        #expect(daemon.waitForExit(seconds: 30) == 0)
        let answer = try postfix.send(PostfixTests.sample("ham"))
        #expect(answer.contains(action == "accept" ? "250 2.0.0" : "451 4.7.1"))
    }
}

/// A private Postfix, made by the script beside this file.
final class PostfixInstance {
    static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static let isPossible =
        getuid() == 0 && DaemonProcess.isBuilt
        && ["/usr/sbin/postfix", "/usr/bin/swaks"].allSatisfy(
            FileManager.default.isExecutableFile(atPath:))

    private static let script = checkout + "/Tests/Integration/private-postfix.sh"
    private let folder = try? TemporaryFolder()
    private let port: Int
    private var path: String { folder?.path ?? "" }

    init(socket: String, action: String = "tempfail") throws {
        port = try PostfixInstance.freePort()
        let output = try Command.run(
            "/usr/bin/env",
            [
                "ACTION=\(action)", PostfixInstance.script, "start", folder?.path ?? "", socket,
                "\(port)",
            ])
        #expect(output.status == 0, "\(output.err)")
        #expect(
            waitUntil(seconds: 20) { (try? UnixSocket.connect(port: port)).map { close($0) } == 0 })
    }

    deinit { _ = try? Command.run(PostfixInstance.script, ["stop", path]) }

    /// The SMTP dialogue of one message.
    func send(_ message: [UInt8]) throws -> String {
        try folder?.write("message", message)
        return try Command.run(
            "/usr/bin/swaks",
            [
                "--server", "127.0.0.1:\(port)", "--from", "sender@example.net", "--to",
                "inbox@example.org", "--data", "@\(path)/message", "--timeout", "60",
            ]
        ).out
    }

    /// The delivered message that holds a text, once it is there.
    func delivered(containing text: String) -> String? {
        var found: String?
        _ = waitUntil(seconds: 20) {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: inbox)) ?? []
            for file in files {
                let data = FileManager.default.contents(atPath: "\(inbox)/\(file)") ?? Data()
                let mail = String(decoding: data, as: UTF8.self)
                if mail.contains(text) { found = mail }
            }
            return found != nil
        }
        return found
    }

    private var inbox: String { "\(path)/mail/inbox/new" }

    /// Lines in which Postfix complains of a milter.
    var milterWarnings: [Substring] {
        let log = (try? String(contentsOfFile: "\(path)/log/maillog", encoding: .utf8)) ?? ""
        return log.split(separator: "\n").filter { $0.contains("warning") && $0.contains("milter") }
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        #expect(status == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
