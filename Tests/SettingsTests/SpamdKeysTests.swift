import FilterPolicy
import Milter
import Testing

@testable import Settings

/// The section `[spamd]`.
@Suite struct SpamdKeysTests {
    @Test("The port is off by default, and [] turns it off")
    func off() throws {
        #expect(SiftdSettings().spamd.sockets.isEmpty && !SiftdSettings().spamd.allowsTell)
        #expect(try SettingsFile.parse("spamd.socket = []\n", file: "x").spamd.sockets.isEmpty)
    }

    @Test("All keys are read and shown as they read back")
    func keys() throws {
        let text = """
            [spamd]
            socket = ["unix:/run/siftd/spamd.sock", "inet:783@127.0.0.1"]
            mode = "0600"
            clients = ["192.0.2.0/24"]
            allow_tell = true
            body_limit = "1MiB"
            time_limit = "5s"
            concurrency = 3
            queue_limit = 7
            connection_limit = 9
            """
        let settings = try SettingsFile.parse(text, file: "x")
        #expect(
            settings.spamd.sockets == [
                .unix(path: "/run/siftd/spamd.sock"),
                .inet(port: 783, host: "127.0.0.1", isIPv6: false),
            ])
        #expect(settings.spamd.access.mode == 0o600 && settings.spamd.allowsTell)
        #expect(settings.spamd.clients.map(\.description) == ["192.0.2.0/24"])
        #expect(settings.spamd.bodyBytes == 1 << 20 && settings.spamd.timeLimit == .seconds(5))
        #expect(settings.spamd.concurrency == 3 && settings.spamd.queueLimit == 7)
        #expect(settings.spamd.connectionLimit == 9)
        #expect(try SettingsFile.parse(SettingsFile.show(settings), file: "x") == settings)
    }

    @Test(
        "Mistakes are named with their key",
        arguments: [
            ("spamd.socket = \"783\"", "spamd.socket must be \"unix:/path\""),
            ("spamd.socket = \"inet:127.0.0.1:783\"", "not Postfix's inet:host:port"),
            ("spamd.socket = [\"unix:/a\", \"unix:/a\"]", "names unix:/a twice"),
            ("spamd.clients = [\"here\"]", "spamd.clients holds \"here\""),
            ("spamd.group = \"no-such-group\"", "the system has no such group"),
            ("spamd.connection_limit = 0", "spamd.connection_limit must be a whole number"),
            ("milter.socket = []", "milter.socket must name one socket at least"),
        ])
    func mistakes(_ line: String, _ reason: String) {
        #expect {
            try SettingsFile.parse(line + "\n", file: "x")
        } throws: { "\($0)".contains(reason) }
    }
}
