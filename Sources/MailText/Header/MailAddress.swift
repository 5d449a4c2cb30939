import ASCIIText
import DomainNames

/// The first mailbox of an address field (RFC 5322 section 3.4), read leniently.
public struct MailAddress: Sendable, Equatable {
    /// The display name, decoded and without quotes; may be empty.
    public var displayName = ""
    /// The part before the `@`, as written.
    public var localPart = ""
    /// The part after the `@`, in lower case; empty when there is no usable address.
    public var domain = ""

    /// No address.
    init() {}

    /// Reads a field's value, its encoded words still in it.
    ///
    /// It is taken apart first and decoded then, so an address in an encoded name is part of the
    /// name (RFC 2047 section 6.2).
    ///
    /// - Parameters:
    ///   - field: The value as it was sent.
    ///   - charset: The charset of the message, for bytes outside encoded words; or nil.
    ///   - defects: Receives what is wrong with the encoded words.
    init(
        _ field: ArraySlice<UInt8>, messageCharset charset: String? = nil,
        defects: inout Set<Defect>
    ) {
        var scanner = MailboxScanner(HeaderText.unfold(field))
        var isFirst = true
        while let mailbox = scanner.next() {
            var name: [UInt8] = []
            var address = MailAddress()
            if let bracketed = mailbox.bracketed {
                address.setAddress(MailAddress.withoutSpace(bracketed)[...])
                name = mailbox.name
            } else {
                name = address.setAddress(words: mailbox.words)
                name = mailbox.comment ?? name
            }
            guard !address.domain.isEmpty || isFirst else { continue }
            if !address.domain.isEmpty || mailbox.bracketed != nil {
                if name.allSatisfy(ASCII.isSpace) { name = mailbox.group }
                address.displayName = MailAddress.cleanName(
                    HeaderText.decode(name[...], messageCharset: charset, defects: &defects))
            }
            self = address
            if !domain.isEmpty { return }
            isFirst = false
        }
    }

    /// The registered part of the domain, see ``organization(of:)``.
    public var organization: String { MailAddress.organization(of: domain) }

    /// The part of a domain that its organisation registered: `mail.example.co.uk` gives
    /// `example.co.uk`; the whole domain where nothing is registered.
    public static func organization(of domain: String) -> String {
        PublicSuffix.organization(of: domain)
    }

    /// Sets local part and domain, if the bytes are a usable address.
    ///
    /// - Parameter bytes: The address, perhaps with a route (RFC 5322 section 4.4) or `mailto:`.
    private mutating func setAddress(_ bytes: ArraySlice<UInt8>) {
        var text = bytes
        if text.startsIgnoringCase("mailto:") { text = text.dropFirst("mailto:".utf8.count) }
        while text.first == UInt8(ascii: "@"), let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            text = text[(colon + 1)...]
        }
        if text.count > 1, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
            text = text.dropFirst().dropLast()
        }
        guard let at = text.lastIndex(of: UInt8(ascii: "@")), at > text.startIndex else { return }
        var name = text[(at + 1)...].lowercasedASCII()
        if name.last == UInt8(ascii: ".") { name.removeLast() }
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

    /// Sets local part and domain from an address without angle brackets.
    ///
    /// - Returns: The words in front of the address.
    private mutating func setAddress(words: [UInt8]) -> [UInt8] {
        let text = MailAddress.withoutSpace(words)
        guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { return [] }
        var start = 0
        var isQuoted = false
        for index in 0..<at {
            if text[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if ASCII.isSpace(text[index]), !isQuoted { start = index + 1 }
        }
        let end = text[at...].firstIndex(where: ASCII.isSpace) ?? text.endIndex
        setAddress(text[start..<end])
        return Array(text[..<start])
    }

    /// The words of an address without the white space that may be beside `@` and dots (RFC 5322
    /// section 4.4).
    private static func withoutSpace(_ words: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isSpaced = false
        for byte in words[...].trimmingSpace() {
            if ASCII.isSpace(byte) {
                isSpaced = true
                continue
            }
            if isSpaced, !isJoint(byte), let last = result.last, !isJoint(last) {
                result.append(ASCII.space)
            }
            isSpaced = false
            result.append(byte)
        }
        return result
    }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "@") || byte == UInt8(ascii: ".")
    }

    /// A display name without quotes and backslashes.
    private static func cleanName(_ bytes: [UInt8]) -> String {
        let name = bytes[...].trimmingSpace().filter {
            $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        return String(decoding: name, as: UTF8.self)
    }
}
