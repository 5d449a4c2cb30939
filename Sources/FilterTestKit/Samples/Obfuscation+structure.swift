import Foundation

/// Tricks by which a reader of the message sees text that a filter does not read: the spam is
/// beside a line of innocent text, and both are visible.
extension Obfuscation {
    private static let lineBytes = 200

    private static func line(_ ham: String) -> String { repeated(ham, lineBytes) }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString(
            options: [.lineLength76Characters, .endLineWithLineFeed])
    }

    /// Two inline parts: innocent text, and the spam with its own encoding.
    private static func twoParts(
        _ carrier: Carrier, _ ham: String, boundary: String = "\"=_b\"",
        encoding: String, body: String
    ) -> [UInt8] {
        let body = """
            --=_b
            Content-Type: text/plain; charset=utf-8

            \(line(ham))
            --=_b
            Content-Type: \(type(carrier)); charset=utf-8
            Content-Transfer-Encoding: \(encoding)

            \(body)
            --=_b--

            """
        return carrier.message(
            type: "multipart/mixed; boundary=\(boundary)", body: Array(body.utf8))
    }

    // MARK: MIME

    /// Delimiters, encodings and line ends as only some programs understand them.
    static let structures: [Obfuscation] = [
        Obfuscation("text behind --boundary--x", keepsText: false) { carrier, ham, _ in
            let innocent = carrier.isHTML ? "<p>\(Carrier.escaped(line(ham)))</p>" : line(ham)
            let body = """
                --=_b
                Content-Type: \(type(carrier)); charset=utf-8

                \(innocent)
                --=_b--x
                \(carrier.text)
                --=_b--

                """
            return carrier.message(
                type: "multipart/mixed; boundary=\"=_b\"", body: Array(body.utf8))
        },
        Obfuscation("a boundary that ends in a space", keepsText: false) { carrier, ham, _ in
            twoParts(
                carrier, ham, boundary: "\"=_b \"", encoding: "base64", body: base64(carrier.text))
        },
        Obfuscation("Content-Transfer-Encoding: base64(x)", keepsText: false) { carrier, ham, _ in
            twoParts(carrier, ham, encoding: "base64(x)", body: base64(carrier.text))
        },
        // The baseline of the row after it: many lose their markup by this alone.
        Obfuscation("only the words, as plain text") { carrier, _, _ in
            let words = carrier.plainText.split(whereSeparator: \.isWhitespace)
            return carrier.message(plain: words.joined(separator: "\n") + "\n")
        },
        Obfuscation("the same, with carriage returns between them") { carrier, _, _ in
            let text = carrier.plainText.split(whereSeparator: \.isWhitespace)
                .joined(separator: "\r")
            return carrier.message(plain: text + "\n")
        },
    ]

    // MARK: HTML

    /// HTML that hides the spam from filters which know half of a rule.
    static let markup: [Obfuscation] = [
        ("nothing, the baseline of these", "", ""),
        (
            "a style sheet of type text/plain",
            "<style type=\"text/plain\">.q7{display:none}</style><div class=\"q7\">", "</div>"
        ),
        (
            "no height, but min-height",
            "<div style=\"height:0;overflow:hidden;min-height:80px\">", "</div>"
        ),
        (
            "color:initial in white text",
            "<div style=\"color:#fff\"><div style=\"color:initial\">", "</div></div>"
        ),
        ("dialog open", "<dialog open>", "</dialog>"),
        ("svg before the text", "<svg/>", ""),
        ("a hidden table around text that is in no cell", "<table hidden><tr>", "</table>"),
    ].map { name, open, close in
        Obfuscation("seen text: \(name)", keepsText: false) { carrier, ham, _ in
            let innocent = "<p>\(Carrier.escaped(line(ham)))</p>"
            return carrier.message(html: innocent + open + carrier.html + close)
        }
    }

    // MARK: Dress

    /// Markup around the spam that makes it look like a newsletter.
    static let dresses: [Obfuscation] = [
        Obfuscation("dressed as a newsletter", keepsText: false) { carrier, _, _ in
            let rows = (1...25).map {
                "<tr><td><img src=\"https://cdn.example.com/\($0).png\" width=600 height=40 alt=\"\">"
                    + "</td></tr>"
            }
            let links = (1...40).map { "<a href=\"https://news.example.com/r/\($0)\"></a>" }
            let footer =
                "You receive this newsletter because you subscribed to it. "
                + "<a href=\"https://news.example.com/u\">Unsubscribe</a> "
                + "<a href=\"https://news.example.com/p\">Update your preferences</a>"
            return carrier.message(
                html: """
                    <table width=600 cellpadding=0 cellspacing=0 align=center>
                    \(rows.joined(separator: "\n"))
                    <tr><td>\(carrier.html)</td></tr>
                    <tr><td>\(links.joined())</td></tr>
                    <tr><td>\(footer)</td></tr>
                    </table>
                    """)
        },
        Obfuscation("90 empty tables") { carrier, _, _ in
            let table = "<table><tr><td></td></tr></table>\n"
            return carrier.message(html: String(repeating: table, count: 90) + carrier.html)
        },
    ]
}
