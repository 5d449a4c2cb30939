/// Byte classes of ASCII.
public enum ASCII {
    // Computed, because a stored constant of another module is read through a function call.

    /// HT.
    @inlinable
    @inline(__always)
    public static var tab: UInt8 { 0x09 }

    /// LF.
    @inlinable
    @inline(__always)
    public static var lineFeed: UInt8 { 0x0A }

    /// CR.
    @inlinable
    @inline(__always)
    public static var carriageReturn: UInt8 { 0x0D }

    /// SP.
    @inlinable
    @inline(__always)
    public static var space: UInt8 { 0x20 }

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

    /// A control character that shows nothing: not NUL, and not white space.
    @inlinable
    @inline(__always)
    public static func isInvisible(_ byte: UInt8) -> Bool {
        byte < 0x20 ? byte > 0 && !isSpace(byte) : byte == 0x7F
    }

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
