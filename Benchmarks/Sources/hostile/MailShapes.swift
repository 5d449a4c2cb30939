import Foundation

/// Hostile messages of other kinds: headers, charsets, parts, text, and styles around many tags.
enum MailShapes {
    static let all: [(String, String)] = [
        fields, charsets, parts, signed, text, html, comments, styles,
    ].flatMap(\.self)

    private static func flood(_ unit: String) -> String { HTMLShapes.flood(unit) }

    private static func many(_ count: Int, _ unit: (Int) -> String) -> String {
        HTMLShapes.many(count, unit)
    }

    /// A message of a header alone, of which the end is the flood.
    private static func header(_ start: String, _ unit: String) -> String {
        "\(start)\(flood(unit))\nx"
    }

    private static func mixed(_ part: String) -> String {
        "Content-Type: multipart/mixed; boundary=b\n\n\(flood("--b\n\(part)"))"
    }

    private static func page(_ body: String) -> String {
        "Subject: x\nContent-Type: text/html; charset=utf-8\n\n\(body)"
    }

    private static func plain(_ unit: String, _ parameter: String = "charset=utf-8") -> String {
        "Subject: x\nContent-Type: text/plain; \(parameter)\n\n\(flood(unit))"
    }

    private static func sheet(_ rules: String, _ body: String) -> String {
        page("<style>\(rules)</style>\(body)")
    }

    /// A name that is seen to be another one at its last letter only.
    private static func nearName(_ length: Int) -> String {
        String(repeating: "d", count: length - 1) + "x"
    }
    /// The longest domain with four of them.
    private static let nearDomain = [61, 60, 59, 58].map(nearName).joined(separator: ".")

    static let fields: [(String, String)] = [
        ("encoded words", header("", "Subject: =?utf-8?q?a?= =?utf-8?b?YQ==?=\n")),
        ("encoded words in a field", header("Subject:", " =?utf-8?q?a?=\n")),
        ("charsets of words", header("Subject:", " =?iso-2022-jp?b?GyRCJCI=?=\n")),
        ("authors", header("From:", " a <b@c.example>,\n")),
        ("comments in a field", header("From:", " (((((((((((\n")),
        ("quotes in a field", header("From:", " \"\\\"\\\"\\\"\\\"\n")),
        ("author's domain", "From: a <a@\(nearDomain).example>\n" + plain("d")),
        ("author's domain in words", "From: a <a@\(nearDomain).example>\n" + plain("d é ")),
        (
            "author's domain in addresses",
            "From: a <a@\(nearName(61)).example>\n" + plain("@\(nearName(61)) ü ")
        ),
        (
            "author's name in words",
            "From: \(many(6) { "\(nearName(30))\($0) " })<a@b.example>\n" + plain("d é ")
        ),
        (
            "author's name in letters",
            "From: \(String(repeating: "\u{434}", count: 99))x <a@b.example>\n" + plain("\u{434}")
        ),
        ("years", "Date: 1 Mar 2024 10:00:00 +0000\n" + plain("2023 12 ")),
        ("From fields", header("", "From: a <b@c.example>\n")),
        ("Received fields", header("", "Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\n")),
        ("parameters", header("Content-Type: text/plain;", " a*0*=utf-8''b;\n")),
        ("Content-Type fields", header("", "Content-Type: text/html; charset=utf-8\n")),
    ]

    static let charsets: [(String, String)] = [
        ("iso-2022-jp", plain("\u{1B}$B!!\u{1B}(Ba", "charset=iso-2022-jp")),
        ("utf-7", plain("+AGE-", "charset=utf-7")),
        ("big5", plain("中文", "charset=big5")),
        ("gb18030", plain("中文", "charset=gb18030")),
        ("windows-1251", plain("привет ", "charset=windows-1251")),
        ("unknown charset", plain("привет ", "charset=x-none")),
        ("utf-16", plain("a\0", "charset=utf-16")),
        ("NUL", plain("a\0")),
    ]

    static let parts: [(String, String)] = [
        ("attached pages", mixed("Content-Disposition: attachment; filename=a.html\n\n<p>a")),
        ("parts of HTML", mixed("Content-Type: text/html\n\n<p>x\n")),
        (
            "parts of HTML with styles",
            mixed("Content-Type: text/html\n\n<style>.a{color:red}</style><p class=a>x\n")
        ),
        ("attached messages", mixed("Content-Type: message/rfc822\n\nSubject: x\n\nx\n")),
        ("doubtful delimiters", mixed("\n--b--x\ny\n")),
        ("files", mixed("Content-Disposition: attachment; filename=a.exe\n\nx\n")),
        ("parts of base64", mixed("Content-Transfer-Encoding: base64\n\neA==\n")),
        (
            "parts without a charset",
            mixed("Content-Transfer-Encoding: quoted-printable\n\n=F0=CF=D6=C1=CC=D5\n")
        ),
        ("calendars", mixed("Content-Type: text/calendar\n\nBEGIN:VEVENT\nSUMMARY:x\n")),
        ("a calendar", "Content-Type: text/calendar\n\n" + flood("SUMMARY:x\n")),
        ("uuencoded files", plain("begin 644 a\n#AAAA\n`\nend\n")),
        ("soft line breaks", "Content-Transfer-Encoding: quoted-printable\n\n" + flood("=\n")),
        ("escapes", "Content-Transfer-Encoding: quoted-printable\n\n" + flood("=41")),
    ]

    /// Messages that are signed as a whole (CMS): in one string, in pieces, and in one another.
    static let signed: [(String, String)] = [
        ("a signed message", envelope(octets("\n" + flood("word ", bytes: 700_000)))),
        ("a signed message in pieces", envelope(many(250_000, [4, 1, 0x61]))),
        ("a signed message in nested pieces", envelope(many(350_000, [0x24, 0x80]))),
        (
            "signed messages in one another",
            (0..<3).reduce("\n" + flood("word ", bytes: 300_000)) { inner, _ in
                envelope(octets(inner))
            }
        ),
        ("signed parts", mixed(envelope(octets("\nx")) + "\n")),
    ]

    private static func flood(_ unit: String, bytes: Int) -> String {
        HTMLShapes.flood(unit, bytes: bytes)
    }

    private static func many(_ count: Int, _ unit: [UInt8]) -> [UInt8] {
        Array(repeatElement(unit, count: count).joined())
    }

    /// A string of octets in BER.
    private static func octets(_ text: String) -> [UInt8] {
        let content = Array(text.utf8)
        var element: [UInt8] = [4, 0x83]
        for shift in [16, 8, 0] {
            element.append(UInt8(truncatingIfNeeded: content.count >> shift))
        }
        return element + content
    }

    /// A signed message with these pieces of its content; the lengths around them are left open.
    private static func envelope(_ pieces: [UInt8]) -> String {
        var message: [UInt8] = [0x30, 0x80, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2]
        message += [0xA0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0x80, 6, 1, 0x2A]
        message += [0xA0, 0x80, 0x24, 0x80]
        message += pieces
        return "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
            + Data(message).base64EncodedString(options: .lineLength76Characters)
    }

    static let comments: [(String, String)] = [
        ("empty comments for Outlook", page(flood("<!--[if mso]><![endif]-->"))),
        ("comments for others", page(flood("<!--[if x]><![endif]-->"))),
        ("words for Outlook", page(flood("<!--[if mso]>a b c d e f g h i j k<![endif]-->"))),
        (
            "long conditions",
            page(flood("<!--[if mso \(String(repeating: "é", count: 90))]><![endif]-->"))
        ),
        ("tags for Outlook", page("<!--[if mso]>" + flood("<b a='1'>"))),
        ("settings for Outlook", page("<!--[if mso]>" + flood("<xml><w:worddocument>x"))),
    ]

    static let text: [(String, String)] = [
        ("words in a square", plain("\u{3316}")),
        ("letters without spaces", plain("payment")),
        ("words without spaces", plain("pleasesendthepaymentnowtoouraccount ")),
        ("spaced-out letters", plain("p a y m e n t ")),
        ("pieces of words", plain("pa ym en t ")),
        ("pieces of no words", plain("qx zv jk ")),
        ("isolates", plain("\u{2067}\u{2066}gra\u{2069}\u{2066}via\u{2069}\u{2069} ")),
        ("isolates in isolates", plain("\u{2067}a")),
        ("overrides, a line each", plain("\u{202E}argaiv\u{202C}\n")),
        ("flowed lines", plain("> x \n", "format=flowed")),
        ("links in text", plain("http://a.example/b ")),
        ("domains", plain("a.example ")), ("emoji", plain("😀")),
        ("Chinese", plain("中文")), ("Thai", plain("ภาษาไทย")),
        ("Arabic", plain("مرحبا ")), ("numbers", plain("12,345.67 ")),
        ("words", words), ("known words", plain("free ")),
        ("dotted words", plain("f.r.e.e ")), ("spaced words", plain("f r e e  ")),
        ("disguised words", plain("fr3e ")), ("turned round", plain("\u{202E}a\u{202C}")),
        ("full-width letters", plain("ｆｒｅｅ ")), ("money", plain("$1 ")),
        ("invisible characters", plain("\u{200B}")),
        ("empty lines", plain("\n")), ("words of letters with marks", plain("é̂ ")),
    ]

    static let html: [(String, String)] = [
        ("pictures", page(flood("<img src=data:image/png;base64,AAAA alt=x>"))),
        ("links and texts", page(flood("<a href=http://a.example>http://b.example</a>"))),
        ("references in values", page(flood("<a href='&amp;&amp;'>x</a>"))),
        ("hidden words", page("<p hidden>\(flood("x "))")),
        ("hidden elements", page(flood("<b hidden>x</b>y "))),
        ("hidden lines", page(flood("<p hidden>x y z</p>w"))),
        ("preformatted", page("<pre>\(flood("a\n"))")),
        ("templates", page(flood("<template><p>x</template>"))),
        ("choices", page(flood("<select><option>x</select>"))),
        ("ruby", page(flood("<ruby>a<rt>b</ruby>"))),
        ("buttons", page(flood("<button>x</button>"))),
        ("fields", page(flood("<input type=submit value=x>"))),
        ("form", page(flood("<form><form></form>"))),
        ("formulas", page(flood("<math><mi>x</mi></math>"))),
        ("turned round by tags", page(flood("<bdo dir=rtl>x</bdo>"))),
        ("comments", page(flood("<!--x-->y"))), ("declarations", page(flood("<!x><?y>"))),
        ("titles", page(flood("<title>x</title>"))), ("scripts", page(flood("<script>x</script>"))),
        ("end tags", page(flood("</p>"))), ("end tags of breaks", page(flood("</br>x"))),
        ("rows", page("<table>\(flood("<tr><td>x"))")),
        ("cells", page("<table><tr>\(flood("<td>x"))")),
        ("words in tables", page("<table>\(flood("x<td>y</td>"))")),
        ("frames", page(flood("<frameset><frame></frameset>"))),
        ("cut-off tags", page(flood("<a href=\"x"))),
        ("body tags", page(flood("<body bgcolor=red>x"))),
        ("plain text tags", page(flood("<xmp><b></xmp>"))),
    ]

    static let styles: [(String, String)] = [
        ("a style sheet at the end", page("\(flood("<p>x"))<style>.a{color:red}</style>")),
        ("style sheets", page(flood("<style>.a{color:red}</style><p class=a>x"))),
        ("media rules", sheet(flood("@media screen{"), "<p>x")),
        ("layers", sheet(flood("@layer a{.b{color:red}}"), "<p>x")),
        ("rules for one", sheet(flood("p{color:red}"), String(repeating: "<p>x", count: 1_000))),
        ("lists of selectors", sheet("\(flood(".a,.b,.c,"))p{color:red}", "<p>x")),
        ("nested sums", page("<p style=\"width:\(flood("calc(1px + "))\">x")),
        ("nested variables", page("<p style=\"left:\(flood("var(--a,"))\">x")),
        ("variables of variables", sheet("p{\(variables);left:var(--a30000)}", "<p>x")),
        ("colours", page(many(20_000) { "<p style='color:rgb(1,2,\($0 % 256))'>x" })),
        ("sizes", page(many(20_000) { "<p style='font-size:calc(\($0)px*2)'>x" })),
        (
            "transforms",
            page(many(15_000) { "<p style='transform:translate(\($0)px) rotate(1deg)'>x" })
        ),
        ("nested styled", page(flood("<div style=\"color:red\"><p class=a>x"))),
        (
            "identifiers",
            sheet(many(5_000) { "#a\($0){left:0}" }, many(20_000) { "<p id=a\($0)>x" })
        ),
        (
            "descendants",
            sheet(many(3_000) { ".a .b\($0){left:0}" }, flood("<p class=a><b class=b1>x</b>"))
        ),
    ]

    /// Custom properties, each of which is twice the one before.
    private static var variables: String {
        many(30_000) { "--a\($0 + 1):var(--a\($0)) var(--a\($0));" }
    }

    /// Words of which no two are equal.
    private static var words: String {
        "Subject: x\n\n" + many(140_000) { "q\($0) " }
    }
}
