/// What Sendmail's configuration (sendmail.cf) says of milters.
struct SendmailSettings {
    /// A filter: a line `Xname, S=unix:/path, F=T, T=C:10s;R:2m`.
    struct Filter: Equatable {
        var name: String
        /// Where it listens, as written.
        var socket: String
        /// `T`, `R` or `4`; empty for none.
        var flags = ""
        /// Seconds by letter: `C` to connect, `S` to send, `R` to read one answer, `E` for all
        /// answers at a message's end.
        var seconds: [Character: Double] = defaults

        /// As Sendmail has them where `T=` names none.
        static let defaults: [Character: Double] = ["C": 300, "S": 10, "R": 10, "E": 300]
    }

    /// All filters that are defined.
    let filters: [Filter]
    /// Names of those that are used, in order.
    let used: [String]
    /// Whom the daemon becomes; nil where it stays root.
    let runAsUser: String?
    /// The file with the daemon's process ID.
    let pidFile: String
    /// Whether a sticky folder counts as safe though all may write there.
    let trustsStickyBit: Bool
    /// Whether a folder of the group, or of all, counts as safe.
    let trustsWritableFolders: Bool

    /// Debian's, where no option names another.
    private static let defaultPidFile = "/var/run/sendmail/mta/sendmail.pid"

    /// Reads a sendmail.cf.
    init(_ text: String) {
        var filters: [Filter] = []
        var options: [String: String] = [:]
        for line in SendmailSettings.lines(text) {
            if line.hasPrefix("X") {
                if let filter = SendmailSettings.filter(line.dropFirst()) { filters.append(filter) }
            } else if line.hasPrefix("O ") {
                let parts = line.dropFirst(2)
                    .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                options[SendmailSettings.trimmed(parts[0]).lowercased()] =
                    SendmailSettings.trimmed(parts[1])
            }
        }
        self.filters = filters
        used = SendmailSettings.words(options["inputmailfilters"] ?? "")
        // `user:group`; the group does not matter where permissions are the user's.
        runAsUser = options["runasuser"].flatMap { $0.split(separator: ":").first }
            .map(String.init)
        pidFile = options["pidfile"] ?? SendmailSettings.defaultPidFile
        let trust = Set(
            SendmailSettings.words(options["dontblamesendmail"] ?? "").map { $0.lowercased() })
        trustsStickyBit = trust.contains("truststickybit")
        trustsWritableFolders = trust.contains("groupwritabledirpathsafe")
    }

    /// Lines without comments; a line that begins with a blank goes on with the one before it.
    private static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.first?.isWhitespace == true, !lines.isEmpty {
                lines[lines.count - 1] += line
            } else {
                lines.append(String(line))
            }
        }
        return lines
    }

    private static func filter(_ line: Substring) -> Filter? {
        let parts = line.split(separator: ",").map(trimmed)
        guard let name = parts.first else { return nil }
        var filter = Filter(name: name, socket: "")
        for part in parts.dropFirst() {
            guard part.dropFirst().hasPrefix("=") else { continue }
            let value = String(part.dropFirst(2))
            switch part.first {
            case "S": filter.socket = value
            case "F": filter.flags = value
            case "T":
                for time in value.split(separator: ";").map(trimmed) {
                    guard let letter = time.first, time.dropFirst().hasPrefix(":"),
                        let seconds = seconds(time.dropFirst(2))
                    else { continue }
                    filter.seconds[letter] = seconds
                }
            default: break
            }
        }
        return filter.socket.isEmpty ? nil : filter
    }

    /// Seconds of a time such as `30`, `2m` or `1h30m`; nil for other texts.
    static func seconds(_ text: some StringProtocol) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        var total = 0.0
        var digits = ""
        for character in text {
            if character.isNumber {
                digits.append(character)
            } else {
                guard let unit = units[character], let number = Double(digits) else { return nil }
                total += number * unit
                digits = ""
            }
        }
        guard !digits.isEmpty else { return text.isEmpty ? nil : total }
        return Double(digits).map { total + $0 }
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == "," || $0 == ";" || $0.isWhitespace }.map(String.init)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
