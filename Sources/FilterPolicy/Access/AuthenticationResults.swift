/// The domains that the border MTA's checks of SPF, DKIM and DMARC passed for, from the
/// Authentication-Results fields of a message (RFC 8601).
///
/// Only fields with the configured authserv-id count; RFC 8601 section 5 has the border MTA remove
/// those that senders forge.
public struct AuthenticationResults: Sendable, Equatable {
    /// Domains that SPF passed for as envelope sender.
    private var senders: Set<Substring> = []
    /// Domains that DKIM passed for as signer.
    private var signers: Set<Substring> = []
    /// Domains that DMARC passed for as author.
    private var authors: Set<Substring> = []

    /// Reads the fields of a message.
    ///
    /// - Parameters:
    ///   - fields: values of all Authentication-Results fields, in order.
    ///   - authservID: of the border MTA; empty trusts no field.
    public init(_ fields: [String], authservID: String) {
        guard !authservID.isEmpty else { return }
        for field in fields { read(field.lowercased(), authservID: authservID.lowercased()) }
    }

    private mutating func read(_ field: String, authservID: String) {
        var clauses = AuthenticationResults.clauses(field)[...]
        guard let head = clauses.popFirst(), head.first == authservID else { return }
        for clause in clauses {
            guard let result = clause.first?.split(separator: "=", maxSplits: 1), result.count == 2,
                result[1] == "pass"
            else { continue }
            for property in clause.dropFirst() {
                let parts = property.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let domain = EmailAddress.domain(ofAddressOrDomain: String(parts[1]))
                guard !domain.isEmpty else { continue }
                switch (result[0], parts[0]) {
                case ("spf", "smtp.mailfrom"): senders.insert(domain)
                case ("dkim", "header.d"): signers.insert(domain)
                case ("dmarc", "header.from"): authors.insert(domain)
                default: break
                }
            }
        }
    }

    /// Splits a field without its comments at semicolons, then at white space.
    ///
    /// A quoted string stays whole, so that nobody can write a clause into one.
    private static func clauses(_ field: String) -> [[String]] {
        var clauses: [[String]] = [[]]
        var word = ""
        var depth = 0
        var isQuoted = false
        func endWord() {
            if !word.isEmpty { clauses[clauses.count - 1].append(word) }
            word = ""
        }
        for character in field {
            if isQuoted {
                if character == "\"" { isQuoted = false } else { word.append(character) }
                continue
            }
            switch character {
            case "(": depth += 1
            case ")": depth = max(0, depth - 1)
            case _ where depth > 0: break
            case "\"": isQuoted = true
            case ";":
                endWord()
                clauses.append([])
            case " ", "\t", "\n", "\r", "\r\n": endWord()
            default: word.append(character)
            }
        }
        endWord()
        return clauses
    }

    /// Whether no check passed.
    public var isEmpty: Bool { senders.isEmpty && signers.isEmpty && authors.isEmpty }

    /// Whether DKIM or SPF passed for a domain that fulfils a condition.
    public func vouches(for isMeant: (Substring) -> Bool) -> Bool {
        signers.contains(where: isMeant) || senders.contains(where: isMeant)
    }

    /// Whether SPF showed that the client may use the domain of this envelope sender.
    public func provesSender(_ address: String) -> Bool {
        senders.contains(EmailAddress.domain(ofAddressOrDomain: address))
    }

    /// Whether the domain of this author vouches for the message: by DMARC, or by a DKIM signature
    /// of the domain or one above it.
    public func provesAuthor(_ address: String) -> Bool {
        let domain = EmailAddress.domain(ofAddressOrDomain: address)
        if authors.contains(domain) { return true }
        return signers.contains { signer in
            // A signature by a whole top-level domain would vouch for everybody.
            signer == domain || signer.contains(".") && domain.hasSuffix(".\(signer)")
        }
    }
}
