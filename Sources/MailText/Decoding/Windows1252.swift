import ASCIIText

/// windows-1252 as the WHATWG Encoding Standard maps it: every byte has a character.
enum Windows1252 {
    /// The Unicode scalar value of a byte.
    static func scalar(_ byte: UInt8) -> UInt32 {
        byte >= 0x80 && byte < 0xA0
            ? UInt32(Windows1252Table.scalars[Int(byte) - 0x80]) : UInt32(byte)
    }

    /// The text as UTF-8.
    static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        for byte in bytes { result.appendUTF8(scalar(byte)) }
        return result
    }

    /// Well-formed UTF-8 unchanged, and each byte outside of it as windows-1252.
    static func decodeMixed(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        var index = 0
        while index < bytes.count {
            let length = UTF8Check.sequenceLength(bytes, at: index)
            if length > 0 {
                result += bytes[index..<(index + length)]
            } else {
                result.appendUTF8(scalar(bytes[index]))
            }
            index += max(length, 1)
        }
        return result
    }

    /// `x-user-defined` (WHATWG Encoding section 14.5), in which the bytes from 80 on are
    /// private-use characters.
    static func decodeUserDefined(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes { result.appendUTF8(byte < 0x80 ? UInt32(byte) : 0xF700 + UInt32(byte)) }
        return result
    }
}
