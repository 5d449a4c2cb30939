import ASCIIText

/// The encoding of uuencode(5), which some mail still declares as `x-uuencode`.
enum UUEncoding {
    /// The decoded bytes, at most `limit` of them, without the lines `begin` and `end`.
    static func decode(_ bytes: ArraySlice<UInt8>, limit: Int) -> [UInt8] {
        var result: [UInt8] = []
        for line in bytes.split(separator: ASCII.lineFeed) {
            guard let first = line.first, first > 0x20, first <= 0x60 + 0x20,
                !line.starts(with: "begin ".utf8), !line.starts(with: "end".utf8)
            else { continue }
            // The first character is the number of bytes; a space is also written as a backquote.
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
