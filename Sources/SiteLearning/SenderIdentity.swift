import DomainNames
import MailText

/// Who sent a message, as far as its header and its transfer say: what a site learns its wanted
/// senders by.
public struct SenderIdentity: Sendable, Equatable {
    /// What of a sender it is.
    ///
    /// The raw values are hashed into stored features, so none may change.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// The registered domain of From.
        case domain = 1
        /// The address of From.
        case address = 2
        /// The registered domain of the envelope sender.
        case envelopeDomain = 3
        /// List-Id (RFC 2919).
        case list = 4
        /// The registered domain of the client's host name.
        case clientDomain = 5
        /// The display name of From.
        case name = 6
    }

    /// One mark of a sender.
    public struct Part: Sendable, Equatable {
        /// What it is.
        public let kind: Kind
        /// In lower case, domains with A-labels; never empty.
        public let text: String
        /// Whether somebody vouches for it, see ``Verification``.
        ///
        /// A forged mark is another feature than the real one.
        public let isVerified: Bool
    }

    /// What the border MTA's own checks vouch for (RFC 8601); all false where nobody checked.
    public struct Verification: Sendable, Equatable {
        /// DMARC passed for the domain of From, or DKIM or SPF passed for a domain of the same
        /// organisation.
        public var author: Bool
        /// SPF passed for the domain of the envelope sender.
        public var envelopeSender: Bool
        /// DKIM or SPF passed for a domain of the list's organisation.
        public var list: Bool

        /// What was checked; nothing unless given.
        public init(author: Bool = false, envelopeSender: Bool = false, list: Bool = false) {
            self.author = author
            self.envelopeSender = envelopeSender
            self.list = list
        }
    }

    /// At most one of each kind, in the order of the kinds.
    public private(set) var parts: [Part] = []

    /// Bytes of a longer name, list or address are left out: no honest one is as long.
    private static let longestText = 256

    /// A sender without any mark.
    public init() {}

    /// The sender of a message.
    ///
    /// - Parameters:
    ///   - fromAddress: the address of From; empty when there is none.
    ///   - displayName: of From, decoded; may be empty.
    ///   - envelopeSender: the address or domain of the envelope sender; empty for bounces and
    ///     when it is unknown.
    ///   - listID: without angle brackets; may be empty.
    ///   - clientHostName: of the client that handed the message to the site, verified by a
    ///     look-up in both directions; empty otherwise. The site's own relays don't count.
    ///   - verification: what the border MTA vouches for.
    public init(
        fromAddress: String, displayName: String = "", envelopeSender: String = "",
        listID: String = "", clientHostName: String = "",
        verification: Verification = Verification()
    ) {
        let address = fromAddress.lowercased()
        var (fromDomain, organization) = ("", "")
        // By bytes: characters are found some ten times slower.
        if let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) {
            let domain = DomainName.ascii(address[address.utf8.index(after: at)...])
            fromDomain = domain
            organization = SenderIdentity.organization(domain)
            add(.domain, organization, verification.author)
            if at > address.startIndex, !domain.isEmpty {
                add(.address, address[...at] + domain, verification.author)
            }
        }
        let envelopeDomain =
            envelopeSender.utf8.lastIndex(of: UInt8(ascii: "@")).map {
                envelopeSender[envelopeSender.utf8.index(after: $0)...]
            } ?? envelopeSender[...]
        // Mostly the same domain, whose look-up takes a microsecond.
        add(
            .envelopeDomain,
            envelopeDomain == fromDomain
                ? organization : SenderIdentity.organization(envelopeDomain),
            verification.envelopeSender)
        add(.list, listID.lowercased(), verification.list)
        // A host name counts only when it is verified.
        add(.clientDomain, SenderIdentity.organization(clientHostName), true)
        add(.name, displayName.lowercased(), false)
    }

    /// The sender of a message that was read.
    ///
    /// The header does not say who the client was, nor which of its Authentication-Results can be
    /// trusted; the envelope sender is taken from Return-Path unless it is given.
    ///
    /// - Parameters:
    ///   - header: the facts of the message's header.
    ///   - envelopeSender: from the milter; nil takes Return-Path.
    ///   - clientHostName: verified; empty otherwise.
    ///   - verification: what the border MTA vouches for.
    public init(
        _ header: HeaderFacts, envelopeSender: String? = nil, clientHostName: String = "",
        verification: Verification = Verification()
    ) {
        let from = header.from
        self.init(
            fromAddress: from.domain.isEmpty ? "" : "\(from.localPart)@\(from.domain)",
            displayName: from.displayName,
            envelopeSender: envelopeSender ?? header.envelopeSenderDomain,
            listID: header.listID, clientHostName: clientHostName, verification: verification)
    }

    private mutating func add(_ kind: Kind, _ text: some StringProtocol, _ isVerified: Bool) {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count <= SenderIdentity.longestText else { return }
        parts.append(Part(kind: kind, text: String(text), isVerified: isVerified))
    }

    private static func organization(_ domain: some StringProtocol) -> String {
        guard !domain.isEmpty, domain.utf8.count <= longestText else { return "" }
        return PublicSuffix.organization(of: domain)
    }

    /// The hashes of the parts, in their order.
    func hashes(_ secret: SiteSecret) -> [UInt32] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(SenderIdentity.longestText + 3)
        return parts.map { part in
            bytes.removeAll(keepingCapacity: true)
            // No token begins with a byte that UTF-8 lacks.
            bytes.append(SenderIdentity.prefix)
            bytes.append(part.kind.rawValue)
            bytes.append(part.isVerified ? 1 : 0)
            bytes.append(contentsOf: part.text.utf8)
            return bytes.withUnsafeBytes { UInt32(secret.hash.hash($0, $0.indices) >> 32) }
        }
    }

    private static let prefix: UInt8 = 0xFF
}
