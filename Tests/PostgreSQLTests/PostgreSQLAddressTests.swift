import FilterTestKit
import Foundation
import Testing

@testable import PostgreSQL

@Suite struct PostgreSQLAddressTests {
    @Test("Over TCP the server must prove who it is, unless the URL says otherwise")
    func verification() throws {
        let plain = try PostgreSQLAddress(url: "postgresql://siftd@db.example.net/siftd")
        #expect(plain.options["sslmode"] == "verify-full")
        #expect(plain.isVerified)
        let chosen = try PostgreSQLAddress(url: "postgresql://siftd@10.0.0.1/siftd?sslmode=disable")
        #expect(chosen.options["sslmode"] == "disable")
        #expect(!chosen.isVerified)
        let local = try PostgreSQLAddress(url: "postgresql:///siftd?host=/run/postgresql")
        #expect(local.isVerified)
        let byAddress = try PostgreSQLAddress(url: "postgresql:///siftd?hostaddr=10.0.0.1")
        #expect(byAddress.options["sslmode"] == "verify-full")
    }

    @Test(
        "An address that hides a weakness or can't be read is refused",
        arguments: [
            ("postgresql://siftd@db/siftd?sslmode=prefer", "sslmode=prefer falls back"),
            ("postgresql://siftd@db/siftd?sslmode=allow", "sslmode=allow falls back"),
            ("postgresql://siftd@/siftd?host=/run,db&sslmode=prefer", "falls back"),
            ("postgresql://siftd:secret@db/siftd", "must not hold the password"),
            ("postgresql://siftd@db/siftd?password=secret", "must not hold the password"),
            ("postgresql://siftd@db/siftd?nonsense=1", "can't be read"),
            ("postgresql://a,b,c/siftd?port=1,2", "lists of hosts and ports"),
            ("host=db dbname=siftd", "must begin with postgresql://"),
            ("mysql://db/siftd", "must begin with postgresql://"),
        ])
    func refused(_ example: (url: String, reason: String)) throws {
        let error = #expect(throws: PostgreSQLError.self) {
            try PostgreSQLAddress(url: example.url)
        }
        #expect(error?.kind == .invalid)
        #expect(error?.reason.contains(example.reason) == true, "\(error?.reason ?? "none")")
        #expect(error?.description.contains("secret") == false)
    }

    @Test("Several servers are tried one by one, each with its port")
    func lists() throws {
        let address = try PostgreSQLAddress(url: "postgresql://siftd@a:1,b,[::1]:3/siftd")
        #expect(address.endpoints.map(\.name) == ["a:1", "b:5432", "::1:3"])
        #expect(address.options["target_session_attrs"] == "read-write")
        #expect(address.options["host"] == nil)
        let one = try PostgreSQLAddress(url: "postgresql://siftd@a,b:7/siftd")
        #expect(one.endpoints.map(\.name) == ["a:5432", "b:7"])
        let local = try PostgreSQLAddress(url: "postgresql:///siftd")
        #expect(local.endpoints.map(\.name) == ["/var/run/postgresql"])
    }

    @Test("The first line of the password file is the password, if others can't read it")
    func passwordFile() throws {
        let folder = try TemporaryFolder()
        let url = "postgresql://siftd@db.example.net/siftd"
        func password(_ text: String, mode: Int) throws -> String? {
            let path = try folder.write("password", text)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            return try PostgreSQLAddress(url: url, passwordFile: path).password()
        }
        #expect(try password("first word\r\nsecond\n", mode: 0o640) == "first word")
        #expect(try PostgreSQLAddress(url: url).password() == nil)
        for (text, mode) in [("readable", 0o644), ("\n", 0o600), ("", 0o600)] {
            let error = #expect(throws: PostgreSQLError.self) { try password(text, mode: mode) }
            #expect(error?.kind == .refused)
        }
        let missing = try PostgreSQLAddress(url: url, passwordFile: folder.file("missing"))
        #expect(throws: PostgreSQLError.self) { try missing.password() }
    }
}
