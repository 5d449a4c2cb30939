import FilterPolicy
import MailText
import Milter

/// The allow and deny lists in force.
public struct AccessLists: Sendable {
    /// Mail that passes unjudged.
    public var allowed = AccessList()
    /// Mail that is spam whatever it says.
    public var denied = AccessList()
    /// The site's own authserv-id (RFC 8601); empty trusts no Authentication-Results.
    public var authservID = ""

    /// Empty lists.
    public init() {}

    /// What the lists say of a message.
    enum Finding: Equatable {
        case allowed(AccessList.Kind)
        case denied(AccessList.Kind)
    }

    /// Nil when no entry matches.
    ///
    /// An allow entry outweighs a deny entry.
    ///
    /// Sender and author can be forged, so an allow entry for them counts only when the site's own
    /// checker vouches for the domain.
    func finding(for transaction: Transaction, _ content: MailContent) -> Finding? {
        guard !allowed.isEmpty || !denied.isEmpty else { return nil }
        var facts = AccessList.Facts()
        facts.client = transaction.client.address
        facts.sender = transaction.envelopeSender
        facts.recipients = transaction.recipients
        let author = content.header.from
        facts.from = author.domain.isEmpty ? "" : "\(author.localPart)@\(author.domain)"
        if !allowed.isEmpty {
            let results = AuthenticationResults(
                transaction.values(of: "Authentication-Results"), authservID: authservID)
            let hasOneAuthor = transaction.hasOneAuthor
            let kind = allowed.match(facts, allRecipients: false) { kind, address in
                switch kind {
                case .sender: results.provesSender(address)
                case .from: hasOneAuthor && results.provesAuthor(address)
                case .client, .recipient: true
                }
            }
            if let kind { return .allowed(kind) }
        }
        return denied.match(facts, allRecipients: true).map { .denied($0) }
    }
}

extension Transaction {
    /// The values of all fields with this name, in order, still folded.
    func values(of name: String) -> [String] {
        let lower = name.lowercased()
        return header.filter { $0.name.lowercased() == lower }
            .map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// True when there is one From field with one `@`: mail clients disagree about which of several
    /// authors they show.
    var hasOneAuthor: Bool {
        let fields = values(of: "From")
        return fields.count == 1 && fields[0].count { $0 == "@" } == 1
    }
}
