import DomainNames

/// An email address in lower case, split into local part and domain.
///
/// The last `@` separates the two: a domain can't hold one, but a quoted local part can
/// (RFC 5321 section 4.1.2). Upper and lower case are the same everywhere in an address; RFC 5321
/// lets a local part distinguish them, but mail systems in use don't. International domains have
/// A-labels (RFC 5890), whichever form a client wrote.
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// The whole address in lower case.
    public let description: String
    /// What stands before the last `@`; the whole text where there is none.
    public let localPart: Substring
    /// What stands behind the last `@`; empty where there is none.
    public let domain: Substring

    /// Splits a text; any text is accepted, since senders are free to write anything.
    ///
    /// - Parameter text: without angle brackets, in any case.
    public init(_ text: String) {
        var lower = text.lowercased()
        if let at = lower.lastIndex(of: "@"), lower[at...].utf8.contains(where: { $0 >= 0x80 }) {
            lower = String(lower[...at]) + DomainName.ascii(lower[lower.index(after: at)...])
        }
        description = lower
        if let at = lower.lastIndex(of: "@") {
            localPart = lower[..<at]
            domain = lower[lower.index(after: at)...]
        } else {
            localPart = lower[...]
            domain = ""
        }
    }

    /// Whether there is an `@`, with or without something on its sides.
    public var hasAt: Bool { localPart.endIndex < description.endIndex }

    /// The domain of an address, or the text itself where it is a domain alone, in lower case and
    /// with A-labels.
    ///
    /// Configuration files and Authentication-Results fields (RFC 8601) allow both.
    ///
    /// - Parameter text: such as `user@example.org` or `example.org`.
    /// - Returns: empty where nothing follows the `@`.
    public static func domain(ofAddressOrDomain text: String) -> Substring {
        let address = EmailAddress(text)
        return address.hasAt ? address.domain : DomainName.ascii(address.localPart)[...]
    }
}
