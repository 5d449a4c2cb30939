/// The mbox format (RFC 4155): each message follows a line that starts with `From `.
package enum Mbox {
    private static let marker = Array("From ".utf8)
    /// Longest header field name that is looked for behind a `From ` line.
    private static let longestFieldName = 80

    /// True when the bytes start with a `From ` line and have another; a single one is only the
    /// first line of a single message.
    package static func isMbox(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: marker) && starts(in: bytes).count > 1
    }

    /// The messages, each with its `From ` line.
    package static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        let starts = starts(in: bytes)
        let ends = starts.dropFirst() + [bytes.count]
        return zip(starts, ends).map { Array(bytes[$0..<$1]) }
    }

    /// Offsets of the `From ` lines.
    ///
    /// Text has lines with `From ` as well. A separator follows an empty line, holds a year, and
    /// the line after it is a header field.
    private static func starts(in bytes: [UInt8]) -> [Int] {
        var result: [Int] = []
        var index = 0
        var afterEmpty = true
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            let line = bytes[index..<end]
            if afterEmpty, line.starts(with: marker), hasYear(line),
                isHeaderLine(bytes, from: end + 1)
            {
                result.append(index)
            }
            afterEmpty = line.allSatisfy { $0 == UInt8(ascii: "\r") }
            index = end + 1
        }
        return result
    }

    private static func isHeaderLine(_ bytes: [UInt8], from start: Int) -> Bool {
        guard start < bytes.count else { return false }
        let name = bytes[start...].prefix(longestFieldName)
            .prefix { $0 > 0x20 && $0 != UInt8(ascii: ":") }
        return !name.isEmpty && name.endIndex < bytes.count
            && bytes[name.endIndex] == UInt8(ascii: ":")
    }

    private static func hasYear(_ line: ArraySlice<UInt8>) -> Bool {
        line.split(separator: UInt8(ascii: " ")).contains { word in
            let digits = word.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            return digits.count == 4 && word.count <= 5
                && (word.starts(with: "19".utf8) || word.starts(with: "20".utf8))
        }
    }
}
