/// The content of a CMS message that is signed and not encrypted (RFC 5652), as S/MIME puts it into
/// `application/pkcs7-mime` (RFC 8551 section 3.5.2).
///
/// Mail clients show it whoever signed it, so nothing is verified. Only the path to the content is
/// read, in BER (X.690): lengths may be left open, and strings may be cut into pieces, as programs
/// write them that don't know the length in advance.
enum SignedContent {
    /// The content; nil for bytes that are no signed CMS message.
    ///
    /// One that was cut is read as far as it is there.
    static func content(of bytes: [UInt8]) -> [UInt8]? {
        var message = BERReader(bytes)
        guard var info = message.enter(.sequence), info.skip(signedData),
            var explicit = info.enter(.context), var signed = explicit.enter(.sequence),
            signed.skip(.integer), signed.skip(.set), var content = signed.enter(.sequence),
            content.skip(.objectIdentifier), var octets = content.enter(.context)
        else { return nil }
        return octets.octetString()
    }

    /// 1.2.840.113549.1.7.2 (RFC 5652 section 5.1).
    private static let signedData: [UInt8] = [
        0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02,
    ]
}

/// Reads elements of BER in order.
private struct BERReader {
    /// The identifier octets that occur on the way (X.690 section 8.1.2).
    enum Tag: UInt8 {
        case endOfContents = 0x00
        case integer = 0x02
        case octetString = 0x04
        case objectIdentifier = 0x06
        case octetStringInPieces = 0x24
        case sequence = 0x30
        case set = 0x31
        /// `[0]`, constructed.
        case context = 0xA0
    }

    /// An element's content, up to the end of what encloses it where its length is left open.
    private struct Element {
        var tag: UInt8
        var content: Range<Int>
        var isOpen: Bool
    }

    /// Levels of strings in strings.
    private static let deepest = 16

    private let bytes: [UInt8]
    private var index: Int
    private let end: Int

    init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
    }

    /// What reads the content of the next element; nil if that has another tag.
    mutating func enter(_ tag: Tag) -> BERReader? {
        guard let element = element(), element.tag == tag.rawValue else { return nil }
        return BERReader(bytes, element.content)
    }

    /// Skips the next element; false if it has another tag.
    mutating func skip(_ tag: Tag) -> Bool {
        guard let element = element(), element.tag == tag.rawValue else { return false }
        return skipContent(of: element)
    }

    /// Skips an object identifier; false if the next element is not this one.
    mutating func skip(_ identifier: [UInt8]) -> Bool {
        guard let element = element(), element.tag == Tag.objectIdentifier.rawValue,
            bytes[element.content].elementsEqual(identifier)
        else { return false }
        return skipContent(of: element)
    }

    /// The next element as a string, its pieces put together; nil if it is none.
    mutating func octetString() -> [UInt8]? {
        var string: [UInt8] = []
        return append(to: &string, depth: 0) ? string : nil
    }

    private mutating func append(to string: inout [UInt8], depth: Int) -> Bool {
        guard depth < BERReader.deepest, let element = element() else { return false }
        switch Tag(rawValue: element.tag) {
        case .octetString:
            string += bytes[element.content]
            index = element.content.upperBound
        case .octetStringInPieces:
            index = element.content.lowerBound
            var pieces = BERReader(bytes, element.content)
            while pieces.index < pieces.end, !pieces.isAtEndOfContents {
                // What is cut off ends the string.
                guard pieces.append(to: &string, depth: depth + 1) else { break }
            }
            index = element.isOpen ? min(pieces.index + 2, end) : element.content.upperBound
        default: return false
        }
        return true
    }

    private var isAtEndOfContents: Bool {
        index + 1 < end && bytes[index] == Tag.endOfContents.rawValue && bytes[index + 1] == 0
    }

    private mutating func skipContent(of element: Element) -> Bool {
        var depth = 0
        guard element.isOpen else {
            index = element.content.upperBound
            return true
        }
        while index < end {
            if isAtEndOfContents {
                index += 2
                if depth == 0 { return true }
                depth -= 1
            } else {
                guard let inner = self.element() else { return false }
                if inner.isOpen { depth += 1 } else { index = inner.content.upperBound }
            }
        }
        return false
    }

    /// Reads tag and length of the next element and stops at its content (X.690 sections 8.1.2 and
    /// 8.1.3); nil at the end, or for a form that no CMS message has here.
    private mutating func element() -> Element? {
        guard end - index >= 2 else { return nil }
        let tag = bytes[index]
        let first = bytes[index + 1]
        index += 2
        guard tag & 0x1F != 0x1F else { return nil }
        guard first != 0x80 else { return Element(tag: tag, content: index..<end, isOpen: true) }
        var length = Int(first)
        if first > 0x80 {
            let count = Int(first & 0x7F)
            guard end - index >= count else { return nil }
            // There may be more octets than the number needs.
            let octets = bytes[index..<(index + count)].drop { $0 == 0 }
            guard octets.count <= 4 else { return nil }
            length = octets.reduce(0) { $0 << 8 | Int($1) }
            index += count
        }
        return Element(tag: tag, content: index..<min(end, index + length), isOpen: false)
    }
}
