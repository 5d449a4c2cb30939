import FilterTestKit
import Foundation
import Testing

/// Where private-exim.sh unpacks Exim.
private let eximProgram = "/var/cache/siftd-exim/usr/sbin/exim4"

/// A real Exim whose `spam` condition asks the spamd port.
@Suite(
    .enabled(if: DaemonProcess.isBuilt, "build the siftd product first"),
    .enabled(if: getuid() == 0, "private-exim.sh needs root"),
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: eximProgram),
        "needs Exim (make test-deps)"))
struct EximTests {
    private static let script = Checkout.file("Tests/Integration/private-exim.sh")

    /// An Exim in front of a daemon; both end with it.
    private final class Rig {
        let daemon: DaemonProcess
        private let folder: TemporaryFolder
        let port: Int

        /// - Parameter isUnix: whether Exim finds siftd by a unix socket, else by a TCP port.
        /// - Throws: when the daemon or Exim does not start.
        init(isUnix: Bool) throws {
            folder = try TemporaryFolder()
            let socket = folder.file("spamd.sock")
            let spamdPort = try MailServer.freePort()
            daemon = try DaemonProcess(
                configuration: """
                    [policy]
                    tag_threshold = 0.8
                    [spamd]
                    socket = "\(isUnix ? "unix:\(socket)" : "inet:\(spamdPort)@127.0.0.1")"
                    mode = "0666"
                    """)
            port = try MailServer.freePort()
            try MailServer.start(
                EximTests.script,
                [folder.path, isUnix ? socket : "127.0.0.1 \(spamdPort)", "\(port)"], port: port,
                environment: [:])
        }

        deinit { _ = try? Command.run(EximTests.script, ["stop", folder.path]) }

        func send(_ message: [UInt8]) throws -> String {
            let client = try SMTPClient(port: port)
            let reply = try client.send(
                message, from: "a@example.net", to: ["inbox@example.org"])
            try client.quit()
            return reply
        }

        /// Delivered messages.
        var mails: [String] {
            let inbox = folder.file("mail/inbox/new")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: inbox)) ?? []
            return names.compactMap {
                try? String(contentsOfFile: "\(inbox)/\($0)", encoding: .utf8)
            }
        }
    }

    @Test(
        "Exim marks spam with points, bar and report, refuses the surest, and lets ham pass",
        arguments: [true, false])
    func marks(_ isUnix: Bool) throws {
        let rig = try Rig(isUnix: isUnix)
        #expect(try rig.send(TinyModel.message(.ham, 920)).hasPrefix("250 "))
        #expect(waitUntil(seconds: 120) { rig.mails.count == 1 })
        let ham = try #require(rig.mails.first)
        #expect(
            ham.firstMatch(of: /\nX-Spam-Score: [0-4]\.\d\n/) != nil && !ham.contains("X-Spam-Flag")
        )
        #expect(ham.contains("\nX-Spam-Report: siftd "))
        #expect(ham.contains("has NOT identified this incoming email as spam."))
        // The score of spam decides between the two.
        let reply = try rig.send(TinyModel.message(.spam, 910))
        if reply.hasPrefix("550") {
            #expect(reply.contains("This message scored "))
            #expect(rig.daemon.log.contains("verdict=spam"))
        } else {
            #expect(
                waitUntil(seconds: 120) {
                    rig.mails.contains { $0.contains("\nX-Spam-Flag: YES\n") }
                })
        }
    }

    @Test("While siftd is away mail is deferred")
    func away() throws {
        let rig = try Rig(isUnix: true)
        rig.daemon.signal(SIGTERM)
        #expect(rig.daemon.waitForExit(seconds: 120) == 0)
        #expect(try rig.send(TinyModel.message(.ham, 921)).hasPrefix("451 "))
    }

    @Test("A hundred messages over several connections are all judged")
    func many() throws {
        let rig = try Rig(isUnix: true)
        for round in 0..<4 {
            let client = try SMTPClient(port: rig.port)
            for number in 0..<25 {
                let reply = try client.send(
                    TinyModel.message(.ham, 1_000 + round * 25 + number), from: "a@example.net",
                    to: ["inbox@example.org"])
                #expect(reply.hasPrefix("250 "))
            }
            try client.quit()
        }
        #expect(waitUntil(seconds: 120) { rig.mails.count == 100 })
        #expect(rig.mails.allSatisfy { $0.contains("\nX-Spam-Score: ") })
    }
}
