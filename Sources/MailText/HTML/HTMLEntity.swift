import ASCIIText

/// Character references in HTML text and attribute values (WHATWG HTML section 13.2.5.72 ff.).
enum HTMLEntity {
    private struct Named {
        var scalars: [UInt32]
        /// Recognised without a semicolon, too.
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

    private static let longestName = 31

    /// Decodes the reference whose `&` stands at `start` and appends its characters.
    ///
    /// - Returns: the index behind the reference, or nil when the `&` is just text.
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
        while index < limit, ASCII.isLetter(bytes[index]) || ASCII.isDigit(bytes[index]) {
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

    /// `&copy2` is © and 2: the longest legacy name at the front counts, at most six letters.
    private static func decodeLegacy(
        _ bytes: [UInt8], _ range: Range<Int>, end: Int, inAttribute: Bool,
        into result: inout [UInt8]
    ) -> Int? {
        var stop = min(range.upperBound, range.lowerBound + 6)
        while stop >= range.lowerBound + 2 {
            if let entity = named[Array(bytes[range.lowerBound..<stop])], entity.isLegacy {
                let next = stop < end ? bytes[stop] : ASCII.space
                let continues = ASCII.isLetter(next) || ASCII.isDigit(next)
                if inAttribute, continues || next == UInt8(ascii: "=") { return nil }
                for scalar in entity.scalars { result.appendUTF8(scalar) }
                return stop
            }
            stop -= 1
        }
        return nil
    }

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
            value = min(value * (isHex ? 16 : 10) + digit, 0x11_0000)
            digits += 1
            index += 1
        }
        guard digits > 0 else { return nil }
        if index < end, bytes[index] == UInt8(ascii: ";") { index += 1 }
        // Code points of the C1 range are windows-1252 in practice, and in the standard.
        let scalar = value >= 0x80 && value < 0xA0 ? Windows1252.scalar(UInt8(value)) : value
        result.appendUTF8(scalar == 0 ? 0xFFFD : scalar)
        return index
    }
}
