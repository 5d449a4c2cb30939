import Testing

@testable import HTTPServer

@Suite struct TableCheckTests {
    /// What is wrong with a table that arrives in pieces of some bytes.
    private func fault(_ table: String, pieces: Int) -> String? {
        var check = TableCheck()
        let bytes = Array(table.utf8)
        do {
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                try check.read(Array(bytes[start..<min(start + pieces, bytes.count)]))
            }
            try check.finish()
        } catch { return error.description }
        return nil
    }

    @Test(
        "Sound tables pass, in pieces of any size",
        arguments: [
            "label,text\nspam,a\nham,b\n", "text,label\na,spam\nb,ham",
            "\u{FEFF}Label,Text\r\nSPAM,\"a, \"\"b\"\"\nc\"\r\n\r\nham,é\r\n",
            "\"label\",\"text\"\n\"spam\",\"a\"\nham,b\n",
            "id,Label, text ,text\n,1,a,\n7,not spam,b,\"\n,\"\n",
            "\u{FEFF}\"text\",\"label\"\na,0\nb,1\n",
        ])
    func sound(_ table: String) {
        for pieces in [1, 3, 1_000] { #expect(fault(table, pieces: pieces) == nil) }
    }

    @Test(
        "A bad row is named",
        arguments: [
            ("", "the table has no rows"), ("label,text\n", "the table has no rows"),
            ("\nlabel,text\n", "the header (line 1): is empty"),
            ("a,b\nspam,x\n", "the header (line 1): must name the columns label and text"),
            ("label,txt,x\n", "the header (line 1): must name the columns label and text"),
            ("label,text\nspam\n", "row 1 (line 2): has 1 fields instead of 2"),
            ("id,label,text\n1,spam\n", "row 1 (line 2): has 2 fields instead of 3"),
            ("label,text\nspam,a\nham,b,c\n", "row 2 (line 3): has more than 2 fields"),
            (
                "label,text\n\nspam,\"a\nb\"\nmaybe,b\n",
                "row 2 (line 5), column label: \"maybe\" is neither spam nor ham, nor 1 or 0"
            ),
            ("label,text\n,a\n", "row 1 (line 2), column label: is empty"),
            ("label,text\nspam,\n", "row 1 (line 2), column text: is empty"),
            ("label,text\nspam,a\"b\n", "row 1 (line 2), column text: has a quote in its midst"),
            ("label,text\nspam,\"a\"b\n", "row 1 (line 2), column text: goes on behind"),
            ("label,text\nspam,\"a\nham,b\n", "row 1 (line 2), column text: a quote is opened"),
            ("label,text\nspam,a\nspam,b\n", "all rows have one label"),
        ])
    func bad(_ table: String, _ words: String) {
        for pieces in [1, 1_000] {
            #expect(fault(table, pieces: pieces)?.contains(words) == true)
        }
    }
}
