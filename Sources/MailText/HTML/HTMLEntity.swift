import ASCIIText

/// Decodes character references in HTML text and attribute values (WHATWG HTML section 13.2.5.72
/// ff.).
enum HTMLEntity {
    private struct Named {
        var scalars: [UInt32]
        /// True when the name is also recognised without its semicolon.
        var isLegacy: Bool
    }

    private static let named: [[UInt8]: Named] = {
        var table: [[UInt8]: Named] = [:]
        for entry in HTMLEntityTable.text.split(whereSeparator: \.isWhitespace) {
            let pair = entry.split(separator: "=")
            guard pair.count == 2 else { continue }
            let isLegacy = pair[0].hasSuffix("!")
            let name = isLegacy ? pair[0].dropLast() : pair[0]
            table[Array(name.utf8)] = Named(
                scalars: pair[1].split(separator: "+").compactMap { UInt32($0, radix: 16) },
                isLegacy: isLegacy)
        }
        return table
    }()

    /// Bytes of the longest name: `CounterClockwiseContourIntegral`.
    private static let longestName = 31
    /// Bounds on the length of legacy names: `gt`, and `Aacute` and others.
    private static let shortestLegacyName = 2
    private static let longestLegacyName = 6
    /// The first number that is no Unicode scalar value; larger ones are read as this.
    private static let endOfScalars: UInt32 = 0x11_0000

    /// Decodes the reference whose `&` is at `start` and appends its characters.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - start: The index of the `&`.
    ///   - end: The end of the text or attribute value.
    ///   - inAttribute: True in attribute values, where fewer legacy references are decoded.
    ///   - result: The text to append to.
    /// - Returns: The index after the reference, or nil when the `&` is text.
    static func decode(
        _ bytes: [UInt8], at start: Int, end: Int, inAttribute: Bool, into result: inout [UInt8]
    ) -> Int? {
        let first = start + 1
        guard first < end else { return nil }
        if bytes[first] == UInt8(ascii: "#") {
            return decodeNumeric(bytes, from: first + 1, end: end, into: &result)
        }
        guard ASCII.isLetter(bytes[first]) else { return nil }
        let limit = min(end, first + longestName + 1)
        var index = first
        while index < limit, ASCII.isLetterOrDigit(bytes[index]) {
            index += 1
        }
        if index < limit, bytes[index] == UInt8(ascii: ";"),
            let entity = named[Array(bytes[first..<index])]
        {
            for scalar in entity.scalars { result.appendUTF8(scalar) }
            return index + 1
        }
        return decodeLegacy(bytes, first..<index, end: end, inAttribute: inAttribute, into: &result)
    }

    /// Decodes a reference without a semicolon: the longest legacy name that the text begins with,
    /// so that `&copy2` is © and 2.
    private static func decodeLegacy(
        _ bytes: [UInt8], _ range: Range<Int>, end: Int, inAttribute: Bool,
        into result: inout [UInt8]
    ) -> Int? {
        var stop = min(range.upperBound, range.lowerBound + longestLegacyName)
        while stop >= range.lowerBound + shortestLegacyName {
            if let entity = named[Array(bytes[range.lowerBound..<stop])], entity.isLegacy {
                let next = stop < end ? bytes[stop] : ASCII.space
                let continues = ASCII.isLetterOrDigit(next)
                if inAttribute, continues || next == UInt8(ascii: "=") { return nil }
                for scalar in entity.scalars { result.appendUTF8(scalar) }
                return stop
            }
            stop -= 1
        }
        return nil
    }

    /// Decodes `&#233;` or `&#xE9;` from the byte after the `#`.
    private static func decodeNumeric(
        _ bytes: [UInt8], from start: Int, end: Int, into result: inout [UInt8]
    ) -> Int? {
        var index = start
        var value: UInt32 = 0
        var digits = 0
        let isHex = index < end && bytes[index] | 0x20 == UInt8(ascii: "x")
        if isHex { index += 1 }
        while index < end {
            let digit: UInt32
            if isHex, let hex = ASCII.hexValue(bytes[index]) {
                digit = UInt32(hex)
            } else if !isHex, ASCII.isDigit(bytes[index]) {
                digit = UInt32(bytes[index] - UInt8(ascii: "0"))
            } else {
                break
            }
            value = min(value * (isHex ? 16 : 10) + digit, endOfScalars)
            digits += 1
            index += 1
        }
        guard digits > 0 else { return nil }
        if index < end, bytes[index] == UInt8(ascii: ";") { index += 1 }
        // C1 controls stand for windows-1252 (WHATWG HTML section 13.2.5.80).
        let scalar = value >= 0x80 && value < 0xA0 ? Windows1252.scalar(UInt8(value)) : value
        result.appendUTF8(scalar == 0 ? 0xFFFD : scalar)
        return index
    }

    /// An attribute's value with its references decoded and its line breaks as LF (WHATWG HTML
    /// section 13.2.3.5), at most about `limit` bytes of it.
    static func decodedAttribute(_ range: Range<Int>, of bytes: [UInt8], limit: Int) -> [UInt8] {
        let ampersand = UInt8(ascii: "&")
        var text: [UInt8] = []
        text.reserveCapacity(min(range.count, limit))
        var index = range.lowerBound
        while index < range.upperBound, text.count < limit {
            let next = bytes.firstIndex(
                of: ampersand, or: ASCII.carriageReturn, from: index, to: range.upperBound)
            if next > index {
                text.append(copying: bytes[index..<next].prefix(limit - text.count))
                index = next
            } else if bytes[index] == ASCII.carriageReturn {
                index += 1
            } else if let end = HTMLEntity.decode(
                bytes, at: index, end: range.upperBound, inAttribute: true, into: &text)
            {
                index = end
            } else {
                text.append(ampersand)
                index += 1
            }
        }
        return text
    }
}
