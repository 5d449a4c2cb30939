/// What the pipeline's own tokens mean, for people.
enum FactName {
    /// In brackets, unlike text of the message; nil for a token that only marks a place, and a word
    /// as it is.
    static func of(_ token: String) -> String? {
        if token == "<subj>" || token == "<body>" { return nil }
        let isMade = ["<", "s:", "h:", "n:", "u:", "tld:"].contains(where: token.hasPrefix)
        guard isMade, token.utf8.count > 1 else { return token }
        if let name = names[token] { return "[\(name)]" }
        if token.hasPrefix("s:att-") { return "[attachment: \(token.dropFirst(6))]" }
        if token.hasPrefix("n:") { return count(token).map { "[\($0)]" } ?? "[\(token)]" }
        return "[\(token)]"
    }

    private static let counts = ["1": "1", "2": "2-5", "3": "6-20", "4": "21-80", "5": "over 80"]

    private static func count(_ token: String) -> String? {
        let parts = token.split(separator: ":")
        guard parts.count == 3 else { return nil }
        if parts[1] == "ratio" { return "HTML to text, step \(parts[2]) of 6" }
        guard let number = counts[String(parts[2])] else { return nil }
        if parts[1] == "misleading-link" { return "links that name another site: \(number)" }
        return "<\(parts[1])> tags: \(number)"
    }

    private static let names: [String: String] = [
        "s:html-only": "HTML without a plain alternative", "s:alt": "HTML and plain text",
        "s:b64": "text in base64", "s:calendar": "an invitation", "s:report": "a delivery report",
        "h:from-bad": "no address in From", "h:from-free": "From a free mail provider",
        "h:reply-diff": "Reply-To of another organisation",
        "h:reply-free": "Reply-To at a free mail provider",
        "h:disp-addr": "an address in the sender's name", "h:no-disp": "no sender's name",
        "h:env-diff": "envelope sender of another organisation",
        "h:mid-same": "Message-ID of the sender's organisation", "h:no-subj": "no Subject",
        "h:no-to": "no recipient in the header", "h:undisc": "undisclosed recipients",
        "h:prio": "marked urgent", "<hid1>": "hidden words: under 10",
        "<hid2>": "hidden words: 10-59", "<hid3>": "hidden words: 60 and more",
        "<zw1>": "invisible characters in words: under 5",
        "<zw2>": "invisible characters in words: 5 and more",
        "<mixed1>": "words with look-alike letters: under 5",
        "<mixed2>": "words with look-alike letters: 5 and more",
        "<spaced1>": "s p a c e d words: under 5", "<spaced2>": "s p a c e d words: 5 and more",
        "<img>": "image", "<img1>": "tracking pixel", "<altdiff>": "plain text says something else",
        "<form>": "form", "<input>": "input field", "<iframe>": "frame",
    ]
}
