import ASCIIText

/// Content-Transfer-Encoding (RFC 2045 section 6), read leniently as mail clients do.
enum TransferEncoding {
    case identity, base64, quotedPrintable, uuencode

    /// The encoding named by a header value; an unknown word is identity and a defect.
    init(_ value: ArraySlice<UInt8>?, defects: inout Set<Defect>) {
        guard let value else {
            self = .identity
            return
        }
        var word = value
        if let end = value.firstIndex(where: { $0 == UInt8(ascii: ";") || $0 == ASCII.space }) {
            word = value[..<end]
        }
        if word.equalsIgnoringCase("base64") {
            self = .base64
        } else if word.equalsIgnoringCase("quoted-printable") {
            self = .quotedPrintable
        } else if word.equalsIgnoringCase("x-uuencode") || word.equalsIgnoringCase("uuencode") {
            self = .uuencode
        } else {
            let known =
                word.isEmpty || word.equalsIgnoringCase("7bit") || word.equalsIgnoringCase("8bit")
                || word.equalsIgnoringCase("binary")
            if !known { defects.insert(.transferEncodingUnknown) }
            self = .identity
        }
    }

    /// The decoded bytes, at most `limit` of them.
    func decode(_ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>) -> [UInt8] {
        switch self {
        case .identity:
            if bytes.count > limit { defects.insert(.limitDecoded) }
            return Array(bytes.prefix(limit))
        case .base64: return Base64.decode(bytes, limit: limit, defects: &defects)
        case .quotedPrintable:
            return QuotedPrintable.decode(bytes, limit: limit, defects: &defects)
        case .uuencode: return UUEncoding.decode(bytes, limit: limit)
        }
    }
}

/// Base64 (RFC 4648 section 4): foreign characters are skipped, padding ends a quantum but not the
/// text, so that several encoded pieces in a row are all read.
enum Base64 {
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, byte) in alphabet.utf8.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }()

    static func decode(
        _ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(limit, bytes.count / 4 * 3 + 3))
        let table = values
        var quantum: UInt32 = 0
        var digits = 0
        var foreign = false
        for byte in bytes {
            let value = table[Int(byte)]
            if value != 0xFF {
                quantum = quantum << 6 | UInt32(value)
                digits += 1
                if digits == 4 {
                    guard result.count + 3 <= limit else {
                        defects.insert(.limitDecoded)
                        return result
                    }
                    result.append(UInt8(truncatingIfNeeded: quantum >> 16))
                    result.append(UInt8(truncatingIfNeeded: quantum >> 8))
                    result.append(UInt8(truncatingIfNeeded: quantum))
                    quantum = 0
                    digits = 0
                }
            } else if byte == UInt8(ascii: "=") {
                flush(&result, quantum, digits)
                quantum = 0
                digits = 0
            } else if !ASCII.isSpace(byte) {
                foreign = true
            }
        }
        if foreign || digits != 0 { defects.insert(.base64Malformed) }
        flush(&result, quantum, digits)
        return result
    }

    private static func flush(_ result: inout [UInt8], _ quantum: UInt32, _ digits: Int) {
        if digits == 2 {
            result.append(UInt8(truncatingIfNeeded: quantum >> 4))
        } else if digits == 3 {
            result.append(UInt8(truncatingIfNeeded: quantum >> 10))
            result.append(UInt8(truncatingIfNeeded: quantum >> 2))
        }
    }
}

/// Quoted-printable (RFC 2045 section 6.7): a broken escape stays as it is written.
enum QuotedPrintable {
    static func decode(
        _ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(limit, bytes.count))
        var index = bytes.startIndex
        let end = bytes.endIndex
        /// White space at the end of what is decoded that stood there as it is.
        var trailingSpace = 0
        while index < end {
            guard result.count < limit else {
                defects.insert(.limitDecoded)
                break
            }
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "=") else {
                if byte == ASCII.lineFeed {
                    // Rule 3: added in transport.
                    result.removeLast(trailingSpace)
                    trailingSpace = 0
                } else {
                    trailingSpace = ASCII.isSpace(byte) ? trailingSpace + 1 : 0
                }
                result.append(byte)
                continue
            }
            trailingSpace = 0
            if let lineEnd = softBreak(bytes, from: index) {
                index = lineEnd
            } else if index + 1 < end, let high = ASCII.hexValue(bytes[index]),
                let low = ASCII.hexValue(bytes[index + 1])
            {
                result.append(high << 4 | low)
                index += 2
            } else {
                defects.insert(.quotedPrintableMalformed)
                result.append(byte)
            }
        }
        return result
    }

    /// The place behind a soft line break whose `=` stands before `start`, or nil if there is none.
    /// White space between `=` and the line end is allowed, up to a few characters.
    private static func softBreak(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.endIndex, index < start + 16 {
            let byte = bytes[index]
            if byte == ASCII.lineFeed { return index + 1 }
            guard byte == ASCII.space || byte == ASCII.tab || byte == ASCII.carriageReturn else {
                return nil
            }
            index += 1
        }
        return index == bytes.endIndex ? index : nil
    }
}

/// The old UNIX encoding, still met as `x-uuencode`.
enum UUEncoding {
    static func decode(_ bytes: ArraySlice<UInt8>, limit: Int) -> [UInt8] {
        var result: [UInt8] = []
        for line in bytes.split(separator: ASCII.lineFeed) {
            guard let first = line.first, first > 0x20, first <= 0x60 + 0x20,
                !line.starts(with: "begin ".utf8), !line.starts(with: "end".utf8)
            else { continue }
            let count = Int((first &- 0x20) & 0x3F)
            let digits = line.dropFirst().filter { $0 >= 0x20 && $0 <= 0x60 }
            guard result.count + count <= limit else { break }
            let lineStart = result.count
            var index = 0
            while index + 3 < digits.count, result.count - lineStart < count {
                let quantum = digits[index..<(index + 4)].reduce(UInt32(0)) {
                    $0 << 6 | UInt32(($1 &- 0x20) & 0x3F)
                }
                for shift in [UInt32(16), 8, 0] where result.count - lineStart < count {
                    result.append(UInt8(truncatingIfNeeded: quantum >> shift))
                }
                index += 4
            }
        }
        return result
    }
}
