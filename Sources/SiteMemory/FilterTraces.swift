import ASCIIText

/// Removes what filters have written into a message, so that a label teaches the message and not
/// their opinion of it.
public enum FilterTraces {
    /// Prefixes of the names of fields that filters add, in lower case.
    private static let fields = [
        "x-spam", "x-rspamd", "x-bogosity", "x-dspam", "x-spamd", "x-virus", "x-amavis", "x-crm114",
        "x-barracuda", "x-ironport", "x-proofpoint", "x-mailscanner",
        "x-msexchange-organization-scl",
        "x-forefront", "x-microsoft-antispam", "x-antispam", "x-clamav", "x-gm-spam",
    ]
    /// What filters put in front of a Subject, in lower case.
    private static let tags = [
        "***spam***", "*****spam*****", "[spam]", "{spam?}", "{spam}", "[***spam***]",
        "[suspected spam]",
        "(spam)", "spam:", "[junk]", "*** spam ***",
    ]

    /// The message without the fields and subject tags of filters.
    ///
    /// - Parameters:
    ///   - message: as it is in the mailbox.
    ///   - tag: what siftd itself puts in front of Subject; empty for nothing.
    /// - Returns: the message; its body is unchanged.
    public static func removed(from message: [UInt8], tag: String = "") -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(message.count)
        var index = 0
        var isSkipping = false
        while index < message.count {
            let end =
                message[index...].firstIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? message.count
            let line = message[index..<end]
            if line.allSatisfy(ASCII.isSpace) { break }
            if line.first != ASCII.space, line.first != ASCII.tab {
                isSkipping = fields.contains { starts(line, with: $0) }
            }
            if !isSkipping {
                if starts(line, with: "subject:") {
                    result += untagged(line, tag: tag)
                } else {
                    result += line
                }
            }
            index = end
        }
        return result + message[index...]
    }

    private static func starts(_ line: ArraySlice<UInt8>, with prefix: String) -> Bool {
        line.count >= prefix.utf8.count
            && zip(line, prefix.utf8).allSatisfy { ASCII.lower($0) == $1 }
    }

    private static func untagged(_ line: ArraySlice<UInt8>, tag: String) -> [UInt8] {
        let name = line.prefix("subject:".utf8.count)
        var value = line.dropFirst(name.count)
        let known = tags + (tag.isEmpty ? [] : [tag.lowercased()])
        while true {
            let text = value.drop { $0 == ASCII.space || $0 == ASCII.tab }
            guard let found = known.first(where: { starts(text, with: $0) }) else { break }
            value = text.dropFirst(found.utf8.count)
        }
        guard value.count < line.count - name.count else { return Array(line) }
        let rest = value.drop { $0 == ASCII.space || $0 == ASCII.tab }
        return Array(name) + [ASCII.space] + rest
    }
}
