import ASCIIText

/// The encoding of uuencode(5), which some mail still declares as `x-uuencode`.
///
/// Few clients still undo it. Lines that are no part of an encoded file are therefore text, as all
/// other clients show them.
enum UUEncoding {
    private static let digits = UInt8(0x20)...UInt8(0x60)
    /// Characters that some encoders add to a line, such as a checksum.
    private static let maximumPadding = 2
    /// Spaces at the end of a line, which stand for zero, that transport may have removed.
    private static let maximumLoss = 8

    /// The decoded bytes, at most `limit` of them, without the lines `begin` and `end`.
    static func decode(
        _ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>
    ) -> [UInt8] {
        var result: [UInt8] = []
        for line in bytes.split(whereSeparator: isLineEnd) {
            if line.starts(with: "begin ".utf8) || line.trimmingSpace().elementsEqual("end".utf8) {
                continue
            }
            let isText = !isEncoded(line)
            // The first character is the number of bytes; a space is also written as a backquote.
            let count = isText ? line.count + 1 : value(line.first)
            guard result.count + count <= limit else {
                defects.insert(.limitDecoded)
                break
            }
            if isText {
                result += line
                result.append(ASCII.lineFeed)
            } else {
                append(line.dropFirst(), count: count, to: &result)
            }
        }
        return result
    }

    /// Appends the bytes of a line, which may be cut short.
    private static func append(
        _ digits: ArraySlice<UInt8>, count: Int, to result: inout [UInt8]
    ) {
        let end = result.count + count
        var index = digits.startIndex
        while index + 3 < digits.endIndex, result.count < end {
            let quantum = digits[index..<(index + 4)].reduce(UInt32(0)) {
                $0 << 6 | UInt32(value($1))
            }
            for shift in [UInt32(16), 8, 0] where result.count < end {
                result.append(UInt8(truncatingIfNeeded: quantum >> shift))
            }
            index += 4
        }
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == ASCII.lineFeed || byte == ASCII.carriageReturn
    }

    private static func value(_ digit: UInt8?) -> Int { Int(((digit ?? 0x20) &- 0x20) & 0x3F) }

    /// True when a line is as long as its first character says.
    private static func isEncoded(_ line: ArraySlice<UInt8>) -> Bool {
        var letters = LetterShare()
        letters.add(line.dropFirst())
        guard line.allSatisfy(digits.contains), !letters.isOfProse else { return false }
        let needed = 1 + (value(line.first) + 2) / 3 * 4
        return (needed - maximumLoss...needed + maximumPadding).contains(line.count)
    }
}

/// Tells capital prose, which has the characters of uuencoded lines, from such lines.
struct LetterShare {
    private static let fewestCharacters = 16

    private var characters = 0
    private var letters = 0

    /// True when seven of ten characters are letters; of encoded ones four are.
    var isOfProse: Bool {
        characters >= LetterShare.fewestCharacters && letters * 10 >= characters * 7
    }

    /// Counts the characters of a line without its first, which is its length.
    mutating func add(_ line: ArraySlice<UInt8>) {
        for byte in line where byte != ASCII.space {
            characters += 1
            if ASCII.isLetter(byte) { letters += 1 }
        }
    }
}
