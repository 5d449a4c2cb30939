import FilterTestKit
import Testing

@testable import Retraining

@Suite struct LabelTableTests {
    private func read(_ text: [UInt8]) throws -> (rows: [LabelTable.Row], defects: [String]) {
        let folder = try TemporaryFolder()
        var rows: [LabelTable.Row] = []
        var defects: [String] = []
        try LabelTable(path: folder.write("t.csv", text)).read {
            rows.append($0)
        } defect: {
            defects.append("\($0)")
        }
        return (rows, defects)
    }

    @Test("Rows are read with quotes, line breaks, capitals, other columns and any line end")
    func rows() throws {
        let text =
            "\u{FEFF}ID,Label,Text\r\n7,SPAM,\"buy, \"\"now\"\"\r\nor never\"\r\n\r\n"
            + "8,0,see you\n9,ham,last line without an end"
        let (rows, defects) = try read(Array(text.utf8))
        #expect(defects.isEmpty)
        #expect(
            rows == [
                .init(number: 1, text: "buy, \"now\"\r\nor never", isSpam: true),
                .init(number: 2, text: "see you", isSpam: false),
                .init(number: 3, text: "last line without an end", isSpam: false),
            ])
    }

    @Test(
        "A broken row is named by row, line, column and reason, and the next one is read",
        arguments: [
            ("x,hma", "row 1 (line 2), column label: \"hma\" is neither spam nor ham, nor 1 or 0"),
            ("x,", "row 1 (line 2), column label: is empty; it is spam or ham, or 1 or 0"),
            (" ,spam", "row 1 (line 2), column text: is empty"),
            ("x", "row 1 (line 2): has 1 fields instead of 2; is a quote or a comma missing?"),
            (
                "x,spam,y",
                "row 1 (line 2): has 3 fields instead of 2; is a quote or a comma missing?"
            ),
            (
                "\"a\"b,spam",
                "row 1 (line 2), column text: text follows a closing quote on line 2; quotes inside "
                    + "a field are written twice"
            ),
        ])
    func defects(row: String, message: String) throws {
        let (rows, defects) = try read(Array("text,label\n\(row)\nfine,ham\n".utf8))
        #expect(defects == [message])
        #expect(rows == [.init(number: 2, text: "fine", isSpam: false)])
    }

    @Test("Text in another charset, a quote that never closes and an endless field are named")
    func bytes() throws {
        var text = Array("text,label\n".utf8) + [0xE4] + Array(",spam\n\"open,ham\n".utf8)
        #expect(
            try read(text).defects == [
                "row 1 (line 2), column text: is not UTF-8; save the table as UTF-8",
                "row 2 (line 3), column text: the quote that opens on line 3 is never closed",
            ])
        text = Array("text,label\n\"".utf8) + [UInt8](repeating: 0x61, count: 5 << 20)
        let defects = try read(text).defects
        #expect(defects.count == 1 && defects[0].contains("is longer than 4 MiB"))
    }

    @Test(
        "A table without rows, header, columns or one of the classes is refused",
        arguments: [
            ("", "is empty"), ("text,label\n", "has a header and no row"),
            ("a,b\n1,2\n", "the header names the columns a, b; it must name text and label"),
            ("text,label\nx,spam\n", "has 0 ham and 1 spam; a filter needs both"),
            ("text,label\nx,spam\ny,what\n", "has 1 broken row, nothing was stored"),
        ])
    func refused(text: String, reason: String) throws {
        let path = try TemporaryFolder()
        let file = try path.write("t.csv", text)
        #expect {
            try TableImport.checked(file)
        } throws: {
            ($0 as? RetrainingError)?.kind == .table && "\($0)".contains(reason)
        }
    }
}
