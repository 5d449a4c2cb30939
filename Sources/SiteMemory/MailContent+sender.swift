import MailText

extension MailContent {
    /// Bytes of a domain name at most (RFC 1035 section 2.3.4).
    private static let longestDomain = 255

    /// The domain of From; empty where that is no domain that a store or a terminal should see, so
    /// that a hostile message is remembered like any other.
    var senderDomain: String {
        let domain = String(header.from.domain)
        let isPlain = domain.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        return isPlain && domain.utf8.count <= MailContent.longestDomain ? domain : ""
    }
}
