import ASCIIText

/// Base64 (RFC 4648 section 4), read leniently.
///
/// Foreign characters are skipped. Padding ends a quantum but not the text, so that several encoded
/// pieces in a row are all decoded.
enum Base64 {
    /// The value of a byte that is not in the alphabet.
    private static let noDigit: UInt8 = 0xFF

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: noDigit, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, byte) in alphabet.utf8.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }()

    /// The decoded bytes, at most `limit` of them.
    static func decode(
        _ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(limit, bytes.count / 4 * 3 + 3))
        let table = values
        var quantum: UInt32 = 0
        var digits = 0
        var hasForeign = false
        for byte in bytes {
            let value = table[Int(byte)]
            if value != noDigit {
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
                hasForeign = true
            }
        }
        if hasForeign || digits != 0 { defects.insert(.base64Malformed) }
        flush(&result, quantum, digits)
        return result
    }

    /// Appends the whole bytes of a quantum that has fewer than four digits.
    private static func flush(_ result: inout [UInt8], _ quantum: UInt32, _ digits: Int) {
        if digits == 2 {
            result.append(UInt8(truncatingIfNeeded: quantum >> 4))
        } else if digits == 3 {
            result.append(UInt8(truncatingIfNeeded: quantum >> 10))
            result.append(UInt8(truncatingIfNeeded: quantum >> 2))
        }
    }
}
