import Testing

@testable import MailText

@Suite struct PlainTextTests {
    @Test(
        "Lines that end in a space are joined, without it (RFC 3676, DelSp=yes)",
        arguments: [
            ("one \ntwo", "onetwo"), ("one  \ntwo", "one two"), ("one\ntwo", "one\ntwo"),
            ("one \r\ntwo\r\n", "onetwo\n"), ("-- \nAnn", "-- \nAnn"),
            ("x\n-- \nAnn", "x\n-- \nAnn"),
            ("x-- \nAnn", "x--Ann"), ("", ""), ("one ", "one "),
            ("one \rtwo\rthree", "onetwo\nthree"),
            ("one \r\r\ntwo", "onetwo"), ("one \n\ntwo", "one\ntwo"),
            // Stuffed spaces and quotes.
            ("one \n two", "onetwo"), (" From\n  x", "From\n x"), ("one \n  two", "one two"),
            ("> one \n> two\nx", "> onetwo\nx"), (">> one \n>>two", ">> onetwo"),
            ("> one \n>> two", "> one \n>> two"), ("> one \ntwo", "> one \ntwo"),
            ("> -- \n> Ann", "> -- \n> Ann"), ("one \n-- \nAnn", "one \n-- \nAnn"),
            // Words on lines of their own stay apart.
            ("a \nb \nc \nd \ne", "abc d e"),
        ])
    func joined(_ text: String, _ expected: String) {
        #expect(PlainText.joined(text.bytes).string == expected)
    }

    @Test(
        "Uuencoded files are removed from a text",
        arguments: [
            ("begin 644 cat.txt\n#0V%T\n`\nend\n", "", ["cat.txt"]),
            ("Hi\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye", "Hi\nBye", ["cat.txt"]),
            ("Hi\r\nbegin 0755 a b\r\n#0V%T\r\n`\r\nend\r\nBye", "Hi\r\nBye", ["a b"]),
            ("begin 644 a\n#0V%T\nend\nx\nbegin 644 b\n`\nend", "x\n", ["a", "b"]),
            ("begin 644 open\nno file\nbegin 644 a\n`\nend\n", "begin 644 open\nno file\n", ["a"]),
            // A checksum at the end of a line.
            ("begin 644 a\n#0V%T*\nend\n", "", ["a"]),
        ] as [(String, String, [String])])
    func files(_ text: String, _ rest: String, _ names: [String]) throws {
        let result = try #require(PlainText.withoutFiles(text.bytes))
        #expect(result.text.string == rest)
        #expect(result.names == names)
    }

    @Test(
        "Prose is no file",
        arguments: [
            "", "begin", "begin 644 a", "begin 644 a\n#0V%T\n`\n", "we begin 644 a\n`\nend\n",
            "begin the day\nend\n", "begin 644\nend\n", "begin 899 a\nend\n", "begin 64 a\nend\n",
            "begin 644 a\n#0V%T and more words\nend\n", "begin 644 a\n#0V\nend\n",
            "begin 644 a\n`\nended\n", "begin 644 a\n5BUY OUR BLUE KETTLES TODAYYY\n`\nend\n",
        ])
    func prose(_ text: String) { #expect(PlainText.withoutFiles(text.bytes) == nil) }

    @Test("Many openings cost linear time", .timeLimit(.minutes(1)))
    func hostile() {
        let text = String(repeating: "begin 644 a\n", count: 50_000)
        #expect(PlainText.withoutFiles(text.bytes) == nil)
    }
}
