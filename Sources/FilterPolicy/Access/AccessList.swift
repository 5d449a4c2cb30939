/// Who is let through or held to be a spammer without a look at the text: the entries of allow or
/// deny files.
///
/// One entry a line, `#` begins a comment:
///
///     client 192.0.2.0/24          the client's address
///     sender user@example.org      the envelope sender, or its domain
///     from example.org             the author's address (From), or its domain
///     recipient abuse@example.org  an envelope recipient, or its domain
///
/// A domain written with a dot in front means all names below it as well.
public struct AccessList: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable { case client, sender, from, recipient }

    /// Why a line can't be used.
    public struct LineError: Error, Equatable {
        /// From 1.
        public var line: Int
        public var reason: String
    }

    /// What of a message the entries are compared with.
    public struct Facts: Sendable {
        public var client = ""
        /// Empty for bounces.
        public var sender = ""
        /// Empty when there is no author or several, which nobody can be sure of.
        public var from = ""
        public var recipients: [String] = []
        public init() {}
    }

    private var networks: [NetworkRange] = []
    private var names: [Kind: Set<String>] = [:]

    public init() {}

    public var isEmpty: Bool { networks.isEmpty && names.isEmpty }

    /// Whether an entry hangs on who the sender is said to be.
    public var needsAuthentication: Bool { names[.sender] != nil || names[.from] != nil }

    /// Adds the entries of a file.
    ///
    /// - Throws: ``LineError`` for the first line that is no entry.
    public mutating func add(_ text: String) throws(LineError) {
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let word = words.first else { continue }
            guard let kind = Kind(rawValue: word.lowercased()), words.count == 2 else {
                throw LineError(
                    line: number,
                    reason: "must be client, sender, from or recipient and one address, network "
                        + "or domain")
            }
            guard add(kind, words[1].lowercased()) else {
                throw LineError(line: number, reason: "\(words[1]) is no \(expected(kind))")
            }
        }
    }

    private func expected(_ kind: Kind) -> String {
        kind == .client ? "address or network" : "address or domain"
    }

    private mutating func add(_ kind: Kind, _ value: String) -> Bool {
        if kind == .client {
            guard let range = NetworkRange(value) else { return false }
            networks.append(range)
            return true
        }
        let domain = value.lastIndex(of: "@").map { value[value.index(after: $0)...] } ?? value[...]
        let isDomain = domain.utf8.allSatisfy { byte in
            byte >= 0x80 || byte == 0x2D || byte == 0x2E || byte == 0x5F
                || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard isDomain, !domain.isEmpty, !value.hasPrefix("@"), domain != "." else { return false }
        names[kind, default: []].insert(value)
        return true
    }

    /// The first kind of entry that fits; for recipients it must fit `all` or one of them.
    ///
    /// - Parameter isTrusted: whether an address of a sender or author is known not to be forged.
    public func match(
        _ facts: Facts, allRecipients: Bool, isTrusted: (Kind, String) -> Bool = { _, _ in true }
    ) -> Kind? {
        if networks.contains(where: { $0.contains(facts.client) }) { return .client }
        for (kind, address) in [(Kind.sender, facts.sender), (.from, facts.from)]
        where holds(kind, address) && isTrusted(kind, address) { return kind }
        let recipients = facts.recipients
        guard names[.recipient] != nil, !recipients.isEmpty else { return nil }
        let fits =
            allRecipients
            ? recipients.allSatisfy { holds(.recipient, $0) }
            : recipients.contains { holds(.recipient, $0) }
        return fits ? .recipient : nil
    }

    private func holds(_ kind: Kind, _ address: String) -> Bool {
        guard let entries = names[kind], !address.isEmpty else { return false }
        let lower = address.lowercased()
        if entries.contains(lower) { return true }
        guard let at = lower.lastIndex(of: "@") else { return false }
        var domain = lower[lower.index(after: at)...]
        if entries.contains(String(domain)) || entries.contains(".\(domain)") { return true }
        while let dot = domain.firstIndex(of: ".") {
            if entries.contains(String(domain[dot...])) { return true }
            domain = domain[domain.index(after: dot)...]
        }
        return false
    }
}
