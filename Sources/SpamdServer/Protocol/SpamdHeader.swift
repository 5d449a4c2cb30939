import ASCIIText

/// The first line of a request and the fields that follow it.
struct SpamdHeader: Equatable, Sendable {
    /// What TELL changes; the raw value is the word in `Set` and `Remove`.
    enum Database: String, CaseIterable, Sendable {
        /// What this site has learnt.
        case local
        /// Databases of others, which siftd does not know.
        case remote
    }

    let command: SpamdCommand
    let version: SpamdVersion
    /// For whom; empty for nobody.
    private(set) var user = ""
    /// Bytes of the body; nil for all up to the end.
    private(set) var contentLength: Int?
    /// Whether the body is a zlib stream.
    private(set) var isCompressed = false
    /// What TELL calls the message, in lower case; empty for nothing.
    private(set) var messageClass = ""
    /// What TELL shall learn.
    private(set) var set: Set<Database> = []
    /// What TELL shall forget.
    private(set) var remove: Set<Database> = []

    /// Bytes of a line of the client that an answer repeats.
    private static let longestEcho = 80

    /// Reads the first line, such as `CHECK SPAMC/1.5`.
    init(line: String) throws(SpamdFault) {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, let command = SpamdCommand(rawValue: String(words[0])),
            words[1].hasPrefix("SPAMC/"),
            let version = SpamdVersion(words[1].dropFirst("SPAMC/".count))
        else { throw .malformed(SpamdHeader.echo(line)) }
        self.command = command
        self.version = version
    }

    /// Whether fields follow the first line.
    var hasFields: Bool {
        command.hasMessage ? version > .withoutFields : version >= .current
    }

    /// Reads a field; fields of other names are left out.
    mutating func add(field line: String) throws(SpamdFault) {
        guard let colon = line.firstIndex(of: ":") else {
            throw .malformed("(header not in 'Name: value' format)")
        }
        let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
        switch line[..<colon].lowercased() {
        case "content-length": contentLength = try SpamdHeader.length(value)
        case "user":
            guard value.utf8.allSatisfy({ $0 >= 0x20 }) else {
                throw .malformed("(User header contains control chars)")
            }
            user = value
        case "message-class":
            messageClass = value.lowercased()
            guard messageClass == "spam" || messageClass == "ham" else {
                throw .malformed("(Message-class header contains invalid class)")
            }
        case "set": set = SpamdHeader.databases(value)
        case "remove": remove = SpamdHeader.databases(value)
        case "compress":
            guard value.lowercased().contains("zlib") else {
                throw .malformed(
                    "(compression type not supported: \(SpamdHeader.echo(value)))")
            }
            isCompressed = true
        default: break
        }
    }

    /// Checks what only all fields together say.
    func check() throws(SpamdFault) {
        if isCompressed, contentLength == nil {
            throw .unavailable("Compress requires Content-length header")
        }
        for database in Database.allCases where set.contains(database) && remove.contains(database)
        {
            let name = database.rawValue
            throw .malformed("Unable to set \(name) and remove \(name) in the same operation.")
        }
    }

    /// Nil for an empty value; the largest number for one that is larger.
    private static func length(_ value: String) throws(SpamdFault) -> Int? {
        guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .malformed("(Content-Length contains non-numeric bytes)")
        }
        return value.isEmpty ? nil : Int(value) ?? .max
    }

    private static func databases(_ value: String) -> Set<Database> {
        let value = value.lowercased()
        return Set(Database.allCases.filter { value.contains($0.rawValue) })
    }

    /// The beginning of what a client sent, in printable ASCII.
    private static func echo(_ text: String) -> String {
        let bytes = text.utf8.prefix(longestEcho).map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }
        return String(decoding: bytes, as: UTF8.self)
    }
}
