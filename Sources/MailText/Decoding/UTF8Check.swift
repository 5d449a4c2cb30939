import ASCIIText

/// Counts the well-formed and the broken UTF-8 sequences of some bytes in one pass.
struct UTF8Check {
    private(set) var isASCII = true
    /// Well-formed sequences of more than one byte.
    private(set) var validSequences = 0
    /// Bytes that belong to no well-formed sequence.
    private(set) var brokenSequences = 0

    /// True when every byte belongs to a well-formed sequence.
    var isValid: Bool { brokenSequences == 0 }

    init(_ bytes: [UInt8]) {
        var index = 0
        let count = bytes.count
        while index < count {
            let lead = bytes[index]
            if lead < 0x80 {
                index = bytes.endOfASCII(from: index + 1)
                continue
            }
            isASCII = false
            let length = UTF8Check.sequenceLength(bytes, at: index)
            if length > 0 {
                validSequences += 1
                index += length
            } else {
                brokenSequences += 1
                index += 1
            }
        }
    }

    /// The length of the well-formed multi-byte sequence at `index` (RFC 3629); 0 for ASCII and for
    /// bytes of none.
    static func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int {
        func continues(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
            index + offset < bytes.count && bytes[index + offset] >= low
                && bytes[index + offset] <= high
        }
        switch bytes[index] {
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0: return continues(1, 0xA0) && continues(2) ? 3 : 0
        case 0xED: return continues(1, 0x80, 0x9F) && continues(2) ? 3 : 0
        case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
        case 0xF0: return continues(1, 0x90) && continues(2) && continues(3) ? 4 : 0
        case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
        case 0xF4: return continues(1, 0x80, 0x8F) && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
    }
}
