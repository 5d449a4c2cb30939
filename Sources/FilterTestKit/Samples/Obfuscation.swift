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

    // MARK: Inside words

    private static let insideWords: [Obfuscation] = [
        words("zero-width in half of the words", share: 0.5) { inserted("\u{200B}", into: $0) },
        words("soft hyphens in half of the words", share: 0.5) { inserted("\u{AD}", into: $0) },
        words("look-alikes, 30 % of letters", share: 1) { word, random in
            String(word.map { random.nextUniform() < 0.3 ? lookalikes[$0] ?? $0 : $0 })
        },
        words("look-alikes, all letters", share: 1) { word, _ in
            String(word.map { lookalikes[$0] ?? $0 })
        },
        words("full-width letters in half of the words", share: 0.5) { word, _ in
            shifted(word, upper: 0xFF21, lower: 0xFF41)
        },
        words("mathematical letters in half of the words", share: 0.5) { word, _ in
            shifted(word, upper: 0x1D400, lower: 0x1D41A)
        },
        words("leet digits in half of the words", share: 0.5) { word, _ in
            String(word.map { leet[$0] ?? $0 })
        },
        words("spaced letters in 40 % of the words", share: 0.4, shortest: 4) { word, _ in
            word.map(String.init).joined(separator: " ")
        },
        words("dotted letters in 40 % of the words", share: 0.4, shortest: 4) { word, _ in
            word.map(String.init).joined(separator: ".")
        },
        words("right-to-left override in half of the words", share: 0.5) { word, _ in
            "\u{202E}" + String(word.reversed()) + "\u{202C}"
        },
        words("comments inside half of the words", share: 0.5, html: true) {
            inserted("<!-- x -->", into: $0)
        },
        words("empty tags inside half of the words", share: 0.5, html: true) {
            inserted("<b></b>", into: $0)
        },
        words("empty tags inside all words", share: 1, html: true) {
            inserted("<span></span>", into: $0)
        },
    ]

    private static let lookalikes: [Character: Character] = [
        "a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "o": "о", "p": "р", "s": "ѕ", "x": "х",
        "y": "у", "h": "һ", "A": "А", "B": "В", "C": "С", "E": "Е", "H": "Н", "I": "І", "K": "К",
        "M": "М", "O": "О", "P": "Р", "S": "Ѕ", "T": "Т", "X": "Х",
    ]

    private static let leet: [Character: Character] = [
        "a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7",
    ]

    private static func words(
        _ name: String, share: Float, shortest: Int = 3, html: Bool? = nil,
        _ change: @escaping @Sendable (String, inout RandomSource) -> String
    ) -> Obfuscation {
        Obfuscation(name) { carrier, _, random in
            var source = random
            defer { random = source }
            let text = carrier.changingWords(ofHTML: html) { word in
                word.count >= shortest && source.nextUniform() < share
                    ? change(word, &source) : word
            }
            return html ?? carrier.isHTML
                ? carrier.message(html: text) : carrier.message(plain: text)
        }
    }

    private static func words(
        _ name: String, share: Float, html: Bool? = nil,
        _ change: @escaping @Sendable (String) -> String
    ) -> Obfuscation {
        words(name, share: share, shortest: 3, html: html) { word, _ in change(word) }
    }

    private static func inserted(_ mark: String, into word: String) -> String {
        let middle = word.index(word.startIndex, offsetBy: word.count / 2)
        return word[..<middle] + mark + word[middle...]
    }

    /// The word with its ASCII letters replaced by those of another block of letters.
    private static func shifted(_ word: String, upper: UInt32, lower: UInt32) -> String {
        var result = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            let moved: UInt32
            switch scalar {
            case "A"..."Z": moved = upper + scalar.value - 0x41
            case "a"..."z": moved = lower + scalar.value - 0x61
            default: moved = scalar.value
            }
            result.append(Unicode.Scalar(moved) ?? scalar)
        }
        return String(result)
    }

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
