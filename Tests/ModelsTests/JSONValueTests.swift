import Foundation
import Models
import Testing

@Suite struct JSONValueTests {
    private func decode(_ json: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
    }

    @Test(
        "Each kind of value decodes, and encodes to the same text",
        arguments: [
            ("null", .null), ("true", .bool(true)), ("false", .bool(false)),
            ("0", .number(0)), ("1", .number(1)), ("-3", .number(-3)), ("0.25", .number(0.25)),
            ("123456789012", .number(123_456_789_012)), (#""""#, .string("")),
            (#""a/b \" ü""#, .string("a/b \" ü")), (#""1""#, .string("1")), ("[]", .array([])),
            ("[1,[true,null]]", .array([.number(1), .array([.bool(true), .null])])),
            ("{}", .object([:])),
            (
                #"{"a":{"b":[0.5]},"c":null}"#,
                .object(["a": .object(["b": .array([.number(0.5)])]), "c": .null])
            ),
        ] as [(String, JSONValue)])
    func values(json: String, value: JSONValue) throws {
        #expect(try decode(json) == value)
        let encoded = try JSONEncoder.siftd(pretty: false).encode(value)
        #expect(String(decoding: encoded, as: UTF8.self) == json)
    }

    @Test("Whole numbers have no fraction up to 10¹⁵", arguments: [1e15 - 1, 1e15, 1e300, -1e14])
    func largeNumbers(number: Double) throws {
        let encoded = try JSONEncoder.siftd(pretty: false).encode([JSONValue.number(number)])
        #expect(try decode(String(decoding: encoded, as: UTF8.self)) == .array([.number(number)]))
        let text = String(decoding: encoded, as: UTF8.self)
        if abs(number) < 1e15 { #expect(!text.contains("e") && !text.contains(".")) }
    }

    @Test("What is no JSON is an error", arguments: ["", "{", "[1 2]", "nul"])
    func malformed(json: String) {
        #expect(throws: DecodingError.self) { try decode(json) }
    }

    @Test("A number that is not finite can't be written")
    func notFinite() {
        #expect(throws: EncodingError.self) {
            try JSONEncoder.siftd(pretty: false).encode([JSONValue.number(.nan)])
        }
    }

    @Test("Keys are in alphabetical order, one value a line if pretty")
    func encoder() throws {
        let value = ["b/c": 1, "a": 2]
        let line = try JSONEncoder.siftd(pretty: false).encode(value)
        #expect(String(decoding: line, as: UTF8.self) == #"{"a":2,"b/c":1}"#)
        let pretty = try JSONEncoder.siftd(pretty: true).encode(value)
        #expect(
            String(decoding: pretty, as: UTF8.self) == "{\n  \"a\" : 2,\n  \"b/c\" : 1\n}")
    }
}
