import FilterTestKit
import Foundation
import ModelRegistry
import Models
import Testing

/// Real daemons on one real database, behind a real HAProxy.
@Suite(
    .enabled(
        if: DaemonProcess.isBuilt && PostgreSQLServer.isInstalled,
        "build the siftd product first; needs Debian's package postgresql"))
struct FleetTests {
    private static let writeToken = "write-0123456789abcdef"
    private static let haproxy = "/usr/sbin/haproxy"

    /// A host with a registry of its own.
    private final class Host {
        let name: String
        let folder: TemporaryFolder
        let milterPort: Int
        private(set) var daemon: DaemonProcess
        private let start: () throws -> DaemonProcess

        init(
            _ name: String, _ url: String, _ bundle: ModelBundle, fleet: String = ""
        ) throws {
            self.name = name
            folder = try TemporaryFolder()
            milterPort = try UnixSocket.freePort()
            for name in ["models", "learn"] {
                try FileManager.default.createDirectory(
                    atPath: folder.file(name), withIntermediateDirectories: false)
            }
            try folder.write("token", FleetTests.writeToken)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: folder.file("token"))
            let registry = try ModelRegistry(path: folder.file("models"))
            try bundle.write(to: folder.file("bundle"))
            let id = try registry.add(
                bundle: folder.file("bundle"), lineage: ModelLineage(origin: .imported, added: 0))
            try registry.activate(id, time: 0)
            let (folder, port) = (folder, milterPort)
            start = {
                try DaemonProcess(
                    model: registry.activePath,
                    configuration: """
                        [learn]
                        directory = "\(folder.file("learn"))"
                        registry = "\(folder.file("models"))"
                        socket = "\(folder.file("control.sock"))"
                        [store]
                        url = "\(url)"
                        [fleet]
                        \(fleet)
                        """,
                    environment: [
                        "SIFTD_FLEET_HOST": name,
                        "SIFTD_MILTER_SOCKET": "inet:\(port)@127.0.0.1",
                        "SIFTD_HTTP_WRITE_TOKEN_FILE": folder.file("token"),
                    ])
            }
            daemon = try start()
        }

        func restart() throws { daemon = try start() }

        var registry: ModelRegistry {
            get throws { try ModelRegistry(path: folder.file("models")) }
        }

        func siftd(_ arguments: String...) throws -> Command.Output {
            try Command.run(
                DaemonProcess.binary, arguments, environment: ["SIFTD_FLEET_HOST": name])
        }

        func ask(_ method: String, _ path: String) throws -> HTTPTestClient.Answer {
            try HTTPTestClient.request(
                method, path, port: daemon.httpPort,
                fields: ["Authorization: Bearer \(FleetTests.writeToken)"])
        }

        /// The id of the model that scores now.
        var model: String? {
            guard let answer = try? ask("GET", "/v1/status"),
                let json = try? JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8)),
                case .object(let status) = json, case .object(let model)? = status["model"],
                case .string(let id)? = model["id"]
            else { return nil }
            return id
        }
    }

    private static func bundle(_ id: String) throws -> ModelBundle {
        var bundle = try TinyModel.shared.get()
        bundle.configuration.id = id
        return bundle
    }

    private func agree(_ hosts: [Host], on id: String) -> Bool {
        waitUntil(seconds: 120) { hosts.allSatisfy { $0.model == id } }
    }

    @Test("A model activated on one daemon scores on all, a roll back by HTTP reaches all")
    func models() throws {
        let server = try PostgreSQLServer.shared.get()
        let url = server.url(try server.database())
        let hosts = try ["mx1", "mx2", "mx3"].map {
            try Host($0, url, FleetTests.bundle("first"))
        }
        let second = hosts[0].folder.file("second")
        try FleetTests.bundle("second").write(to: second)
        let registry = try hosts[0].registry
        _ = try registry.add(bundle: second, lineage: ModelLineage(origin: .imported, added: 1))
        // The command alone; no reload follows.
        let output = try hosts[0].siftd(
            "model", "activate", "second", "--registry", registry.path)
        #expect(output.status == 0, "\(output.err)")
        #expect(agree(hosts, on: "second"))
        #expect(hosts[2].daemon.log.contains("msg=model_followed model=second"))
        #expect(hosts[0].daemon.log.contains("msg=model_proposed model=second"))

        let rolledBack = try hosts[1].ask("POST", "/v1/models/rollback")
        #expect(rolledBack.status == 200, "\(rolledBack.body)")
        #expect(agree(hosts, on: "first"))
        let activated = try hosts[1].ask("POST", "/v1/models/second/activate")
        #expect(activated.status == 200, "\(activated.body)")
        #expect(agree(hosts, on: "second"))

        let config = hosts[0].daemon.configPath
        let isWell = try waitUntil(seconds: 120) {
            try hosts[0].siftd("status", "--fleet", "--config", config).status == 0
        }
        let status = try hosts[0].siftd("status", "--fleet", "--config", config)
        #expect(isWell, "\(status.out)\(status.err)")
        #expect(status.out.hasPrefix("model: second ("), "\(status.out)")
        let shown = try hosts[1].ask("GET", "/v1/fleet")
        #expect(shown.status == 200 && shown.body.contains("\"host\":\"mx3\""))
        let isCounted = try waitUntil(seconds: 120) {
            try hosts[1].ask("GET", "/metrics").body.contains("siftd_fleet_hosts{state=\"ok\"} 3")
        }
        #expect(isCounted)

        // One that is stopped is neither listed nor waited for, and catches up when it is back.
        hosts[2].daemon.signal(SIGTERM)
        #expect(hosts[2].daemon.waitForExit(seconds: 60) == 0)
        let without = try hosts[0].siftd("status", "--fleet", "--json", "--config", config)
        #expect(without.status == 0 && !without.out.contains("\"mx3\""), "\(without.out)")
        #expect(try hosts[1].ask("POST", "/v1/models/rollback").status == 200)
        try hosts[2].restart()
        #expect(agree(hosts, on: "first"))
    }

    @Test("Hosts that trust a key take what it has signed, wherever the key is, and nothing else")
    func signatures() throws {
        let server = try PostgreSQLServer.shared.get()
        let url = server.url(try server.database())
        let folder = try TemporaryFolder()
        let key = folder.file("key")
        let made = try Command.run(DaemonProcess.binary, ["model", "keygen", key])
        #expect(made.status == 0, "\(made.err)")
        let again = try Command.run(DaemonProcess.binary, ["model", "keygen", key])
        #expect(again.status == 73, "the key that was there stays")
        #expect(again.err.contains("\(key): exists already"))
        let shown = try Command.run(DaemonProcess.binary, ["model", "keygen", "--show", key])
        #expect(shown.out == made.out && !made.out.isEmpty)
        let trusted = made.out.trimmingCharacters(in: .whitespacesAndNewlines)
        let hosts = try ["mx1", "mx2"].map {
            try Host(
                $0, url, FleetTests.bundle("first"), fleet: "trusted_keys = [\"\(trusted)\"]")
        }
        // Another registry, as on a host that filters no mail.
        for id in ["second", "third"] {
            try FleetTests.bundle(id).write(to: folder.file(id))
        }
        let path = folder.file("models")
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        let registry = try ModelRegistry(path: path)
        for id in ["second", "third"] {
            _ = try registry.add(
                bundle: folder.file(id), lineage: ModelLineage(origin: .imported, added: 1))
        }
        let config = try folder.write("siftd.toml", "[store]\nurl = \"\(url)\"\n")
        func propose(_ id: String, _ options: String...) throws -> Command.Output {
            try Command.run(
                DaemonProcess.binary,
                ["model", "propose", id, "--config", config, "--registry", path] + options)
        }
        let unsigned = try propose("second")
        #expect(unsigned.status != 0 && (unsigned.out + unsigned.err).contains("not signed"))
        #expect(hosts.allSatisfy { $0.model == "first" })
        let signed = try propose("third", "--key", key)
        #expect(signed.status == 0, "\(signed.out)\(signed.err)")
        #expect(agree(hosts, on: "third"))
    }

    @Test(
        "HAProxy takes a daemon that stops out of service, and no message is lost",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: haproxy),
            "needs Debian's package haproxy"))
    func balancing() throws {
        let server = try PostgreSQLServer.shared.get()
        let url = server.url(try server.database())
        let hosts = try ["mx1", "mx2"].map { try Host($0, url, FleetTests.bundle("first")) }
        let folder = try TemporaryFolder()
        let milter = try UnixSocket.freePort()
        var text = try String(
            contentsOfFile: Checkout.file("share/siftd/fleet/haproxy.cfg"), encoding: .utf8)
        for (path, to) in [
            ("log /dev/log local0", "log stderr local0"),
            ("/run/haproxy/admin.sock mode 660", "\(folder.file("admin.sock")) mode 660"),
            ("127.0.0.1:8899", "127.0.0.1:\(milter)"),
            ("127.0.0.1:11379", "127.0.0.1:\(try UnixSocket.freePort())"),
            ("127.0.0.1:8404", "127.0.0.1:\(try UnixSocket.freePort())"),
        ] {
            #expect(text.contains(path), "\(path)")
            text = text.replacing(path, with: to)
        }
        for (index, host) in hosts.enumerated() {
            let address = "10.0.0.1\(index + 1)"
            text = text.replacing(
                "\(address):8899 check port 11380",
                with: "127.0.0.1:\(host.milterPort) check port \(host.daemon.httpPort)")
            text = text.replacing("\(address):11380", with: "127.0.0.1:\(host.daemon.httpPort)")
        }
        text = text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("server mx3") }.joined(separator: "\n")
        let file = try folder.write("haproxy.cfg", text)
        let checked = try Command.run(FleetTests.haproxy, ["-c", "-f", file])
        #expect(checked.status == 0, "\(checked.err)")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: FleetTests.haproxy)
        process.arguments = ["-db", "-f", file]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        defer {
            kill(process.processIdentifier, SIGTERM)
            process.waitUntilExit()
        }
        func deliver(_ number: Int) throws -> String? {
            let connection = try MilterConnection(port: milter)
            try connection.greet()
            return try connection.deliver(TinyModel.message(.spam, number % 10)).value(
                "X-Spam-Flag")
        }
        #expect(waitUntil(seconds: 120) { (try? deliver(0)) == "YES" })
        for number in 1...10 { #expect(try deliver(number) == "YES") }
        let counts = hosts.map { host in
            host.daemon.log.split(separator: "\n").count { $0.contains("verdict=spam") }
        }
        #expect(counts.allSatisfy { $0 > 0 }, "\(counts)")

        // As docs/fleet.md says: drain, wait, restart.
        hosts[0].daemon.signal(SIGTERM)
        var deferred = 0
        for number in 11...60 {
            // What a daemon that stops does not take, the mail server tries again.
            guard (try? deliver(number)) != "YES" else { continue }
            deferred += 1
            try #require(waitUntil(seconds: 120) { (try? deliver(number)) == "YES" })
        }
        #expect(hosts[0].daemon.waitForExit(seconds: 60) == 0)
        // Refused connections go to the other host at once.
        #expect(deferred <= 2, "\(deferred) of 50")
    }
}
