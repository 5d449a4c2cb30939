import Corpora
import Testing

@Suite struct CSVReaderTests {
    private struct Row: Equatable {
        var line: Int
        var fields: [String]

        init(_ line: Int, _ fields: String...) {
            self.line = line
            self.fields = fields
        }

        init(_ line: Int, fields: [String]) {
            self.line = line
            self.fields = fields
        }
    }

    private func rows(_ text: String) throws -> [Row] {
        var reader = try CSVReader(Array(text.utf8), path: "d.csv")
        var rows: [Row] = []
        while let (fields, line) = try reader.next() { rows.append(Row(line, fields: fields)) }
        return rows
    }

    @Test("The header line names the columns, in lower case and behind a byte order mark")
    func columns() throws {
        let reader = try CSVReader(Array("\u{FEFF}Label,\"TEXT\"\r\n".utf8), path: "d.csv")
        #expect(reader.columns == ["label", "text"])
    }

    @Test(
        "Fields are those of RFC 4180, and each row has the line it begins on",
        arguments: [
            ("plain", "a,b", [Row(2, "a", "b")]),
            ("CRLF", "a,b\r\nc,d\r\n", [Row(2, "a", "b"), Row(3, "c", "d")]),
            ("bare carriage return", "a,b\rc,d\r", [Row(2, "a", "b"), Row(3, "c", "d")]),
            ("quoted comma", "\"a,b\",c\n", [Row(2, "a,b", "c")]),
            ("doubled quote", "\"a \"\"b\"\"\",c\n", [Row(2, "a \"b\"", "c")]),
            ("quote inside a plain field", "a\"b,c\n", [Row(2, "a\"b", "c")]),
            (
                "line ends inside quotes", "\"a\r\nb\nc\",d\ne,f\n",
                [Row(2, "a\r\nb\nc", "d"), Row(5, "e", "f")]
            ),
            ("empty fields", ",\n\"\",\"\"\n", [Row(2, "", ""), Row(3, "", "")]),
            ("empty lines", "a,b\n\n\r\nc,d\n", [Row(2, "a", "b"), Row(5, "c", "d")]),
            ("invalid UTF-8 aside, nothing", "", []),
        ])
    private func fields(_ name: String, _ body: String, _ expected: [Row]) throws {
        #expect(try rows("x,y\n" + body) == expected)
    }

    @Test("A field that is not UTF-8 is windows-1252, the others are what they are")
    func windows1252() throws {
        let bytes = Array("x,y\né,".utf8) + [0x61, 0xFF, 0x80, 0x81, 0x0A]
        var reader = try CSVReader(bytes, path: "d.csv")
        #expect(try reader.next()?.fields == ["é", "aÿ€\u{81}"])
    }

    @Test("A file in UTF-16 is read by its byte order mark", arguments: [true, false])
    func utf16(_ isLittle: Bool) throws {
        let bytes = "\u{FEFF}x,y\né,\"b\nc\"\n".utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isLittle ? bytes : bytes.reversed()
        }
        var reader = try CSVReader(bytes, path: "d.csv")
        #expect(reader.columns == ["x", "y"])
        #expect(try reader.next()?.fields == ["é", "b\nc"])
    }

    @Test(
        "A malformed file is an error with its line",
        arguments: [
            ("", CorpusError.Kind.malformed(line: 1), "the header line is missing"),
            (
                "x,y\na,\"b\nc\n", .malformed(line: 2),
                "the quote that opens on line 2 is never closed"
            ),
            ("x,y\na,\"b\nc\" d\n", .malformed(line: 3), "line 3: text follows a closing quote"),
            ("x,y\na,b\nc\n", .malformed(line: 3), "line 3 has 1 fields instead of 2"),
            ("x,y\n\na,b,c\n", .malformed(line: 3), "line 3 has 3 fields instead of 2"),
            ("x,\"y\n", .malformed(line: 1), "the quote that opens on line 1 is never closed"),
        ])
    func malformed(_ text: String, _ kind: CorpusError.Kind, _ reason: String) throws {
        let error = try #require(throws: CorpusError.self) { try rows(text) }
        #expect(error.kind == kind && error.path == "d.csv")
        #expect(error.reason.hasPrefix(reason), "\(error.reason)")
    }
}
