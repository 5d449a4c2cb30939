import Foundation
import PostgreSQL
import Synchronization

/// A real PostgreSQL server in a temporary folder, on a unix socket and on a port of 127.0.0.1.
///
/// It runs as `postgres` or `nobody` when the tests run as root, because the server refuses root.
/// It ends with the tests however they end.
public final class PostgreSQLServer: Sendable {
    /// The server did not start.
    public struct StartError: Error, CustomStringConvertible {
        /// What was done and what the program said.
        public var description: String
    }

    /// Holds the server's files.
    public let folder: TemporaryFolder
    /// The TCP port, which uses TLS with ``authority``, and the number in the socket's name.
    public let port: Int
    /// The superuser, whom the server believes on the unix socket without a password.
    public static let superuser = "siftd_test"
    /// The password of the superuser, which the server wants over TCP.
    public static let password = "not-a-secret-of-anybody"
    private let holder: Mutex<Holder?>
    private let databases = Atomic(0)

    private struct Holder {
        var shell: Process
        var pipe: Pipe
    }

    /// Folder of the server's programs; nil when it is not installed.
    public static let programs: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap(Int.init).sorted().reversed().map { "\(root)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: "\($0)/postgres") }
    }()

    /// Whether a server can be started: Debian's package postgresql.
    public static var isInstalled: Bool { programs != nil }

    /// A server for all tests that neither stop it nor change its settings.
    public static let shared = Result { try PostgreSQLServer() }

    /// The certificate of the authority that signed the server's, in PEM.
    public var authority: String { folder.file("ca.crt") }
    /// The folder of the unix socket.
    public var socketFolder: String { folder.file("run") }

    /// Creates a server and starts it.
    ///
    /// - Parameters:
    ///   - names: what the server's certificate says the server is, such as `DNS:localhost`.
    ///   - settings: more settings, as in postgresql.conf.
    /// - Throws: ``StartError``.
    public init(
        names: String = "DNS:localhost,IP:127.0.0.1", settings: [String: String] = [:]
    ) throws {
        folder = try TemporaryFolder()
        port = try UnixSocket.freePort()
        holder = Mutex(nil)
        let user = PostgreSQLServer.user
        for name in ["data", "run"] {
            try FileManager.default.createDirectory(
                atPath: folder.file(name), withIntermediateDirectories: false)
        }
        try folder.write("password", PostgreSQLServer.password)
        try tool(
            "/bin/sh",
            [
                "-c", PostgreSQLServer.certificates, "sh", folder.path, names,
            ])
        if let user {
            try tool(
                "/bin/chown",
                ["-R", user] + ["data", "run", "password", "server.key"].map { folder.file($0) })
        }
        try tool(
            PostgreSQLServer.program("initdb"),
            [
                "--pgdata", folder.file("data"), "--username", PostgreSQLServer.superuser,
                "--pwfile", folder.file("password"), "--auth-local", "trust", "--auth-host",
                "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
            ], user: user)
        var all = [
            "listen_addresses": "127.0.0.1", "port": "\(port)",
            "unix_socket_directories": socketFolder, "fsync": "off", "ssl": "on",
            "ssl_cert_file": folder.file("server.crt"), "ssl_key_file": folder.file("server.key"),
            "max_connections": "60", "shared_buffers": "32MB", "log_min_messages": "warning",
            "max_wal_size": "256MB",
        ]
        all.merge(settings) { $1 }
        let text = all.map { "\($0) = '\($1)'\n" }.sorted().joined()
        let path = folder.file("data/postgresql.conf")
        let handle = FileHandle(forWritingAtPath: path)
        try handle?.seekToEnd()
        try handle?.write(contentsOf: Data(text.utf8))
        try handle?.close()
        try start()
    }

    deinit { kill() }

    // MARK: Life

    /// Starts the server, or starts it again, and waits until it takes connections.
    public func start() throws {
        let shell = Process()
        let pipe = Pipe()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments =
            ["-c", PostgreSQLServer.holding, "sh", folder.path]
            + PostgreSQLServer.as(PostgreSQLServer.user)
            + [PostgreSQLServer.program("postgres"), "-D", folder.file("data")]
        shell.standardInput = pipe
        let log = folder.file("log")
        if !FileManager.default.fileExists(atPath: log) { try folder.write("log", "") }
        let output = FileHandle(forWritingAtPath: log)
        try output?.seekToEnd()
        shell.standardError = output
        shell.standardOutput = output
        try shell.run()
        holder.withLock { $0 = Holder(shell: shell, pipe: pipe) }
        let isReady = waitUntil(seconds: 30) { !shell.isRunning || isTakingConnections }
        guard isReady, shell.isRunning else {
            throw StartError(description: "postgres did not start:\n\(self.log)")
        }
    }

    /// Ends the server as an admin does, who waits for no client.
    public func stop() { end(SIGINT) }

    /// Ends all of the server's processes at once, as a crash does.
    public func kill() { end(SIGKILL) }

    /// Stops the server's processes where they are: it is silent, but its sockets stay open.
    public func freeze() { processes.forEach { _ = Glibc.kill($0, SIGSTOP) } }

    /// Lets a frozen server continue.
    public func thaw() { processes.forEach { _ = Glibc.kill($0, SIGCONT) } }

    /// The server's messages.
    public var log: String {
        (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
    }

    private func end(_ signal: Int32) {
        guard let held = holder.withLock({ $0 }) else { return }
        // Processes of sessions end by themselves only after they notice that the first is gone.
        let all = signal == SIGKILL ? processes : Array(processes.prefix(1))
        all.forEach { _ = Glibc.kill($0, signal) }
        try? held.pipe.fileHandleForWriting.write(contentsOf: Data("ended\n".utf8))
        try? held.pipe.fileHandleForWriting.close()
        // Foundation takes the end of the last process that has its descriptors for the end, and
        // processes that other tests start at the same moment may have them.
        _ = waitUntil(seconds: 60) {
            all.allSatisfy(PostgreSQLServer.hasEnded)
                && PostgreSQLServer.hasEnded(held.shell.processIdentifier)
        }
        holder.withLock { $0 = nil }
    }

    /// Whether a process is gone, or only waits for its parent to ask how it ended.
    private static func hasEnded(_ process: Int32) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = line.lastIndex(of: ")")
        else { return true }
        return line[name...].dropFirst(2).first == "Z"
    }

    /// The first process of the server, then those of its sessions and tasks.
    private var processes: [Int32] {
        guard let held = holder.withLock({ $0 }), let line = pidFile.first, let first = Int32(line),
            held.shell.isRunning
        else { return [] }
        let children = try? String(
            contentsOfFile: "/proc/\(first)/task/\(first)/children", encoding: .utf8)
        return [first] + (children ?? "").split(separator: " ").compactMap { Int32($0) }
    }

    private var isTakingConnections: Bool {
        pidFile.count > 7 && pidFile[7].hasPrefix("ready")
    }

    /// The lines of the server's lock file.
    private var pidFile: [Substring] {
        let text = try? String(contentsOfFile: folder.file("data/postmaster.pid"), encoding: .utf8)
        return (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    }

    // MARK: Databases

    /// Creates an empty database.
    ///
    /// - Returns: its name.
    public func database() throws -> String {
        let number = databases.add(1, ordering: .relaxed).newValue
        let name = "test\(number)"
        let connection = try PostgreSQLConnection(try PostgreSQLAddress(url: url("postgres")))
        defer { connection.close() }
        try connection.withLimit(seconds: 30) { try $0.script("CREATE DATABASE \(name)") }
        return name
    }

    /// The address of a database over the unix socket.
    public func url(_ database: String, user: String = superuser) -> String {
        "postgresql://\(user)@/\(database)?host=\(socketFolder)&port=\(port)"
    }

    /// The address of a database over TCP with TLS.
    public func tcpURL(
        _ database: String, host: String = "localhost", user: String = superuser, more: String = ""
    ) -> String {
        "postgresql://\(user)@\(host):\(port)/\(database)?sslrootcert=\(authority)\(more)"
    }

    // MARK: Programs

    /// Becomes what follows the folder $1.
    ///
    /// A process beside it reads standard input: a line says that the server has ended, and the
    /// end of input that the tests have; then the server ends too, and its folder is removed.
    private static let holding = """
        folder=$1
        shift
        exec 3<&0
        ( (
            if ! read -r line <&3; then
              kill -QUIT $$
              n=0
              while kill -0 $$ && [ $((n += 1)) -lt 50 ]; do sleep 0.1; done
              rm -rf "$folder"
            fi
          ) >/dev/null 2>&1 & )
        exec "$@" </dev/null 3<&-
        """

    /// Makes an authority and a certificate of the server in the folder $1 for the names $2.
    private static let certificates = """
        set -e
        cd "$1"
        openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 3650 \
          -subj "/CN=authority of a test" 2>/dev/null
        openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr \
          -subj "/CN=server of a test" 2>/dev/null
        echo "subjectAltName=$2" > names
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 \
          -extfile names -out server.crt 2>/dev/null
        chmod 600 server.key password
        """

    /// The user who runs the server; nil for the one who runs the tests.
    private static let user: String? = {
        guard geteuid() == 0 else { return nil }
        return getpwnam("postgres") == nil ? "nobody" : "postgres"
    }()

    /// What is put before a command that another user runs.
    private static func `as`(_ user: String?) -> [String] {
        user.map { ["setpriv", "--reuid", $0, "--regid", $0, "--clear-groups"] } ?? []
    }

    private static func program(_ name: String) -> String {
        "\(programs ?? "/nonexistent")/\(name)"
    }

    private func tool(_ path: String, _ arguments: [String], user: String? = nil) throws {
        let command = PostgreSQLServer.as(user) + [path] + arguments
        let output = try Command.run("/usr/bin/env", command)
        guard output.status == 0 else {
            throw StartError(description: "\(command.joined(separator: " ")): \(output.err)")
        }
    }
}
