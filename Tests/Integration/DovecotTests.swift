import Feedback
import FilterTestKit
import Foundation
import Testing

/// Moves over IMAP in a real Dovecot with the scripts of etc/siftd/dovecot teach the real daemon.
@Suite(.enabled(if: DovecotServer.missing == nil, "\(DovecotServer.missing ?? "")"), .serialized)
struct DovecotTests {
    private static let alice = "alice@example.org"

    private let rig: LearningRig
    private let dovecot: DovecotServer
    private let client: IMAPClient

    init() throws {
        rig = try LearningRig()
        dovecot = try DovecotServer(socket: rig.socket)
        client = try dovecot.client(DovecotTests.alice)
    }

    private func classes() throws -> [LabelClass] { try rig.labels().map(\.label.labelClass) }

    @Test("Into Junk is spam, out of it is ham, each from the next message on")
    func moves() throws {
        let message = TinyModel.message(.ham, 900)
        let first = try rig.probability(message)
        try client.append(message, to: "INBOX")
        try client.move(from: "INBOX", to: "Junk")
        let label = try #require(try rig.labels().first?.label, "\(dovecot.log)")
        #expect(label.labelClass == .spam && label.way == .imap)
        #expect(label.source.description == "user:\(DovecotTests.alice)")
        #expect(label.mailbox == DovecotTests.alice)
        let spam = try rig.probability(message)
        #expect(spam > first)
        try client.move(from: "Junk", to: "INBOX")
        #expect(try classes() == [.ham])
        #expect(try rig.probability(message) < spam)
        #expect(dovecot.log.contains("user=\(DovecotTests.alice) class=spam: stored; was ham"))
    }

    @Test("A message written into Junk is spam, and throwing it away says nothing more")
    func trash() throws {
        try client.append(TinyModel.message(.spam, 901), to: "Junk")
        #expect(try classes() == [.spam], "\(dovecot.log)")
        // The second one is Trash by its special use alone.
        for trash in ["Trash", "Bin"] {
            try client.command("SELECT Junk")
            try client.command("COPY 1 \(trash)")
        }
        try client.move(from: "Junk", to: "Trash")
        #expect(try classes() == [.spam])
        // Nor do moves that have nothing to do with Junk.
        try client.move(from: "Trash", to: "INBOX")
        #expect(try classes() == [.spam])
    }

    @Test("Flags teach where the settings say so")
    func flags() throws {
        try client.append(TinyModel.message(.ham, 902), to: "INBOX")
        try client.command("SELECT INBOX")
        try client.command("STORE 1 +FLAGS (\\Seen)")
        #expect(try classes() == [])
        try client.command("STORE 1 +FLAGS ($Junk)")
        #expect(try classes() == [.spam], "\(dovecot.log)")
        try client.command("STORE 1 FLAGS (NonJunk)")
        #expect(try classes() == [.ham], "\(dovecot.log)")
    }

    @Test("Without siftd a message moves all the same")
    func stopped() throws {
        rig.daemon.signal(SIGTERM)
        #expect(rig.daemon.waitForExit(seconds: 120) == 0)
        try client.append(TinyModel.message(.ham, 903), to: "INBOX")
        try client.move(from: "INBOX", to: "Junk")
        try client.command("SELECT Junk")
        try client.command("STORE 1 +FLAGS (\\Seen)")
        let line = "class=spam: not learnt: siftd: \(rig.socket): no daemon"
        #expect(waitUntil(seconds: 120) { dovecot.log.contains(line) }, "\(dovecot.log)")
        #expect(try classes() == [])
    }
}

/// A private Dovecot on loopback, started by private-dovecot.sh.
private final class DovecotServer {
    private static let script = Checkout.file("Tests/Integration/private-dovecot.sh")
    private static let modules = "/usr/lib/dovecot/modules"

    private let folder: TemporaryFolder
    private let port: Int

    /// What the machine lacks; nil when it has everything.
    static var missing: String? {
        if !DaemonProcess.isBuilt { return "the siftd product is not built" }
        if getuid() != 0 { return "private-dovecot.sh needs root" }
        let files = [
            "/usr/sbin/dovecot", "/usr/bin/sievec", "\(modules)/lib95_imap_sieve_plugin.so",
        ]
        for file in files where !FileManager.default.fileExists(atPath: file) {
            return "\(file) is not there (make test-deps)"
        }
        let version = (try? Command.run(files[0], ["--version"]).out) ?? ""
        return version.hasPrefix("2.3.") || version.hasPrefix("2.4.")
            ? nil : "this Dovecot is \(version), neither 2.3 nor 2.4"
    }

    init(socket: String) throws {
        folder = try TemporaryFolder()
        port = try MailServer.freePort()
        try MailServer.start(
            DovecotServer.script, [folder.path, socket, "\(port)"], port: port,
            environment: ["SIFTD": DaemonProcess.binary])
    }

    deinit { _ = try? Command.run(DovecotServer.script, ["stop", folder.path]) }

    func client(_ user: String) throws -> IMAPClient {
        try IMAPClient(port: port, user: user, password: "secret")
    }

    /// What Dovecot and the pipe script have logged.
    var log: String {
        (try? String(contentsOfFile: folder.file("log/dovecot.log"), encoding: .utf8)) ?? ""
    }
}
