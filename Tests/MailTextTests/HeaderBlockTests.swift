import Testing

@testable import MailText

@Suite struct HeaderBlockTests {
    /// Some bytes, their fields as `name=value`, the rest after the header, and the defects.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var fields: [String] = []
        var body = ""
        var defects: Set<Defect> = []
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "one field", text: "A: b\n\nbody", fields: ["A=b"], body: "body"),
        Case(name: "CRLF", text: "A: b\r\nC: d\r\n\r\nbody", fields: ["A=b", "C=d"], body: "body"),
        Case(name: "no header at all", text: "\nbody", body: "body"),
        Case(name: "an empty value", text: "A:\nB:c\n\n", fields: ["A=", "B=c"]),
        Case(name: "folds are kept", text: "A: b\n c\n\td\n\n", fields: ["A=b\n c\n\td"]),
        Case(name: "a fold of white space", text: "A: b\n \nC: d\n\n", fields: ["A=b", "C=d"]),
        Case(name: "white space before the colon", text: "A \t: b\n\n", fields: ["A=b"]),
        Case(name: "colons in the value", text: "A: b: c\n\n", fields: ["A=b: c"]),
        Case(
            name: "the line of an mbox", text: "From a@b Mon\nA: b\n\nc", fields: ["A=b"], body: "c"
        ),
        Case(
            name: "the line of an mbox, not at the start", text: "A: b\nFrom a@b Mon\nC: d\n\ne",
            fields: ["A=b", "C=d"], body: "e", defects: [.headerMalformed]),
        Case(
            name: "no empty line before the body", text: "A: b\nDear friend,\nhello",
            fields: ["A=b"],
            body: "Dear friend,\nhello", defects: [.headerMalformed]),
        Case(
            name: "a broken line between fields", text: "A: b\nbroken line\nC: d\n\ne",
            fields: ["A=b", "C=d"], body: "e", defects: [.headerMalformed]),
        Case(
            name: "a delimiter instead of a body", text: "A: b\n--x\nC: d\n\n", fields: ["A=b"],
            body: "--x\nC: d\n\n", defects: [.headerMalformed]),
        Case(
            name: "body text only", text: "hello\nA: b\n", body: "hello\nA: b\n",
            defects: [.headerMalformed]),
        Case(
            name: "a colon without a name", text: "A: b\n: c\n\n", fields: ["A=b"], body: ": c\n\n",
            defects: [.headerMalformed]),
        Case(
            name: "a carriage return in a value", text: "A: b\rC: d\n\ne", fields: ["A=b\rC: d"],
            body: "e"),
        Case(
            name: "a carriage return before a field that says how to read the body",
            text: "A: b\rContent-Type: d\n\ne", fields: ["A=b", "Content-Type=d"], body: "e"),
        Case(
            name: "carriage returns that are doubled", text: "A: b\r\r\nC: d\r\r\n\r\r\ne",
            fields: ["A=b", "C=d"], body: "e"),
        Case(
            name: "two carriage returns that end the header", text: "A: b\r\re\nf\n\ng",
            fields: ["A=b"], body: "e\nf\n\ng"),
        Case(
            name: "two carriage returns with more of the header behind",
            text: "A: b\r\re\nC: d\n\ng", fields: ["A=b\r\re", "C=d"], body: "g"),
        Case(name: "no body", text: "A: b", fields: ["A=b"], defects: [.bodyMissing]),
        Case(name: "nothing", text: "", defects: [.bodyMissing]),
    ]

    @Test("Fields end at the empty line, or at the first line that is body text", arguments: cases)
    func read(_ test: Case) {
        var block = HeaderBlock()
        var defects: Set<Defect> = []
        let bytes = test.text.bytes
        var position = MessageStart.header(bytes, from: 0)
        block.read(bytes, from: &position, limits: MailLimits(), defects: &defects)
        #expect(block.fields.map { "\($0.name.string)=\($0.value.string)" } == test.fields)
        #expect(bytes[position...].string == test.body)
        #expect(defects == test.defects)
    }

    @Test("All carriage returns are line ends where the delimiter before ended so")
    func splitsAtReturns() {
        var block = HeaderBlock()
        var position = 0
        var defects: Set<Defect> = []
        let bytes = "A: b\rC: d\r\re\nf".bytes
        block.read(
            bytes, from: &position, limits: MailLimits(), splitsAtReturns: true, defects: &defects)
        #expect(block.fields.map(\.value.string) == ["b", "d"])
        #expect(bytes[position...].string == "e\nf" && defects.isEmpty)
    }

    @Test("The first field with a name is found in any case")
    func first() {
        var block = HeaderBlock()
        var position = 0
        var defects: Set<Defect> = []
        block.read(
            "X: 0\nSuBject: one\nsubject: two\n\n".bytes, from: &position, limits: MailLimits(),
            defects: &defects)
        #expect(block.first("subject")?.string == "one")
        #expect(block.first("to") == nil)
        #expect(block.all("subject").map(\.string) == ["one", "two"])
    }

    @Test("More fields and longer values than the limits are cut, and the body is still found")
    func limits() {
        var limits = MailLimits()
        limits.headerFields = 2
        limits.headerBytes = 4
        var block = HeaderBlock()
        var position = 0
        var defects: Set<Defect> = []
        let bytes = "A: long value\nB: b\nC: c\n\nbody".bytes
        block.read(bytes, from: &position, limits: limits, defects: &defects)
        #expect(block.fields.map(\.value.string) == ["lon", "b"])
        #expect(bytes[position...].string == "body")
        #expect(defects == [.limitHeaders])
    }

    @Test("Fields that say how to read a message are kept behind the limit, a few of each")
    func needed() {
        var limits = MailLimits()
        limits.headerFields = 1
        var block = HeaderBlock()
        var position = 0
        var defects: Set<Defect> = []
        let subjects = String(repeating: "Subject: s\n", count: 9)
        let bytes = "A: a\nB: b\n\(subjects)CONTENT-TYPE : text/html\nC: c\n\nbody".bytes
        block.read(bytes, from: &position, limits: limits, defects: &defects)
        #expect(block.fields.map(\.value.string) == ["a", "s", "s", "s", "s", "text/html"])
        #expect(bytes[position...].string == "body" && defects == [.limitHeaders])
    }
}
