/// Byte classes of ASCII, shared by the readers of this module.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return byte - UInt8(ascii: "A") + 10
        default: return nil
        }
    }
}

extension Collection where Element == UInt8 {
    /// True when the bytes equal `text`, which must be lower case, without regard to ASCII case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        // The static string's storage is constant and lives as long as the program.
        var expected = text.utf8Start
        for byte in self {
            if ASCII.lower(byte) != expected.pointee { return false }
            expected += 1
        }
        return true
    }

    /// True when the bytes begin with `text`, which must be lower case, without regard to case.
    func startsIgnoringCase(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount && prefix(text.utf8CodeUnitCount).equalsIgnoringCase(text)
    }

    /// The bytes as ASCII lower case.
    func lowercasedASCII() -> [UInt8] { map(ASCII.lower) }
}

extension ArraySlice where Element == UInt8 {
    /// The slice without ASCII white space at both ends.
    func trimmingSpace() -> ArraySlice<UInt8> {
        var low = startIndex
        var high = endIndex
        while low < high, ASCII.isSpace(self[low]) { low += 1 }
        while high > low, ASCII.isSpace(self[high - 1]) { high -= 1 }
        return self[low..<high]
    }
}
