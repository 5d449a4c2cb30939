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

    @Test("It holds only when MIME declares none")
    func precedence() {
        func body(_ type: String) -> String {
            let html = "<meta charset=koi8-r><p>".bytes + [0xC1]
            return MailContent(message: "Content-Type: \(type)\n\n".bytes + html).body.text
        }
        #expect(body("text/html") == "а")
        #expect(body("text/html; charset=iso-8859-1") == "Á")
    }
}
