import FilterTestKit
import Foundation
import Testing

@testable import PostgreSQL

@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct PostgreSQLSecurityTests {
    /// Its certificate is for the name only, not for the address.
    private static let server = Result { try PostgreSQLServer(names: "DNS:localhost") }
    private let server: PostgreSQLServer
    private let passwordFile: String

    init() throws {
        server = try PostgreSQLSecurityTests.server.get()
        passwordFile = try server.folder.write("pw-\(UUID())", PostgreSQLServer.password + "\n")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: passwordFile)
    }

    private func connect(_ url: String) throws -> PostgreSQLConnection {
        try PostgreSQLConnection(
            try PostgreSQLAddress(url: url, passwordFile: passwordFile),
            limits: PostgreSQLLimits(seconds: 20))
    }

    @Test("A server with a certificate for its name is used, encrypted, with the file's password")
    func verified() throws {
        let connection = try connect(server.tcpURL("postgres"))
        #expect(connection.isEncrypted)
        let row = try connection.run(
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).first
        #expect(row?[0] == .bool(true))
    }

    @Test("A certificate for another name is refused")
    func otherName() throws {
        let error = #expect(throws: PostgreSQLError.self) {
            try connect(server.tcpURL("postgres", host: "127.0.0.1"))
        }
        #expect(error?.kind == .refused)
        #expect(error?.reason.contains("does not match host name") == true)
        // An admin may say that the authority is proof enough.
        let url = server.tcpURL("postgres", host: "127.0.0.1", more: "&sslmode=verify-ca")
        #expect(try connect(url).isEncrypted)
    }

    @Test("A certificate of an authority that is not trusted is refused")
    func otherAuthority() throws {
        let other = try PostgreSQLServer.shared.get().authority
        let url = server.tcpURL("postgres").replacing(server.authority, with: other)
        let error = #expect(throws: PostgreSQLError.self) { try connect(url) }
        #expect(error?.kind == .refused)
        #expect(error?.reason.contains("certificate verify failed") == true)
        // Without sslrootcert the system's authorities count, which don't know the test's either.
        let plain = "postgresql://\(PostgreSQLServer.superuser)@localhost:\(server.port)/postgres"
        #expect(throws: PostgreSQLError.self) { try connect(plain) }
    }

    @Test("A server without TLS is not sent the password")
    func withoutTLS() throws {
        let clear = try PostgreSQLServer(settings: ["ssl": "off", "log_connections": "on"])
        let error = #expect(throws: PostgreSQLError.self) {
            try connect(clear.tcpURL("postgres"))
        }
        #expect(error?.kind == .refused)
        #expect(error?.reason.contains("does not support SSL") == true)
        #expect(!clear.log.contains("connection authorized"))
    }

    @Test("A wrong password is a refusal, and no message shows any password")
    func wrongPassword() throws {
        let path = try server.folder.write("wrong-\(UUID())", "the-wrong-one")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let address = try PostgreSQLAddress(url: server.tcpURL("postgres"), passwordFile: path)
        let error = #expect(throws: PostgreSQLError.self) { try PostgreSQLConnection(address) }
        #expect(error?.kind == .refused)
        #expect(error?.sqlState == "28P01")
        #expect(error?.description.contains("the-wrong-one") == false)
        // A new password in the file counts from the next connection on.
        try PostgreSQLServer.password.write(toFile: path, atomically: false, encoding: .utf8)
        #expect(try PostgreSQLConnection(address).isEncrypted)
    }

    @Test("A user of the host needs no password where the server knows him by the socket")
    func peer() throws {
        let server = try PostgreSQLServer()
        let me = String(cString: try #require(getpwuid(geteuid())).pointee.pw_name)
        let admin = try PostgreSQLConnection(try PostgreSQLAddress(url: server.url("postgres")))
        try admin.script("CREATE ROLE \(admin.quoted(me)) LOGIN; CREATE ROLE other LOGIN")
        try "local all \(PostgreSQLServer.superuser) trust\nlocal all all peer\n".write(
            toFile: server.folder.file("data/pg_hba.conf"), atomically: false, encoding: .utf8)
        try admin.run("SELECT pg_reload_conf()")
        let mine = try PostgreSQLAddress(url: server.url("postgres", user: me))
        let others = try PostgreSQLAddress(url: server.url("postgres", user: "other"))
        // The server reads its file in its own time.
        let isRead = waitUntil(seconds: 120) {
            do {
                _ = try PostgreSQLConnection(others)
                return false
            } catch { return true }
        }
        #expect(isRead)
        #expect(try PostgreSQLConnection(mine).run("SELECT current_user").first?[0] == .text(me))
        let refused = #expect(throws: PostgreSQLError.self) { try PostgreSQLConnection(others) }
        #expect(refused?.kind == .refused)
    }
}
