import FilterTestKit
import Testing

@testable import PostgreSQL

@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct PostgreSQLValueTests {
    private let connection: PostgreSQLConnection

    init() throws {
        let url = try PostgreSQLServer.shared.get().url("postgres")
        connection = try PostgreSQLConnection(try PostgreSQLAddress(url: url))
    }

    @Test(
        "A value comes back as it was sent",
        arguments: [
            .null, .int(0), .int(-1), .int(.max), .int(.min), .double(0.1), .double(-.infinity),
            .double(.leastNonzeroMagnitude), .double(-0.0), .bool(true), .bool(false), .text(""),
            .text("Grüße 🎈'\"\\"), .bytes([]), .bytes(Array(0...255)),
        ] as [PostgreSQLValue])
    func roundTrip(_ value: PostgreSQLValue) throws {
        let type =
            switch value {
            case .null, .text: "text"
            case .int: "bigint"
            case .double: "double precision"
            case .bool: "boolean"
            case .bytes: "bytea"
            }
        let rows = try connection.run("SELECT $1::\(type) AS value", [value])
        #expect(rows.columns == ["value"])
        #expect(rows.first?[0] == value)
    }

    @Test("A double keeps its bits, a NaN's too")
    func bits() throws {
        for value in [Double.nan, 1 / 3, -0.0, .greatestFiniteMagnitude] {
            let row = try #require(try connection.run("SELECT $1", [.double(value)]).first)
            #expect(try row.double(0).bitPattern == value.bitPattern)
        }
    }

    @Test("Narrower numbers and other texts are read as the wide ones")
    func narrow() throws {
        let row = try #require(
            try connection.run(
                "SELECT -2::smallint, -70000::integer, 1.5::real, 'a'::name, 'b '::varchar, 'c'"
            ).first)
        #expect(
            row.values == [
                .int(-2), .int(-70_000), .double(1.5), .text("a"), .text("b "), .text("c"),
            ])
        #expect(throws: PostgreSQLError.self) { try row.text(0) }
        #expect(throws: PostgreSQLError.self) { try row.int(6) }
    }

    @Test("A type that isn't known is an error, not a wrong value")
    func unknown() throws {
        let error = #expect(throws: PostgreSQLError.self) { try connection.run("SELECT 1.5") }
        #expect(error?.kind == .invalid)
        #expect(try connection.run("SELECT 1.5::double precision").first?[0] == .double(1.5))
    }

    @Test("A text with a zero character is refused, not cut")
    func zero() throws {
        let error = #expect(throws: PostgreSQLError.self) {
            try connection.run("SELECT $1::text", [.text("a\u{0}b")])
        }
        #expect(error?.kind == .invalid)
        #expect(error?.sqlState == "22021")
    }
}
