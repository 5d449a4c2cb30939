import Testing

@testable import MailText

@Suite struct ParameterizedValueTests {
    private func read(_ text: String) -> (ParameterizedValue, Set<Defect>) {
        var defects: Set<Defect> = []
        return (ParameterizedValue(text.slice, defects: &defects), defects)
    }

    @Test(
        "The value is in lower case and ends at white space, a comment or a semicolon",
        arguments: [
            ("text/html", "text/html"), ("Text/HTML; charset=x", "text/html"),
            ("  text/plain (comment)", "text/plain"), ("text/plain(x)", "text/plain"),
            ("text/html charset=utf-8", "text/html"), ("", ""), ("; charset=x", ""),
        ])
    func value(_ text: String, _ value: String) { #expect(read(text).0.value == value) }

    @Test(
        "Parameters are read with quotes, escapes, comments and folds",
        arguments: [
            ("text/plain; charset=us-ascii", "us-ascii"),
            ("text/plain; charset=us-ascii (Plain text)", "us-ascii"),
            ("text/plain; CHARSET=\"us-ascii\"", "us-ascii"),
            ("text/plain;\r\n\tcharset = utf-8", "utf-8"),
            ("text/plain charset=utf-8", "utf-8"),
            ("text/plain (a comment) charset=utf-8", "utf-8"),
            ("text/plain;; ;charset=utf-8;", "utf-8"),
            (#"x/y; charset="a\"b\\c;d""#, #"a"b\c;d"#),
            ("x/y; charset=\"a\r\n b\"", "a b"),
            ("x/y; charset=\"unclosed", "unclosed"),
            ("x/y; charset=first; charset=second", "first"),
            ("x/y; charset", ""),
            ("x/y; flag; charset=z", "z"),
        ])
    func charset(_ text: String, _ charset: String) {
        #expect(read(text).0.parameters["charset"]?.string == charset)
    }

    @Test(
        "Continued and encoded parameters of RFC 2231 are joined and decoded",
        arguments: [
            ("a; name*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", "This is ***fun***"),
            ("a; name*0=\"one \"; name*1=two", "one two"),
            ("a; name*0*=utf-8''caf%C3%A9; name*1=\" au lait\"", "café au lait"),
            ("a; name*0*=utf-8''%E2%82; name*1*=%AC", "€"),
            ("a; name*=iso-8859-1''%A3", "£"),
            ("a; name*=no-quotes%20here", "no-quotes here"),
            ("a; name*=utf-8''100%", "100%"),
            ("a; name*=utf-8''%zz%4", "%zz%4"),
            ("a; name=plain; name*=utf-8''encoded", "encoded"),
            // Their numbers order the pieces.
            ("a; name*1=.exe; name*0=invoice.pdf", "invoice.pdf.exe"),
            ("a; name*10=c; name*9=b; name*0=a", "abc"),
            ("a; name*1*=%AC; name*0*=utf-8''%E2%82", "€"),
            ("a; name*0=a; name*1=b; name*0=c", "ab"),
            ("a; name*0=pieces; name*=utf-8''whole", "whole"),
        ])
    func continuations(_ text: String, _ name: String) {
        #expect(read(text).0.parameters["name"]?.string == name)
    }

    @Test("Encoded words in file names are decoded when they are read as text")
    func encodedWord() {
        var defects: Set<Defect> = []
        let value = ParameterizedValue(
            "attachment; filename=\"=?utf-8?B?w6kucGRm?=\"".slice, defects: &defects)
        #expect(value.parameters["filename"]?.string == "=?utf-8?B?w6kucGRm?=")
        #expect(value.text("filename", defects: &defects) == "é.pdf")
        #expect(value.text("name", defects: &defects) == nil)
        #expect(defects.isEmpty)
    }

    @Test(
        "Encoded words without quotation marks hold white space and semicolons",
        arguments: [
            ("a; name==?utf-8?Q?invoice=2Epdf?= =?utf-8?Q?=2Eexe?=", "invoice.pdf.exe"),
            ("a; name==?utf-8?Q?invoice=2Epdf?=\r\n\t=?utf-8?Q?=2Eexe?=; x=y", "invoice.pdf.exe"),
            ("a; name==?utf-8?Q?one;_two?=; x=y", "one; two"),
            ("a; name==?utf-8?Q?one two?= three", "one two"),
            ("a; name==?utf-8?Q?open; x=y", "=?utf-8?Q?open"),
        ])
    func bareWords(_ text: String, _ name: String) {
        var defects: Set<Defect> = []
        let value = ParameterizedValue(text.slice, defects: &defects)
        #expect(value.text("name", defects: &defects) == name)
        #expect(defects.isEmpty)
    }

    @Test("An unknown charset is a defect and the bytes are kept")
    func unknownCharset() {
        let (value, defects) = read("a; name*=x-none''%C3%A9")
        #expect(value.parameters["name"]?.string == "é")
        #expect(defects == [.charsetUnknown])
    }

    @Test("No more than 64 parameters are read")
    func many() {
        let text = "a/b" + (0..<1_000).map { "; p\($0)=x" }.joined()
        #expect(read(text).0.parameters.count == 64)
    }
}
