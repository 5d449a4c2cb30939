/// What Postfix's configuration says of milters.
struct PostfixSettings {
    /// One entry of `smtpd_milters`.
    struct Milter: Equatable {
        /// Such as `unix:/path` or `inet:host:port`.
        var endpoint: String
        /// Of an entry in braces, such as `default_action`.
        var options: [String: String] = [:]
    }

    private let values: [String: String]
    /// Services of master.cf that run in a chroot, such as `smtp/inet`.
    let chrooted: Set<String>
    /// Parameters that services override, by service and name.
    let overrides: [String: [String: String]]

    private static let names = [
        "smtpd_milters", "non_smtpd_milters", "milter_default_action", "milter_content_timeout",
        "milter_protocol", "queue_directory", "mail_owner", "compatibility_level",
    ]

    /// Asks Postfix; nil where there is none.
    init?(_ postconf: ([String]) -> String?) {
        guard let parameters = postconf(["-x"] + PostfixSettings.names) else { return nil }
        var values: [String: String] = [:]
        for line in parameters.split(separator: "\n") {
            let (name, value) = PostfixSettings.pair(line)
            values[name] = value
        }
        self.values = values
        // Before level 1 a dash meant a chroot (COMPATIBILITY_README).
        let isOld = values["compatibility_level"].flatMap(Double.init).map { $0 < 1 } ?? false
        var chrooted: Set<String> = []
        for line in (postconf(["-M"]) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            // service type private unpriv chroot
            guard words.count > 4 else { continue }
            if words[4] == "y" || words[4] == "-" && isOld {
                chrooted.insert("\(words[0])/\(words[1])")
            }
        }
        self.chrooted = chrooted
        var overrides: [String: [String: String]] = [:]
        for line in (postconf(["-P"]) ?? "").split(separator: "\n") {
            let (key, value) = PostfixSettings.pair(line)
            let parts = key.split(separator: "/")
            guard parts.count == 3 else { continue }
            overrides["\(parts[0])/\(parts[1])", default: [:]][String(parts[2])] = value
        }
        self.overrides = overrides
    }

    subscript(_ name: String) -> String { values[name] ?? "" }

    /// The entries of a list such as `smtpd_milters`.
    static func milters(_ value: String) -> [Milter] {
        var entries: [String] = []
        var depth = 0
        var word = ""
        for character in value {
            if character == "{" { depth += 1 }
            if depth == 0, character == "," || character.isWhitespace {
                if !word.isEmpty { entries.append(word) }
                word = ""
                continue
            }
            word.append(character)
            if character == "}" { depth -= 1 }
        }
        if !word.isEmpty { entries.append(word) }
        return entries.map { entry in
            guard entry.hasPrefix("{"), entry.hasSuffix("}") else { return Milter(endpoint: entry) }
            let parts = entry.dropFirst().dropLast()
                .split { $0 == "," || $0.isWhitespace }.map(String.init)
            var milter = Milter(endpoint: parts.first ?? "")
            // `name=value` may have spaces around the sign.
            let options = parts.dropFirst().joined(separator: " ")
                .replacing(" =", with: "=").replacing("= ", with: "=")
            for option in options.split(separator: " ") {
                let (name, value) = pair(option)
                milter.options[name] = value
            }
            return milter
        }
    }

    /// Seconds of a time such as `300s`, `5m` or `30`; nil for other texts.
    static func seconds(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let last = text.last else { return nil }
        guard let factor = units[last] else { return Double(text) }
        return Double(text.dropLast()).map { $0 * factor }
    }

    private static func pair(_ line: Substring) -> (String, String) {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        func trimmed(_ text: Substring) -> String {
            var text = text.drop(while: \.isWhitespace)
            while text.last?.isWhitespace == true { text.removeLast() }
            return String(text)
        }
        return (trimmed(parts[0]), parts.count > 1 ? trimmed(parts[1]) : "")
    }
}
