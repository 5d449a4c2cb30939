import ASCIIText

/// The first mailbox of an address field (RFC 5322 section 3.4), read leniently.
public struct MailAddress: Sendable, Equatable {
    /// The display name, decoded and without quotes; may be empty.
    public var displayName = ""
    /// The part before the `@`, as written.
    public var localPart = ""
    /// The part after the `@`, in lower case; empty when there is no usable address.
    public var domain = ""

    /// Second-level names below which country registries take registrations.
    private static let registries: Set<Substring> = [
        "co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go", "gob", "gouv", "gv",
    ]

    /// No address.
    init() {}

    /// Reads a field's value, its encoded words still in it.
    init(_ field: ArraySlice<UInt8>, defects: inout Set<Defect>) {
        let text = HeaderText.decode(field, defects: &defects)
        if let open = MailAddress.openAngle(text) {
            let close = text[open...].firstIndex(of: UInt8(ascii: ">")) ?? text.endIndex
            setAddress(text[(open + 1)..<close])
            displayName = MailAddress.cleanName(text[..<open])
        } else {
            let end = text.firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }
            let first = text[..<(end ?? text.endIndex)]
            let comment = first.firstIndex(of: UInt8(ascii: "("))
            setAddress(first[..<(comment ?? first.endIndex)])
            if let comment {
                displayName = MailAddress.cleanName(
                    first[(comment + 1)...].prefix { $0 != UInt8(ascii: ")") })
            }
        }
    }

    /// The registered part of the domain, see ``organization(of:)``.
    public var organization: String { MailAddress.organization(of: domain) }

    /// The part of a domain that its organisation registered: `mail.example.co.uk` gives
    /// `example.co.uk`.
    ///
    /// It is found with a short list of second-level registries, not with the Public Suffix List.
    public static func organization(of domain: String) -> String {
        let labels = domain.split(separator: ".")
        guard labels.count > 2, let top = labels.last else { return domain }
        let second = labels[labels.count - 2]
        let count = top.count == 2 && registries.contains(second) ? 3 : 2
        return labels.suffix(count).joined(separator: ".")
    }

    /// Sets local part and domain, if the bytes are a usable address.
    private mutating func setAddress(_ bytes: ArraySlice<UInt8>) {
        let text = bytes.trimmingSpace()
        guard let at = text.lastIndex(of: UInt8(ascii: "@")), at > text.startIndex else { return }
        let name = text[(at + 1)...].lowercasedASCII()
        let isValid =
            name.contains(UInt8(ascii: "."))
            && name.allSatisfy { byte in
                ASCII.isLetterOrDigit(byte) || byte >= 0x80
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
        guard isValid else { return }
        localPart = String(decoding: text[..<at], as: UTF8.self)
        domain = String(decoding: name, as: UTF8.self)
    }

    /// The index of the `<` that opens the address: the first outside quotes, or else the last.
    private static func openAngle(_ text: [UInt8]) -> Int? {
        var isQuoted = false
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "<"), !isQuoted { return index }
        }
        return text.lastIndex(of: UInt8(ascii: "<"))
    }

    /// A display name without quotes and backslashes.
    private static func cleanName(_ bytes: ArraySlice<UInt8>) -> String {
        let name = bytes.trimmingSpace().filter {
            $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        return String(decoding: name, as: UTF8.self)
    }
}
