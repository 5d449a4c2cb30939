import ASCIIText
import DomainNames

/// Compares the text of a link with its target.
///
/// A text that is a URL of another organisation than the target's is a sign of phishing, but also
/// occurs in newsletters that count clicks.
enum LinkComparison {
    /// Bytes of the longest text that is taken for a URL.
    private static let longestText = 300
    /// Top-level domains that are more often the extension of a file name.
    private static let fileEndings: Set<String> = [
        "md", "py", "sh", "pl", "so", "js", "ps", "rs", "zip", "mov",
    ]

    /// True when `shown` is a URL or host of one organisation and `target` a URL of another.
    static func misleads(shown: ArraySlice<UInt8>, target: String) -> Bool {
        let text = shown.trimmingSpace()
        guard text.count <= longestText, text.contains(UInt8(ascii: ".")),
            !text.contains(where: ASCII.isSpace), !text.contains(UInt8(ascii: "@")),
            let shownHost = host(of: text, needsScheme: false),
            let targetHost = host(of: Array(target.utf8)[...], needsScheme: true)
        else { return false }
        // Most links show where they lead to, and a look into the list takes longer.
        guard shownHost != targetHost else { return false }
        return MailAddress.organization(of: shownHost) != MailAddress.organization(of: targetHost)
    }

    /// The host of a URL in lower case; nil when the text is no URL.
    ///
    /// Unless a scheme is needed, a host without `http:` or `https:` is enough.
    private static func host(of text: ArraySlice<UInt8>, needsScheme: Bool) -> String? {
        var rest = text.trimmingSpace()
        var hasScheme = false
        if rest.startsIgnoringCase("http:") || rest.startsIgnoringCase("https:") {
            // Browsers accept any number of slashes of either kind (WHATWG URL section 4.4).
            rest = rest.drop { $0 != UInt8(ascii: ":") }.dropFirst().drop(while: isSlash)
            hasScheme = true
        }
        guard hasScheme || !needsScheme else { return nil }
        var authority = rest.prefix { byte in
            !isSlash(byte) && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
        }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            authority = authority[(at + 1)...]
        }
        authority = authority.prefix { $0 != UInt8(ascii: ":") }
        while authority.last == UInt8(ascii: ".") { authority = authority.dropLast() }
        let name = String(decoding: authority.lowercasedASCII(), as: UTF8.self)
        return hasScheme || isHostName(name) ? (name.contains(".") ? name : nil) : nil
    }

    private static func isSlash(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
    }

    /// True for a host name with a top-level domain that exists.
    private static func isHostName(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last.map(String.init),
            labels.allSatisfy({ label in
                !label.isEmpty
                    && label.utf8.allSatisfy {
                        ASCII.isLetterOrDigit($0) || $0 == UInt8(ascii: "-")
                            || $0 >= 0x80
                    }
            })
        else { return false }
        return PublicSuffix.isTopLevelDomain(top) && !fileEndings.contains(top)
    }
}
