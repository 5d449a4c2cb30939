import Testing

@testable import KerasImport

@Suite struct JSONParserTests {
    @Test("Python's JSON is read, with its words for numbers that JSON lacks")
    func values() throws {
        let json = try JSONParser.parse(
            Array(
                #"{"a": [1, -2.5e1], "b": [true, null], "c": "x\u00e9\ud83d\ude00\n", "d": NaN}"#
                    .utf8))
        #expect(json["a"]?.elements?.compactMap(\.number) == [1, -25])
        #expect(json["b"]?.elements?.count == 2)
        #expect(json["c"]?.text == "xé😀\n")
        #expect(json["d"]?.number?.isNaN == true)
    }

    @Test("Keys that Unicode calls equivalent are two keys")
    func keys() throws {
        let json = try JSONParser.parse(Array(#"{"\u00e9": 1, "e\u0301": 2}"#.utf8))
        #expect(json.members?.count == 2)
    }

    @Test(
        "What is no JSON is refused",
        arguments: [
            "", "{", "[1,", "[1 2]", #"{"a" 1}"#, #"{"a": 1, "a": 2}"#, "tru", "\"x", #""\q""#,
            "1 2",
            "-", "\"\u{01}\"",
        ])
    func refused(_ text: String) {
        #expect(throws: Refusal.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test("Deep nesting is refused before the stack ends")
    func deep() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: Refusal.self) { try JSONParser.parse(Array(text.utf8)) }
    }
}
