/// Decides whether a file that lies among mail is mail: servers, desktops and version control leave
/// files there too.
enum MailFile {
    /// Bytes that are searched for a header field.
    private static let searchedBytes = 8_192
    /// Lines that are searched: what some programs write in front of a header is shorter.
    private static let searchedLines = 64
    /// Longest header field name that is looked for.
    private static let longestFieldName = 80

    /// Why a file is left out; nil when it is mail.
    ///
    /// A message has a header field near its start. A file called `.txt` may be text without any:
    /// data sets of texts are often stored so.
    ///
    /// - Parameters:
    ///   - bytes: the content.
    ///   - name: the file's name or path.
    /// - Returns: the reason, human-readable.
    static func reasonAgainst(_ bytes: [UInt8], name: String) -> String? {
        if bytes.isEmpty { return "is empty" }
        if hasHeaderField(bytes) { return nil }
        if name.lowercased().hasSuffix(".txt"), !bytes.prefix(searchedBytes).contains(0) {
            return nil
        }
        return "has no header field, so it is no message"
    }

    /// True for files that are left out without mention: dot files, what macOS adds to archives.
    static func isHidden(_ path: String) -> Bool {
        path.split(separator: "/").contains {
            $0.hasPrefix(".") && $0 != "." && $0 != ".." || $0 == "__MACOSX"
        }
    }

    /// True for the names of files that mail servers and desktops write.
    ///
    /// Mail may have such a name; whatever else has it need not be mentioned.
    static func isLitter(_ path: String) -> Bool {
        let name = path.split(separator: "/").last?.lowercased() ?? ""
        return litter.contains(name) || name.hasPrefix("dovecot") || name.hasPrefix("courierimap")
    }

    private static let litter: Set = [
        "subscriptions", "maildirsize", "maildirfolder", "thumbs.db", "desktop.ini", "cmds",
    ]

    private static func hasHeaderField(_ bytes: [UInt8]) -> Bool {
        var start = Array(bytes.prefix(searchedBytes))
        if start.starts(with: [0xEF, 0xBB, 0xBF]) {
            start.removeFirst(3)
        } else if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
            // UTF-16: without its zeros, ASCII is left.
            start = start.dropFirst(2).filter { $0 != 0 }
        }
        let lines = start.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return lines.prefix(searchedLines).contains(where: isField)
    }

    /// A name of letters, digits and hyphens, and a colon that begins no `://`.
    private static func isField(_ line: ArraySlice<UInt8>) -> Bool {
        let name = line.prefix(longestFieldName).prefix { byte in
            let lower = byte | 0x20
            return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
                || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        let rest = line[name.endIndex...]
        return !name.isEmpty && rest.first == UInt8(ascii: ":") && !line.contains(0)
            && !rest.starts(with: "://".utf8)
    }
}
