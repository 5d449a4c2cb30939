import ASCIIText
import DomainNames

/// An address or a domain, as lists and `[recipient."…"]` tables name them, checked: an entry that
/// could never hold is a mistake that nobody would notice.
public struct AddressPattern: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is none.
    public struct Defect: Error, Equatable {
        /// What is wrong and what to write, human-readable; the text is the subject.
        public var reason: String
    }

    /// In lower case and with A-labels, as ``EmailAddress`` has it.
    public let description: String

    /// Reads an address, a domain, or a domain with a leading dot.
    ///
    /// - Parameters:
    ///   - text: from a file, in any case.
    ///   - allowsBelow: whether a leading dot, for all names below a domain, has a meaning.
    /// - Throws: ``Defect``.
    public init(_ text: String, allowsBelow: Bool) throws(Defect) {
        let lower = text.lowercased()
        if lower.hasPrefix("<"), lower.hasSuffix(">"), lower.count > 2 {
            throw Defect(reason: "has angle brackets; write \(lower.dropFirst().dropLast())")
        }
        for wildcard in ["*@*.", "*@.", "*.", "@."] where lower.hasPrefix(wildcard) {
            let domain = lower.dropFirst(wildcard.count)
            throw Defect(
                reason: "is no address or domain; "
                    + (allowsBelow
                        ? "write .\(domain) for all names below" : "write \(domain)"))
        }
        for wildcard in ["*@", "@"] where lower.hasPrefix(wildcard) && lower.count > wildcard.count
        {
            throw Defect(
                reason: "is no address or domain; write \(lower.dropFirst(wildcard.count))")
        }
        let address = EmailAddress(lower)
        let isBelow = !address.hasAt && lower.hasPrefix(".")
        guard !isBelow || allowsBelow else {
            throw Defect(reason: "begins with a dot; write \(lower.dropFirst())")
        }
        var domain = String(
            address.hasAt ? address.domain : lower.dropFirst(isBelow ? 1 : 0))
        // The dot of the root is never written in an address.
        if domain.hasSuffix(".") { domain.removeLast() }
        domain = DomainName.ascii(domain)
        if let reason = AddressPattern.defect(ofDomain: domain) { throw Defect(reason: reason) }
        if address.hasAt, address.localPart.isEmpty { throw Defect(reason: AddressPattern.neither) }
        description =
            address.hasAt ? "\(address.localPart)@\(domain)" : (isBelow ? "." : "") + domain
    }

    private static let neither = "is not an address or domain"

    /// Why no message can have a domain; nil when one can.
    private static func defect(ofDomain domain: String) -> String? {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            !label.isEmpty && label.utf8.count <= DomainName.longestLabel
                && label.utf8.allSatisfy {
                    ASCII.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
        guard isName, domain.utf8.count <= DomainName.longestName else { return neither }
        if labels.count == 4, labels.allSatisfy({ $0.utf8.allSatisfy(ASCII.isDigit) }) {
            return "is an IP address; write \"client \(domain)\" in a list"
        }
        return nil
    }
}
