import Testing

@testable import PostgreSQL

@Suite struct PostgreSQLErrorTests {
    @Test(
        "The server's code decides what kind of failure it is",
        arguments: [
            ("57P01", .unavailable), ("57P03", .unavailable), ("08006", .unavailable),
            ("57014", .busy), ("55P03", .busy), ("40001", .busy), ("40P01", .busy),
            ("53300", .busy), ("53100", .full), ("25006", .readOnly), ("28P01", .refused),
            ("42501", .refused), ("3D000", .refused), ("23505", .constraint), ("22021", .invalid),
            ("42601", .invalid), ("XX000", .failed),
        ] as [(String, PostgreSQLError.Kind)])
    func kinds(_ example: (state: String, kind: PostgreSQLError.Kind)) {
        #expect(PostgreSQLError.Kind(sqlState: example.state) == example.kind)
    }

    @Test("What may succeed later by itself is transient")
    func transience() {
        let kinds: [PostgreSQLError.Kind] = [.unavailable, .busy, .full, .readOnly]
        #expect(kinds.allSatisfy { PostgreSQLError($0, "").isTransient })
        let others: [PostgreSQLError.Kind] = [.refused, .constraint, .invalid, .failed]
        #expect(!others.contains { PostgreSQLError($0, "").isTransient })
    }

    @Test("Failures to connect are told apart in any language of the server")
    func connecting() {
        let german = PostgreSQLError.connecting(
            """
            connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  28P01: \
            Passwort-Authentifizierung für Benutzer »siftd« fehlgeschlagen
            ORT:  auth_failed, auth.c:335
            """)
        #expect(german.kind == .refused)
        #expect(german.sqlState == "28P01")
        #expect(!german.reason.contains("auth.c"))
        let certificate = PostgreSQLError.connecting(
            "connection to server at \"db\" failed: SSL error: certificate verify failed\n")
        #expect(certificate.kind == .refused)
        #expect(PostgreSQLError.connecting("Connection refused").kind == .unavailable)
        #expect(PostgreSQLError.connecting("SSL SYSCALL error: EOF detected").kind == .unavailable)
        let standby = PostgreSQLError.connecting("failed: session is read-only")
        #expect(standby.kind == .readOnly)
    }
}
