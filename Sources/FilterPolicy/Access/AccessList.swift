/// The entries of allow or deny files: whose mail passes, or counts as spam, whatever its text.
///
/// One entry a line; `#` begins a comment:
///
///     client 192.0.2.0/24          the client's address
///     sender user@example.org      the envelope sender, or its domain
///     from example.org             the author's address (From), or its domain
///     recipient abuse@example.org  an envelope recipient, or its domain
///
/// A domain with a leading dot stands for all names below it as well. International domains may be
/// written in either form. A line whose entry could never match is a mistake.
public struct AccessList: Sendable, Equatable {
    /// What an entry is compared with; the raw value is the word in the file.
    public enum Kind: String, Sendable, CaseIterable { case client, sender, from, recipient }

    /// Why a line can't be used.
    public struct LineError: Sendable, Equatable {
        /// Number of the line, from 1.
        public var line: Int
        /// Human-readable, without the line number.
        public var reason: String
    }

    /// The lines of a file that can't be used.
    public struct LineErrors: Error, Equatable {
        /// The first of them, in their order; at least one.
        public internal(set) var lines: [LineError] = []
        /// How many there are.
        public internal(set) var count = 0

        /// Lines that are kept; the others are only counted.
        static let kept = 10

        mutating func add(_ error: LineError) {
            count += 1
            if lines.count < LineErrors.kept { lines.append(error) }
        }
    }

    /// The properties of a message that entries are compared with.
    public struct Facts: Sendable {
        /// The client's IP address in text form; empty for mail that came through no network.
        public var client = ""
        /// The envelope sender without angle brackets; empty for bounces.
        public var sender = ""
        /// The author's address; empty when there is none or it is ambiguous.
        public var from = ""
        /// The envelope recipients without angle brackets.
        public var recipients: [String] = []

        /// A message of which nothing is known.
        public init() {}
    }

    private var networks: [NetworkRange] = []
    /// Addresses, domains and domains with a leading dot, as ``AddressPattern`` has them.
    private var names: [Kind: Set<String>] = [:]

    /// A list without entries.
    public init() {}

    /// Whether there are no entries.
    public var isEmpty: Bool { networks.isEmpty && names.isEmpty }

    /// Whether an entry names a sender or author, which can be forged.
    public var needsAuthentication: Bool { names[.sender] != nil || names[.from] != nil }

    /// Adds the entries of a file.
    ///
    /// - Parameter text: the content of the file.
    /// - Throws: ``LineErrors`` for the lines that are not entries; the others are added.
    public mutating func add(_ text: String) throws(LineErrors) {
        var number = 0
        var errors = LineErrors()
        // To Swift, CR LF is one character.
        let lines = text.trimmingPrefix("\u{FEFF}")
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for line in lines {
            number += 1
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let word = words.first else { continue }
            guard let kind = Kind(rawValue: word.lowercased()), words.count == 2 else {
                errors.add(
                    LineError(
                        line: number,
                        reason: "must be client, sender, from or recipient and one address, "
                            + "network or domain"))
                continue
            }
            do throws(AddressPattern.Defect) { try insert(kind, String(words[1])) } catch {
                errors.add(LineError(line: number, reason: "\(words[1]) \(error.reason)"))
            }
        }
        if errors.count > 0 { throw errors }
    }

    private mutating func insert(_ kind: Kind, _ value: String) throws(AddressPattern.Defect) {
        guard kind == .client else {
            let pattern = try AddressPattern(value, allowsBelow: true)
            names[kind, default: []].insert(pattern.description)
            return
        }
        guard let range = NetworkRange(value) else {
            throw AddressPattern.Defect(reason: "is not an address or network")
        }
        networks.append(range)
    }

    /// Compares a message with the entries.
    ///
    /// - Parameters:
    ///   - facts: of the message.
    ///   - allRecipients: whether recipient entries must match all recipients or any one of them.
    ///   - isTrusted: whether the address of a sender or author is known not to be forged.
    /// - Returns: the first kind of entry that matches; nil when none does.
    public func match(
        _ facts: Facts, allRecipients: Bool, isTrusted: (Kind, String) -> Bool = { _, _ in true }
    ) -> Kind? {
        if networks.contains(where: { $0.contains(facts.client) }) { return .client }
        for (kind, address) in [(Kind.sender, facts.sender), (.from, facts.from)]
        where hasEntry(kind, for: address) && isTrusted(kind, address) { return kind }
        let recipients = facts.recipients
        guard names[.recipient] != nil, !recipients.isEmpty else { return nil }
        let matches =
            allRecipients
            ? recipients.allSatisfy { hasEntry(.recipient, for: $0) }
            : recipients.contains { hasEntry(.recipient, for: $0) }
        return matches ? .recipient : nil
    }

    private func hasEntry(_ kind: Kind, for text: String) -> Bool {
        guard let entries = names[kind], !text.isEmpty else { return false }
        let address = EmailAddress(text)
        if entries.contains(address.description) { return true }
        guard address.hasAt else { return false }
        var domain = address.domain
        if entries.contains(String(domain)) || entries.contains(".\(domain)") { return true }
        while let dot = domain.firstIndex(of: ".") {
            if entries.contains(String(domain[dot...])) { return true }
            domain = domain[domain.index(after: dot)...]
        }
        return false
    }
}
