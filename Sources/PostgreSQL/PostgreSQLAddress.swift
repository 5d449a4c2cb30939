import CPostgreSQL
import Foundation
import Glibc

/// Where the database is and as whom to use it: a URL `postgresql://ROLE@HOST/DATABASE?…`.
///
/// The URL is libpq's (PostgreSQL's documentation, section "Connection URIs"), with these rules:
///
/// - It holds no password: configuration files and `--dump` would show it. A file does, or none is
///   needed because the server knows the user of a unix socket (`peer`) or a client certificate,
///   which the URL names (`sslcert`).
/// - Over TCP `sslmode` is `verify-full` unless the URL names another. `disable`, `require` and
///   `verify-ca` are an admin's decision about a network that he knows; `allow` and `prefer` are
///   refused, because they promise nothing: whoever is on the path switches encryption off, and
///   neither side notices.
/// - Variables such as `PGHOST` and `PGSSLMODE` change none of this.
public struct PostgreSQLAddress: Sendable, Equatable {
    /// The URL as given, for messages; it holds no secret.
    public let url: String
    /// A file whose first line is the password; nil for none.
    public let passwordFile: String?
    /// The servers in the order in which they are tried, of which one that takes changes is used.
    let endpoints: [Endpoint]
    /// What libpq is told besides the endpoint.
    let options: [String: String]

    /// One server.
    struct Endpoint: Sendable, Equatable {
        /// A name, an address, or the folder of a unix socket.
        var host: String
        /// The address if the name need not be looked up.
        var address: String?
        var port: String

        /// Whether it is a unix socket: libpq takes paths and abstract names for one.
        var isLocal: Bool { address == nil && (host.hasPrefix("/") || host.hasPrefix("@")) }
        /// Host and port for messages.
        var name: String { isLocal ? host : "\(host.isEmpty ? address ?? "" : host):\(port)" }
    }

    /// Debian's folder of the server's socket.
    private static let localFolder = "/var/run/postgresql"
    private static let port = "5432"
    /// Authorities of Debian's package ca-certificates; libpq 15 looks in a home directory only.
    private static let authorities = "/etc/ssl/certs/ca-certificates.crt"
    /// Nothing is there: libpq would otherwise look into the home directory of whoever asks, which
    /// siftd's user may not read when `siftd doctor` asks for it.
    private static let noCertificate = "/nonexistent/postgresql.crt"
    private static let modes = ["verify-full", "verify-ca", "require", "disable"]

    /// Reads a URL.
    ///
    /// - Parameters:
    ///   - url: begins with `postgresql://` or `postgres://`.
    ///   - passwordFile: a file whose first line is the password; it is read at each connection.
    /// - Throws: ``PostgreSQLError`` of kind `invalid`.
    public init(url: String, passwordFile: String? = nil) throws(PostgreSQLError) {
        guard url.hasPrefix("postgresql://") || url.hasPrefix("postgres://") else {
            throw PostgreSQLError(
                .invalid,
                "the address must begin with postgresql://, such as "
                    + "postgresql://siftd@db.example.net/siftd")
        }
        var options = try PostgreSQLAddress.parse(url)
        guard options["password"] == nil else {
            throw PostgreSQLError(
                .invalid,
                "the address must not hold the password, which every reader of the configuration "
                    + "would see; put it into the password file")
        }
        endpoints = try PostgreSQLAddress.endpoints(of: &options)
        if endpoints.contains(where: { !$0.isLocal }) {
            let mode = options["sslmode"] ?? "verify-full"
            guard PostgreSQLAddress.modes.contains(mode) else {
                throw PostgreSQLError(
                    .invalid,
                    "sslmode=\(mode) falls back to no encryption without a word; use verify-full, "
                        + "or require or disable on a network that you trust")
            }
            options["sslmode"] = mode
            let verifies = mode.hasPrefix("verify")
            if verifies, options["sslrootcert"] == nil,
                FileManager.default.fileExists(atPath: PostgreSQLAddress.authorities)
            {
                options["sslrootcert"] = PostgreSQLAddress.authorities
            }
        } else {
            options["sslmode"] = options["sslmode"] ?? "disable"
        }
        options["sslcert"] = options["sslcert"] ?? PostgreSQLAddress.noCertificate
        options["gssencmode"] = options["gssencmode"] ?? "disable"
        options["target_session_attrs"] = options["target_session_attrs"] ?? "read-write"
        options["application_name"] = options["application_name"] ?? "siftd"
        options["client_encoding"] = "UTF8"
        self.options = options
        self.url = url
        self.passwordFile = passwordFile
    }

    /// The role; nil where the URL names none, so that it is the user's name.
    public var role: String? { options["user"] }

    /// The database; nil where the URL names none, so that it is the role's name.
    public var database: String? { options["dbname"] }

    /// How TLS is used, such as `verify-full`.
    public var tlsMode: String { options["sslmode"] ?? "" }

    /// The servers by host and port, or by the folder of a unix socket, for messages.
    public var servers: [String] { endpoints.map(\.name) }

    /// Whether all servers are on unix sockets of this host.
    public var isLocal: Bool { endpoints.allSatisfy(\.isLocal) }

    /// Whether the server proves with a certificate that it is the one named, or is on this host.
    public var isVerified: Bool {
        endpoints.allSatisfy(\.isLocal) || options["sslmode"] == "verify-full"
    }

    /// The parameters that libpq reads from the URL.
    private static func parse(_ url: String) throws(PostgreSQLError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let list = PQconninfoParse(url, &message) else {
            let reason = message.map { String(cString: $0) } ?? "out of memory"
            PQfreemem(message)
            throw PostgreSQLError(
                .invalid, "the address can't be read: \(reason.trimmingCharacters(in: .newlines))")
        }
        defer { PQconninfoFree(list) }
        var options: [String: String] = [:]
        var next = list
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val {
                options[String(cString: keyword)] = String(cString: value)
            }
            next += 1
        }
        return options
    }

    /// Takes the lists of hosts, addresses and ports from the parameters.
    private static func endpoints(
        of options: inout [String: String]
    ) throws(PostgreSQLError) -> [Endpoint] {
        func list(_ name: String) -> [String]? {
            options.removeValue(forKey: name).map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
        }
        let hosts = list("host")
        let addresses = list("hostaddr")
        let ports = list("port") ?? []
        let count = hosts?.count ?? addresses?.count ?? 1
        guard addresses.map({ $0.count == count }) ?? true, ports.count <= 1 || ports.count == count
        else {
            throw PostgreSQLError(
                .invalid, "the address has lists of hosts and ports that differ in length")
        }
        return (0..<count).map { index in
            let address = addresses?[index]
            var host = hosts?[index] ?? ""
            if host.isEmpty, address == nil { host = localFolder }
            let port = ports.count > 1 ? ports[index] : ports.first ?? ""
            return Endpoint(
                host: host, address: address, port: port.isEmpty ? PostgreSQLAddress.port : port)
        }
    }

    /// The password of the file.
    ///
    /// - Throws: ``PostgreSQLError`` of kind `refused`: the admin must correct the file.
    func password() throws(PostgreSQLError) -> String? {
        guard let path = passwordFile else { return nil }
        func fail(_ reason: String) -> PostgreSQLError {
            PostgreSQLError(.refused, "password file \(path): \(reason)")
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw fail(String(cString: strerror(errno))) }
        guard status.st_mode & 0o007 == 0 else {
            throw fail("every user of this host may read it; chmod o= it")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw fail("can't be read by siftd's user")
        }
        let line = String(decoding: data.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        guard !line.isEmpty else { throw fail("its first line is empty") }
        return line
    }
}
