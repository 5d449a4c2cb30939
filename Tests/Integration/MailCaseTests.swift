import FilterTestKit
import Foundation
import Testing

/// The cases of `cases/`, each with settings of its own, through real mail servers and the protocol
/// client. One daemon serves all of them: every case is also a reload.
@Suite(.serialized) struct MailCaseTests {
    private static let starter = PostfixInstance.checkout + "/share/siftd/models/starter"

    @Test("Every case holds", arguments: MailServer.Kind.allCases)
    func cases(_ kind: MailServer.Kind) throws {
        let cases = MailCase.all.filter { $0.servers.contains(kind) }
        try #require(!cases.isEmpty)
        guard kind.isPossible else {
            print("skipped: \(kind) is not installed (private-\(kind).sh packages), or not root")
            return
        }
        let daemon = try DaemonProcess(model: MailCaseTests.starter)
        let server = try MailServer(kind, socket: daemon.socketPath)
        for (number, mail) in cases.enumerated() {
            try configure(daemon, mail, reloads: number + 1)
            try check(mail, mark: "case-\(number)-\(UInt32.random(in: 0 ... .max))", daemon, server)
        }
    }

    private func configure(_ daemon: DaemonProcess, _ mail: MailCase, reloads: Int) throws {
        var settings = mail.settings
        for (key, lines) in [("allow", mail.allow), ("deny", mail.deny)] where !lines.isEmpty {
            let path = try daemon.folder.write(
                "\(key)-\(reloads)", lines.joined(separator: "\n") + "\n")
            settings.append("lists.\(key) = [\"\(path)\"]")
        }
        // Tables may not follow keys of other tables, so keys go in front with their full names.
        try daemon.rewrite(model: MailCaseTests.starter, before: settings.joined(separator: "\n"))
        daemon.signal(SIGHUP)
        let isReloaded = waitUntil(seconds: 20) {
            daemon.log.split(separator: "\n").count { $0.hasPrefix("msg=reloaded") } == reloads
        }
        #expect(isReloaded, "\(mail.name): \(daemon.log.suffix(500))")
    }

    private func check(
        _ mail: MailCase, mark: String, _ daemon: DaemonProcess, _ server: MailServer
    ) throws {
        let before = MailCaseTests.judgements(daemon).count
        for reply in try server.send(mail, mark: mark) {
            try #require(reply.hasPrefix(mail.reply), "\(mail.name): \(reply)")
        }
        _ = waitUntil(seconds: 10) {
            MailCaseTests.judgements(daemon).count >= before + mail.count
        }
        let lines = MailCaseTests.judgements(daemon).dropFirst(before)
        #expect(lines.count == mail.count, "\(mail.name): \(lines)")
        for text in mail.log {
            #expect(lines.allSatisfy { $0.contains(text) }, "\(mail.name): \(text) in \(lines)")
        }
        if mail.isHeld { #expect(server.holds(mark), "\(mail.name): not held") }
        let isDelivered = mail.reply.hasPrefix("250") && !mail.isHeld && !mail.isGone
        guard isDelivered else {
            return #expect(
                server.delivered(containing: mark, seconds: 1) == nil, "\(mail.name): delivered")
        }
        guard let arrived = server.delivered(containing: mark) else {
            Issue.record("\(mail.name): not delivered")
            return
        }
        for text in mail.delivered {
            #expect(
                arrived.contains(text), "\(mail.name): \(text) is not in \(arrived.prefix(1_500))")
        }
        for text in mail.absent {
            #expect(!arrived.contains(text), "\(mail.name): \(text) is in \(arrived.prefix(1_500))")
        }
    }

    private static func judgements(_ daemon: DaemonProcess) -> [Substring] {
        daemon.log.split(separator: "\n").filter { $0.contains(": verdict=") }
    }
}
