import FilterTestKit
import Foundation
import Logging
import Synchronization
import Testing

@testable import Milter

/// libmilter itself in this process.
///
/// It can be started only once, so one test plays seven acts; each names itself in its
/// expectations.
@Suite struct MilterServerTests {
    /// Keeps the messages and answers as the subject says.
    private final class RecordingFilter: MessageFilter {
        private let seen = Mutex<[Transaction]>([])
        /// Signalled once a message with the subject "hold" has arrived.
        let holding = DispatchSemaphore(value: 0)
        /// Signal it to have one such message answered.
        let release = DispatchSemaphore(value: 0)
        var transactions: [Transaction] { seen.withLock { $0 } }

        func mustSee(header name: String) -> Bool { name.hasPrefix("X-Spam") }

        func filter(_ transaction: Transaction, progress: () -> Void) -> MilterResponse {
            seen.withLock { $0.append(transaction) }
            if transaction.isLate {
                return MilterResponse(
                    reply: .tempfail(code: "421", status: "4.3.2", text: "Stopping"))
            }
            let subject = transaction.header.first { $0.name == "Subject" }
            switch subject.map({ String(decoding: $0.value, as: UTF8.self) }) {
            case "reject":
                return MilterResponse(
                    reply: .reject(code: "550", status: "5.7.1", text: "100% spam"))
            case "tempfail":
                return MilterResponse(reply: .tempfail(code: "451", status: "4.3.2", text: "Busy"))
            case "hold":
                holding.signal()
                _ = release.wait(timeout: .now() + 120)
                return MilterResponse(reply: .tempfail(code: "451", status: "4.3.2", text: "Held"))
            case "edit":
                progress()
                return MilterResponse(
                    modifications: [
                        .deleteHeader(name: "X-Spam-Flag", occurrence: 2),
                        .deleteHeader(name: "X-Spam-Flag", occurrence: 1),
                        .insertHeader(name: "X-Spam-Flag", value: "YES\u{7}"),
                    ], reply: .accept)
            default: return MilterResponse(reply: .accept)
            }
        }
    }

    private func message(_ subject: String, body: String = "text\n") -> [UInt8] {
        Array("Subject: \(subject)\nX-Folded: a\n\tb\n\n\(body)".utf8)
    }

    @Test(
        "libmilter listens on the first socket that is not TCP nor one of several descriptors",
        arguments: [
            (["unix:/a"], 0), (["inet:1", "unix:/a", "unix:/b"], 1), (["inet:1", "inet:2"], nil),
            // Unknown descriptors count as unix sockets.
            (["fd:-1", "unix:/a"], 1), (["inet:1", "fd:-1"], nil),
        ] as [([String], Int?)])
    func directSocket(_ texts: [String], _ index: Int?) {
        let sockets = texts.map { $0 == "fd:-1" ? .descriptor(-1) : SocketAddress($0) }
        #expect(MilterServer.directSocket(among: sockets.compactMap { $0 }) == index)
    }

    @Test("Transactions and answers cross libmilter unchanged")
    func protocolRun() throws {
        let folder = try TemporaryFolder()
        let filter = RecordingFilter()
        var limits = MilterLimits()
        limits.bodyBytes = 100_000
        limits.headerFields = 100
        let path = folder.file("m.sock")
        let server = try MilterServer(
            sockets: [
                .unix(path: path), .inet(port: 0, host: "127.0.0.1", isIPv6: false),
                .unix(path: folder.file("second.sock")),
            ], access: .init(mode: 0o600), limits: limits, filter: filter,
            logger: Logger(label: "test"))
        server.start()
        try answers(path, filter)
        try severalMessages(path, filter)
        try longBody(path, filter)
        try manyFields(path, filter)
        try oldMTA(path, filter)
        try relayed(folder.file("second.sock"), server, filter)
        try stop(path, server, filter)
        #expect(!FileManager.default.fileExists(atPath: path), "stop: first file")
        #expect(
            !FileManager.default.fileExists(atPath: folder.file("second.sock")),
            "stop: second file")
    }

    /// The further sockets: messages and answers cross the relay whole.
    private func relayed(
        _ path: String, _ server: MilterServer, _ filter: RecordingFilter
    ) throws {
        guard case .inet(let port, _, _) = server.sockets[1] else {
            Issue.record("relayed: \(server.sockets)")
            return
        }
        #expect(port > 0, "relayed")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600, "relayed")
        let tcp = try MilterConnection(port: Int(port))
        let unix = try MilterConnection(path: path)
        for connection in [tcp, unix] {
            try connection.greet()
            let body = String(repeating: "0123456789abcde\n", count: 6_000)
            for number in 0..<20 {
                let subject = number % 2 == 0 ? "edit" : "reject"
                let outcome = try connection.deliver(message(subject, body: body))
                #expect(outcome.deleted.count == (number % 2 == 0 ? 2 : 0), "relayed: \(number)")
                let seen = try #require(filter.transactions.last, "relayed")
                #expect(
                    seen.body == Array(body.replacing("\n", with: "\r\n").utf8.prefix(100_000)),
                    "relayed: \(number)")
            }
        }
        // A client that is gone ends its own connection only.
        try tcp.begin()
        _ = consume tcp
        #expect(
            try unix.deliver(message("reject")).reply == .text("550 5.7.1 100% spam"), "relayed")
        try unix.quit()
    }

    /// Every kind of answer.
    private func answers(_ path: String, _ filter: RecordingFilter) throws {
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600, "answers")
        let connection = try MilterConnection(path: path)
        try connection.greet()
        let accepted = try connection.deliver(
            message("plain"), macros: ["M": ["{auth_authen}": "ann"]])
        #expect(accepted.reply == .accept && accepted.inserted.isEmpty, "answers")
        let seen = try #require(filter.transactions.last, "answers")
        #expect(
            seen.client.address == "192.0.2.7" && seen.client.helo == "client.example.net",
            "answers")
        #expect(seen.envelopeSender == "sender@example.net", "answers")
        #expect(seen.recipients == ["inbox@example.org"], "answers")
        #expect(seen.queueID == "4XTEST" && seen.authenticated == "ann", "answers")
        #expect(seen.header[1].value == Array("a\n\tb".utf8), "answers")
        #expect(seen.body == Array("text\r\n".utf8), "answers")
        #expect(
            try connection.deliver(message("reject")).reply == .text("550 5.7.1 100% spam"),
            "answers")
        #expect(
            try connection.deliver(message("tempfail")).reply == .text("451 4.3.2 Busy"), "answers")
        let edited = try connection.deliver(message("edit"))
        #expect(edited.deleted.map(\.occurrence) == [2, 1], "answers")
        #expect(edited.inserted == [.init("X-Spam-Flag", "YES")], "answers")
        #expect(edited.progress == 1, "answers")
        try connection.quit()
    }

    private func severalMessages(_ path: String, _ filter: RecordingFilter) throws {
        let before = filter.transactions.count
        let connection = try MilterConnection(path: path)
        try connection.greet()
        try connection.begin(sender: "gone@example.net")
        try connection.abort()
        _ = try connection.deliver(message("one"), sender: "one@example.net")
        try connection.abort()
        _ = try connection.deliver(
            message("two"), sender: "two@example.net", recipients: ["a", "b"])
        let new = filter.transactions.dropFirst(before)
        #expect(
            new.map(\.envelopeSender) == ["one@example.net", "two@example.net"], "several messages")
        #expect(new.last?.recipients == ["a", "b"], "several messages")
        #expect(new.last?.authenticated == "", "several messages")
        // Dropped without QUIT in the middle of a message.
        try connection.begin()
    }

    private func longBody(_ path: String, _ filter: RecordingFilter) throws {
        let connection = try MilterConnection(path: path)
        try connection.greet()
        let body = String(repeating: "0123456789\n", count: 100_000)
        _ = try connection.deliver(message("long", body: body))
        let seen = try #require(filter.transactions.last, "long body")
        #expect(connection.skippedBody && seen.isBodyCut && seen.body.count == 100_000, "long body")
        _ = try connection.deliver(message("short"))
        #expect(filter.transactions.last?.isBodyCut == false, "long body")
    }

    /// Beyond the limit only what must be deleted is handed over.
    private func manyFields(_ path: String, _ filter: RecordingFilter) throws {
        let connection = try MilterConnection(path: path)
        try connection.greet()
        let fields = String(repeating: "A: 1\n", count: 150)
        _ = try connection.deliver(Array((fields + "X-Spam-Flag: NO\nB: 2\n\nx").utf8))
        let header = try #require(filter.transactions.last, "many fields").header
        #expect(
            header.count == 101 && header.last == .init(name: "X-Spam-Flag", value: []),
            "many fields")
    }

    /// An MTA that waits for a reply to every step, and knows no skip.
    private func oldMTA(_ path: String, _ filter: RecordingFilter) throws {
        let connection = try MilterConnection(path: path, offered: 0x7F)
        try connection.greet()
        let body = String(repeating: "0123456789\n", count: 20_000)
        #expect(
            try connection.deliver(message("reject", body: body)).reply
                == .text("550 5.7.1 100% spam"), "old MTA")
        #expect(!connection.skippedBody && filter.transactions.last?.isBodyCut == true, "old MTA")
    }

    /// Messages in progress are finished and answered; one that begins meanwhile is deferred.
    private func stop(_ path: String, _ server: MilterServer, _ filter: RecordingFilter) throws {
        guard case .inet(let port, _, _) = server.sockets[1] else { return }
        let begun = try MilterConnection(path: path)
        try begun.greet()
        try begun.begin()
        // MAIL has no reply: wait until it has arrived.
        #expect(waitUntil(seconds: 120) { !server.activity.isQuiet }, "stop: begun")
        // Over the relay, which closes its connections at the end of the stop: the answer must have
        // crossed it before.
        let judged = try MilterConnection(port: Int(port))
        try judged.greet()
        try judged.upload(.init(message("hold")))
        let answered = DispatchSemaphore(value: 0)
        let reply = Mutex<MilterConnection.Outcome.Reply?>(nil)
        // Used by that thread alone from here on.
        nonisolated(unsafe) let connection = judged
        Thread {
            let outcome = try? connection.endOfMessage()
            reply.withLock { $0 = outcome?.reply }
            answered.signal()
        }.start()
        try #require(filter.holding.wait(timeout: .now() + 120) == .success, "stop: held")
        let stopped = DispatchSemaphore(value: 0)
        Thread {
            server.stop(limit: .seconds(20))
            stopped.signal()
        }.start()
        #expect(waitUntil(seconds: 120) { server.activity.isDraining }, "stop: drain")
        let late = try MilterConnection(path: path)
        try late.greet()
        #expect(
            try late.deliver(message("late")).reply == .text("421 4.3.2 Stopping"), "stop: late")
        #expect(!server.activity.isQuiet && !server.hasEnded, "stop: waits")
        try begun.abort()
        filter.release.signal()
        #expect(answered.wait(timeout: .now() + 120) == .success, "stop: answer")
        #expect(reply.withLock { $0 } == .text("451 4.3.2 Held"), "stop: answer")
        #expect(stopped.wait(timeout: .now() + 120) == .success, "stop: end")
        #expect(server.activity.isQuiet && server.hasEnded, "stop: end")
    }
}
