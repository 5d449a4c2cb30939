/// What our own checker of SPF, DKIM and DMARC found, from the Authentication-Results fields of a
/// message (RFC 8601).
///
/// Only fields with our own authserv-id count; RFC 8601 section 5 has the border MTA's checker take
/// out those that senders put in.
public struct AuthenticationResults: Sendable, Equatable {
    /// Domains that SPF passed for as envelope sender, DKIM as signer, DMARC as author.
    private var senders: Set<String> = []
    private var signers: Set<String> = []
    private var authors: Set<String> = []

    /// - Parameters:
    ///   - fields: values of all Authentication-Results fields, in order.
    ///   - authservID: ours; empty trusts none.
    public init(_ fields: [String], authservID: String) {
        guard !authservID.isEmpty else { return }
        for field in fields { read(field, authservID.lowercased()) }
    }

    private mutating func read(_ field: String, _ authservID: String) {
        var clauses = AuthenticationResults.clauses(field.lowercased())[...]
        guard let head = clauses.popFirst(), head.first == authservID else { return }
        for clause in clauses {
            guard let result = clause.first?.split(separator: "=", maxSplits: 1), result.count == 2,
                result[1] == "pass"
            else { continue }
            for property in clause.dropFirst() {
                let parts = property.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let value = parts[1].split(separator: "@").last.map(String.init) ?? ""
                switch (result[0], parts[0]) {
                case ("spf", "smtp.mailfrom"): senders.insert(value)
                case ("dkim", "header.d"): signers.insert(value)
                case ("dmarc", "header.from"): authors.insert(value)
                default: break
                }
            }
        }
    }

    /// The field without comments, split at semicolons, then at white space. A quoted string stays
    /// whole, so that nobody can write a clause into one.
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

    /// Whether the envelope sender's domain is the client's to use.
    public func provesSender(_ address: String) -> Bool {
        senders.contains(AuthenticationResults.domain(address))
    }

    /// Whether the author's domain vouches for the message: by DMARC, or by a signature of the same
    /// domain or one above it.
    public func provesAuthor(_ address: String) -> Bool {
        let domain = AuthenticationResults.domain(address)
        if authors.contains(domain) { return true }
        return signers.contains { signer in
            // A signature by a whole top-level domain would vouch for everybody.
            signer == domain || signer.contains(".") && domain.hasSuffix(".\(signer)")
        }
    }

    private static func domain(_ address: String) -> String {
        address.split(separator: "@").last.map { $0.lowercased() } ?? ""
    }
}
