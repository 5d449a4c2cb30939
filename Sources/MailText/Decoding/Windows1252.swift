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
}
