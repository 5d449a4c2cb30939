import ASCIIText

/// ISO-8859-16, the Latin alphabet of Romanian and its neighbours, which ICU does not have.
enum Latin10 {
    /// The characters of the bytes from A0 on (WHATWG Encoding, index ISO-8859-16).
    private static let characters = Array(
        ("\u{A0}ĄąŁ€„Š§š©Ș«Ź\u{AD}źŻ°±ČłŽ”¶·žčș»ŒœŸż"
            + "ÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚß"
            + "àáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ").unicodeScalars)

    /// The text as UTF-8; the bytes from 80 to 9F are control characters.
    static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        for byte in bytes {
            result.appendUTF8(byte < 0xA0 ? UInt32(byte) : characters[Int(byte) - 0xA0].value)
        }
        return result
    }
}
