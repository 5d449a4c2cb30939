/// Byte classes of ASCII.
public enum ASCII {
    /// HT, 0x09.
    public static let tab = UInt8(ascii: "\t")
    /// LF, 0x0A.
    public static let lineFeed = UInt8(ascii: "\n")
    /// CR, 0x0D.
    public static let carriageReturn = UInt8(ascii: "\r")
    /// SP, 0x20.
    public static let space = UInt8(ascii: " ")

    /// White space: the space, and tab to carriage return.
    @inlinable
    @inline(__always)
    public static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// A to Z in either case.
    @inlinable
    @inline(__always)
    public static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    /// 0 to 9.
    @inlinable
    @inline(__always)
    public static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// A to Z in either case, or 0 to 9.
    @inlinable
    @inline(__always)
    public static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

    /// Not a control character, and not beyond ASCII.
    @inlinable
    @inline(__always)
    public static func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F }

    /// The byte in lower case; other bytes than A to Z stay.
    @inlinable
    @inline(__always)
    public static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// The value of a hexadecimal digit, or nil.
    @inlinable
    @inline(__always)
    public static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return byte - UInt8(ascii: "A") + 10
        default: return nil
        }
    }
}
