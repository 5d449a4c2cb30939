import FilterTestKit
import Foundation
import Testing

/// The spamd port, asked by SpamAssassin's own client.
@Suite(
    .enabled(if: DaemonProcess.isBuilt, "build the siftd product first"),
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: "/usr/bin/spamc"),
        "needs spamc (make test-deps)"))
struct SpamcTests {
    private static let spam = TinyModel.message(.spam, 910)
    private static let ham = TinyModel.message(.ham, 910)

    /// A daemon with a spamd port at a unix socket and at a TCP port, and its folder.
    private struct Rig {
        let folder: TemporaryFolder
        let daemon: DaemonProcess
        let socket: String

        init(_ more: String = "") throws {
            folder = try TemporaryFolder()
            socket = folder.file("spamd.sock")
            try FileManager.default.createDirectory(
                atPath: folder.file("learn"), withIntermediateDirectories: false)
            daemon = try DaemonProcess(
                configuration: """
                    [policy]
                    tag_threshold = 0.8
                    [learn]
                    directory = "\(folder.file("learn"))"
                    [spamd]
                    socket = ["unix:\(socket)", "inet:0@127.0.0.1"]
                    mode = "0600"
                    \(more)
                    """)
        }

        /// The port that the kernel chose, from the log.
        var port: String {
            let line = daemon.log.split(separator: "\n").first { $0.contains("spamd_started") }
            return line?.firstMatch(of: /inet:([0-9]+)@/).map { String($0.1) } ?? ""
        }

        func spamc(_ flags: [String], _ input: [UInt8] = []) throws -> Command.Output {
            try Command.run("/usr/bin/spamc", ["-U", socket] + flags, input: input)
        }
    }

    @Test("Every flag that judges gives what SpamAssassin's manual says")
    func flags() throws {
        let rig = try Rig()
        let cases: [(flags: [String], isSpam: Bool, status: Int32, output: Regex<Substring>)] = [
            (["-c"], true, 1, /[5-9]\.\d\/5\.0\n/), (["-c"], false, 0, /[0-4]\.\d\/5\.0\n/),
            (["-E", "-y"], true, 1, /TEXTCNN/), (["-y"], false, 0, /TEXTCNN/),
            (
                ["-R"], true, 0,
                /[5-9]\.\d\/5\.0\nsiftd [^\n]*\nhas identified (?s:.*) TEXTCNN (?s:.*)/
            ),
            (["-R", "-E"], true, 1, /[5-9]\.\d\/5\.0\n(?s:.*)/),
            (["-R"], false, 0, /[0-4]\.\d\/5\.0\nsiftd [^\n]*\nhas NOT identified (?s:.*)/),
            (["-r"], true, 0, /siftd (?s:.*)/), (["-r"], false, 0, /\n?/),
            (["-K"], true, 0, /SPAMD\/1\.5 0\n/),
        ]
        for (flags, isSpam, status, expected) in cases {
            let output = try rig.spamc(flags, isSpam ? SpamcTests.spam : SpamcTests.ham)
            #expect(output.status == status, "\(flags): \(output.err)")
            #expect(output.out.wholeMatch(of: expected) != nil, "\(flags): \(output.out)")
        }
    }

    @Test(
        "The message comes back with fields, and its body as it was",
        arguments: [[], ["--headers"], ["-x"], ["-u", "someone@example.org"]])
    func process(_ flags: [String]) throws {
        let rig = try Rig()
        let output = try rig.spamc(flags, Array("X-Spam-Flag: NO\r\n".utf8) + SpamcTests.spam)
        #expect(output.status == 0)
        #expect(output.out.hasPrefix("X-Spam-Flag: YES\r\nX-Spam-Score: "))
        #expect(!output.out.contains("X-Spam-Flag: NO"))
        let message = String(decoding: SpamcTests.spam, as: UTF8.self)
        let body = message.components(separatedBy: "\r\n\r\n")[1]
        #expect(output.out.hasSuffix("\r\n\r\n" + body))
        #expect(rig.daemon.log.contains(" spamd=\(flags == ["--headers"] ? "HEADERS" : "PROCESS")"))
    }

    @Test("spamc -L teaches and forgets over TCP, and the next message is judged by it")
    func learning() throws {
        let rig = try Rig("allow_tell = true")
        func spamc(_ flags: [String]) throws -> Command.Output {
            try Command.run(
                "/usr/bin/spamc", ["-d", "127.0.0.1", "-p", rig.port] + flags,
                input: SpamcTests.spam)
        }
        func learn(_ type: String) throws -> String {
            let output = try spamc(["-L", type, "-u", "alice"])
            #expect(output.status == 0)
            return output.out
        }
        #expect(try spamc(["-c"]).status == 1)
        #expect(try learn("ham") == "Message successfully un/learned\n")
        #expect(try learn("ham") == "Message was already un/learned\n")
        #expect(try spamc(["-c"]).status == 0)
        #expect(try learn("forget") == "Message successfully un/learned\n")
        #expect(try learn("forget") == "Message was already un/learned\n")
        #expect(try spamc(["-c"]).status == 1)
        #expect(try learn("spam") == "Message successfully un/learned\n")
    }

    @Test("Where teaching is off or no model is there, spamc exits as with SpamAssassin")
    func faults() throws {
        let rig = try Rig()
        #expect(try rig.spamc(["-L", "spam"], SpamcTests.spam).status == 74)
        let folder = try TemporaryFolder()
        let socket = folder.file("spamd.sock")
        let daemon = try DaemonProcess(
            model: folder.file("none"),
            configuration: """
                [policy]
                on_no_model = "tempfail"
                [spamd]
                socket = "unix:\(socket)"
                """)
        func spamc(_ flags: [String]) throws -> Command.Output {
            try Command.run("/usr/bin/spamc", ["-U", socket] + flags, input: SpamcTests.ham)
        }
        #expect(try spamc(["-x"]).status == 74)
        #expect(try spamc(["-x", "-c"]).status == 74)
        let passed = try spamc([])
        #expect(passed.status == 0 && Array(passed.out.utf8) == SpamcTests.ham)
        withExtendedLifetime(daemon) {}
    }

    @Test("A stop removes the socket, and a socket left behind does not hinder the next start")
    func sockets() throws {
        let rig = try Rig()
        #expect(
            try FileManager.default.attributesOfItem(atPath: rig.socket)[.posixPermissions] as? Int
                == 0o600)
        rig.daemon.signal(SIGTERM)
        #expect(rig.daemon.waitForExit(seconds: 120) == 0)
        #expect(!FileManager.default.fileExists(atPath: rig.socket))
    }
}
