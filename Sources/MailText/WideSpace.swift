/// Characters outside ASCII that separate words: the no-break space, the ideographic one, and
/// U+2000 to U+203F, which are spaces, invisible characters, dashes and quotes.
enum WideSpace {
    /// How many bytes of UTF-8 the one at an index has; 0 when none begins there.
    @inline(__always)
    static func length(in bytes: [UInt8], at index: Int) -> Int {
        switch bytes[index] {
        case 0xC2: index + 1 < bytes.count && bytes[index + 1] == 0xA0 ? 2 : 0
        case 0xE2: index + 2 < bytes.count && bytes[index + 1] == 0x80 ? 3 : 0
        case 0xE3:
            index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] == 0x80 ? 3 : 0
        default: 0
        }
    }
}
