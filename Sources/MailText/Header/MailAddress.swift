import ASCIIText

/// The first mailbox of an address field (RFC 5322 section 3.4), read leniently.
public struct MailAddress: Sendable, Equatable {
    /// The display name, decoded and without quotes; may be empty.
    public var displayName = ""
    /// Before the `@`, as written.
    public var localPart = ""
    /// Behind the `@`, in lower case; empty when there is no usable address.
    public var domain = ""

    init() {}

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

    /// The part of the domain that an organisation registers, by a short list of second-level
    /// registries: `mail.example.co.uk` gives `example.co.uk`.
    public var organization: String { MailAddress.organization(of: domain) }

    public static func organization(of domain: String) -> String {
        let labels = domain.split(separator: ".")
        guard labels.count > 2, let top = labels.last else { return domain }
        let second = labels[labels.count - 2]
        let registries: Set<Substring> = [
            "co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go", "gob", "gouv", "gv",
        ]
        let kept = top.count == 2 && registries.contains(second) ? 3 : 2
        return labels.suffix(kept).joined(separator: ".")
    }

    private mutating func setAddress(_ bytes: ArraySlice<UInt8>) {
        let text = bytes.trimmingSpace()
        guard let at = text.lastIndex(of: UInt8(ascii: "@")), at > text.startIndex else { return }
        let name = text[(at + 1)...].lowercasedASCII()
        let valid =
            name.contains(UInt8(ascii: "."))
            && name.allSatisfy { byte in
                ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte >= 0x80
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
        guard valid else { return }
        localPart = String(decoding: text[..<at], as: UTF8.self)
        domain = String(decoding: name, as: UTF8.self)
    }

    /// The `<` that opens the address: the first one outside quotes.
    private static func openAngle(_ text: [UInt8]) -> Int? {
        var quoted = false
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\"") { quoted.toggle() }
            if byte == UInt8(ascii: "<"), !quoted { return index }
        }
        return text.lastIndex(of: UInt8(ascii: "<"))
    }

    private static func cleanName(_ bytes: ArraySlice<UInt8>) -> String {
        let kept = bytes.trimmingSpace().filter {
            $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
