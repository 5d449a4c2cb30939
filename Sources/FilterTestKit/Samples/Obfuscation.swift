import Foundation
import TextCNN

/// A trick that spammers hide words with, applied to a whole message.
///
/// Used to measure how much spam is still found; the same seed gives the same messages.
public struct Obfuscation: Sendable {
    /// The trick's name in tables.
    public let name: String
    /// True when the visible text is kept, so that a perfect reader sees no difference.
    public let keepsText: Bool
    /// The changed message; `ham` is text of other people's wanted mail.
    public let apply: @Sendable (Carrier, _ ham: String, inout RandomSource) -> [UInt8]

    init(
        _ name: String, keepsText: Bool = true,
        _ apply: @escaping @Sendable (Carrier, String, inout RandomSource) -> [UInt8]
    ) {
        self.name = name
        self.keepsText = keepsText
        self.apply = apply
    }

    /// No trick, only the rebuilding that all tricks share: the baseline of the others.
    public static let none = Obfuscation("none") { carrier, _, _ in carrier.message() }

    /// All tricks, in the order of the tables.
    public static let all: [Obfuscation] =
        insideWords + encodings + structures + hiddenPadding + markup + dresses + alternatives
        + besides + visiblePadding

    // MARK: Encodings

    private static let encodings: [Obfuscation] = [
        Obfuscation("base64") { carrier, _, _ in
            let body = Data(carrier.text.utf8).base64EncodedString(
                options: [.lineLength76Characters, .endLineWithLineFeed])
            return carrier.message(
                type: "\(type(carrier)); charset=utf-8", encoding: "base64",
                body: Array(body.utf8))
        },
        Obfuscation("quoted-printable, every letter escaped") { carrier, _, _ in
            var body = ""
            for (index, byte) in carrier.text.utf8.enumerated() {
                if byte == 0x0A {
                    body += "\n"
                } else {
                    body += "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()
                    if index % 24 == 23 { body += "=\n" }
                }
            }
            return carrier.message(
                type: "\(type(carrier)); charset=utf-8", encoding: "quoted-printable",
                body: Array(body.utf8))
        },
        Obfuscation("UTF-16") { carrier, _, _ in
            let units = [0xFEFF] + Array(carrier.text.utf16)
            let body = Data(units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
            return carrier.message(
                type: "\(type(carrier)); charset=utf-16", encoding: "base64",
                body: Array(body.base64EncodedString(options: .lineLength76Characters).utf8))
        },
        Obfuscation("UTF-8 declared as an unknown charset") { carrier, _, _ in
            carrier.message(
                type: "\(type(carrier)); charset=x-user-defined-9", body: Array(carrier.text.utf8))
        },
    ]

    static func type(_ carrier: Carrier) -> String {
        carrier.isHTML ? "text/html" : "text/plain"
    }

    // MARK: Hidden ham

    private static let hiddenPadding: [Obfuscation] = [
        ("display:none", "<div style=\"display:none\">", "</div>"),
        ("white on white", "<font color=\"#ffffff\">", "</font>"),
        ("font size 0", "<span style=\"font-size:0\">", "</span>"),
        ("visibility", "<div style=\"visibility:hidden\">", "</div>"),
        ("opacity", "<div style=\"opacity:0\">", "</div>"),
        ("off-screen", "<div style=\"position:absolute;left:-9999px\">", "</div>"),
        ("no height", "<div style=\"max-height:0;overflow:hidden\">", "</div>"),
        ("a class", "<style>.q7{display:none}</style><div class=\"q7\">", "</div>"),
        ("hidden", "<div hidden>", "</div>"),
    ].flatMap { method, open, close in
        // The share of ham in all text.
        [(0.5, "50 %"), (0.9, "90 %")].map { share, shown in
            Obfuscation("hidden ham \(shown), \(method)") { carrier, ham, _ in
                let wanted = Double(carrier.plainText.utf8.count) * share / (1 - share)
                let padding = open + Carrier.escaped(repeated(ham, Int(wanted))) + close
                return carrier.message(html: carrier.html + padding)
            }
        }
    }

    // MARK: Two texts

    private static let alternatives: [Obfuscation] = [
        Obfuscation("innocent plain alternative") { carrier, ham, _ in
            let length = max(carrier.plainText.utf8.count, 200)
            let body = """
                --=_b
                Content-Type: text/plain; charset=utf-8

                \(repeated(ham, length))
                --=_b
                Content-Type: text/html; charset=utf-8

                \(carrier.html)
                --=_b--

                """
            return carrier.message(
                type: "multipart/alternative; boundary=\"=_b\"", body: Array(body.utf8))
        }
    ]

    /// Ham that clients don't show, beside the spam or in front of it.
    private static let besides: [Obfuscation] =
        [
            (
                "ham in an attached message",
                "Content-Type: message/rfc822\n"
                    + "Content-Disposition: attachment\n\nSubject: minutes\n"
            ),
            (
                "ham in an attached file",
                "Content-Type: text/plain; name=notes.txt\n"
                    + "Content-Disposition: attachment; filename=notes.txt\n"
            ),
        ].map { name, header in
            Obfuscation(name) { carrier, ham, _ in
                let length = max(carrier.plainText.utf8.count, 200)
                let body = """
                    --=_b
                    Content-Type: \(type(carrier)); charset=utf-8

                    \(carrier.text)
                    --=_b
                    \(header)
                    \(repeated(ham, length))
                    --=_b--

                    """
                return carrier.message(
                    type: "multipart/mixed; boundary=\"=_b\"", body: Array(body.utf8))
            }
        } + [
            Obfuscation("hidden ham 50 %, put before") { carrier, ham, _ in
                let padding = Carrier.escaped(repeated(ham, carrier.plainText.utf8.count))
                return carrier.message(
                    html: "<div style=\"display:none\">\(padding)</div>" + carrier.html)
            },
            Obfuscation("hidden ham of one line, put before") { carrier, ham, _ in
                let padding = Carrier.escaped(repeated(ham, 200))
                return carrier.message(
                    html: "<div style=\"display:none\">\(padding)</div>" + carrier.html)
            },
        ]

    // MARK: Visible ham

    private static let visiblePadding: [Obfuscation] = [0.5, 1, 3].flatMap { ratio in
        [true, false].map { isAppended in
            let position = isAppended ? "appended" : "put before"
            return Obfuscation("visible ham \(Int(ratio * 100)) % \(position)", keepsText: false) {
                carrier, ham, _ in
                let length = Int(Double(carrier.plainText.utf8.count) * ratio)
                let text = repeated(ham, length)
                if carrier.isHTML {
                    let padding = "<p>\(Carrier.escaped(text))</p>"
                    return carrier.message(
                        html: isAppended ? carrier.text + padding : padding + carrier.text)
                }
                return carrier.message(
                    plain: isAppended ? carrier.text + "\n" + text : text + "\n" + carrier.text)
            }
        }
    }

    /// The beginning of a text, repeated up to a length in bytes.
    static func repeated(_ text: String, _ length: Int) -> String {
        var result = text.isEmpty ? "and so on " : text + " "
        while result.utf8.count < length { result += result }
        return String(decoding: result.utf8.prefix(length), as: UTF8.self)
    }
}
