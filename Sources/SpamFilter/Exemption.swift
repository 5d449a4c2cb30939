import FilterPolicy
import MailText
import Milter

/// Mail that is not judged by its text: of trusted clients and users, and by the allow and deny
/// lists.
public struct Exemption: Sendable {
    public var networks: [NetworkRange] = []
    public var authenticated = true
    /// Mail that came through no network.
    public var local = true
    /// Bytes of body above which a message passes unjudged; nil for no such limit.
    public var size: Int?
    public var allowed = AccessList()
    public var denied = AccessList()
    /// Our own authserv-id (RFC 8601); empty trusts no Authentication-Results.
    public var authservID = ""

    public init() {}

    /// Why a message passes unjudged.
    public enum Reason: String, Sendable {
        case authenticated
        case trustedNetwork = "trusted-network"
        case local
        case size
    }

    func reason(_ transaction: Transaction) -> Reason? {
        if authenticated, !transaction.authenticated.isEmpty { return .authenticated }
        let address = transaction.client.address
        if local, address.isEmpty { return .local }
        if networks.contains(where: { $0.contains(address) }) { return .trustedNetwork }
        if let size {
            let count = transaction.body.count
            if count > size || transaction.isBodyCut && count >= size { return .size }
        }
        return nil
    }

    /// What the lists say of a message.
    enum Listing: Sendable, Equatable {
        case allowed(AccessList.Kind)
        case denied(AccessList.Kind)
    }

    /// An allow entry outweighs a deny entry. Sender and author can be forged, so an allow entry for
    /// them counts only when our own checker vouches for the domain.
    func listing(_ transaction: Transaction, _ content: MailContent) -> Listing? {
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
    /// The values of all fields of a name, unfolded by nobody, in order.
    func values(of name: String) -> [String] {
        let lower = name.lowercased()
        return header.filter { $0.name.lowercased() == lower }
            .map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// True when there is one From field with one `@`: programs differ in whom of several they show.
    var hasOneAuthor: Bool {
        let fields = values(of: "From")
        return fields.count == 1 && fields[0].count { $0 == "@" } == 1
    }
}
