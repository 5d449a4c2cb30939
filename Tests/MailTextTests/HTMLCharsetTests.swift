import Testing

@testable import MailText

@Suite struct HTMLCharsetTests {
    @Test(
        "The charset of a meta element is found (WHATWG HTML section 13.2.3.2)",
        arguments: [
            ("<meta charset=utf-8>", "utf-8"), ("<META CHARSET = \"KOI8-R\">", "koi8-r"),
            (
                "<meta http-equiv=Content-Type content=\"text/html; charset=iso-8859-2\">",
                "iso-8859-2"
            ),
            ("<meta charset='windows-1251'>", "windows-1251"), ("<meta charset=utf-16le>", "utf-8"),
            ("<meta charset= >", nil), ("<meta charset=cut", nil), ("<p>text", nil), ("", nil),
            ("<a x=1><meta charset=big5>", "big5"),
            ("<meta charset=\"\"><meta charset=big5>", "big5"),
            // Comments and other elements declare nothing, unknown labels are passed over.
            ("<!-- <meta charset=koi8-r> --><meta charset=big5>", "big5"),
            ("<!--><meta charset=big5>", "big5"), ("<!-- <meta charset=big5>", nil),
            ("<meta name=description content='text/html; charset=koi8-r'>", nil),
            ("<meta content='text/html; charset=big5' http-equiv='Content-Type'>", "big5"),
            ("<meta http-equiv=content-type content='text/html; charset = \"big5\"'>", "big5"),
            ("<meta http-equiv=content-type content='charset; charset=big5;x'>", "big5"),
            ("<meta charset=none-such><meta charset=big5>", "big5"),
            ("<title><meta charset=koi8-r></title><meta charset=big5>", "big5"),
            ("<a title='<meta charset=koi8-r>'><meta charset=big5>", "big5"),
            ("<metadata charset=koi8-r><meta/charset=big5>", "big5"),
            ("</meta charset=koi8-r>", nil), ("<p data-charset=koi8-r>", nil), ("<", nil),
        ])
    func declared(_ html: String, _ charset: String?) {
        #expect(HTMLText.declaredCharset(html.bytes) == charset)
    }

    @Test("Only the beginning is searched, alike with CRLF and LF")
    func beginning() {
        let lines = String(repeating: "x\n", count: 1_010)
        let early = lines + "<meta charset=big5>"
        #expect(HTMLText.declaredCharset(early.bytes) == "big5")
        #expect(HTMLText.declaredCharset(early.replacing("\n", with: "\r\n").bytes) == "big5")
        #expect(HTMLText.declaredCharset((lines + lines + early).bytes) == nil)
    }

    @Test("A head is searched to its end")
    func head() {
        let style =
            "<html><head><style>\(String(repeating: "p { margin: 0 }\n", count: 1_000))</style>"
        #expect(HTMLText.declaredCharset("\(style)<meta charset=big5>".bytes) == "big5")
        #expect(HTMLText.declaredCharset("\(style)</head><p>x<meta charset=big5>".bytes) == nil)
    }

    @Test("It holds only when MIME declares none")
    func precedence() {
        func body(_ type: String) -> String {
            let html = "<meta charset=koi8-r><p>".bytes + [0xC1]
            return MailContent(message: "Content-Type: \(type)\n\n".bytes + html).body.text
        }
        #expect(body("text/html") == "а")
        #expect(body("text/html; charset=iso-8859-1") == "Á")
        #expect(body("text/html; charset=none-such") == "а")
    }
}
