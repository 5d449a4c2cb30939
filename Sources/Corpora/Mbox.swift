/// The mbox format (RFC 4155) and its dialects: each message follows a line that starts with
/// `From `.
///
/// Text has lines with `From ` as well, so what counts as a separator depends on what programs
/// write. A header field follows it, and
/// - behind an empty line it holds a year, or nothing but an address or a hyphen, as some programs
///   write, or anything when the first separator of the file has no year either;
/// - elsewhere it holds a weekday, month, day, time and year.
package enum Mbox {
    private static let marker = Array("From ".utf8)
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// Longest header field name that is looked for behind a `From ` line.
    private static let longestFieldName = 80
    /// The subject of the message that UW-IMAP and Alpine keep their own data in.
    private static let internalSubject = "FOLDER INTERNAL DATA"

    /// True when the bytes start with a `From ` line and have another; a single one is only the
    /// first line of a single message.
    package static func isMbox(_ bytes: [UInt8]) -> Bool {
        bytes[firstIndex(of: bytes)...].starts(with: marker) && starts(in: bytes).count > 1
    }

    /// The messages, each with its `From ` line; the IMAP server's own data in front of them is
    /// none.
    package static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var starts = starts(in: bytes)[...]
        if starts.count > 1, isInternal(Header(bytes, behind: starts[0])) { starts.removeFirst() }
        let ends = starts.dropFirst() + [bytes.count]
        return zip(starts, ends).map { Array(bytes[$0..<$1]) }
    }

    /// Behind a byte order mark.
    private static func firstIndex(of bytes: [UInt8]) -> Int {
        bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    }

    /// Offsets of the `From ` lines.
    private static func starts(in bytes: [UInt8]) -> [Int] {
        var result: [Int] = []
        var index = firstIndex(of: bytes)
        var afterEmpty = true
        var isDated = false
        while index < bytes.count {
            let end = lineEnd(in: bytes, from: index)
            let line = bytes[index..<end]
            if line.starts(with: marker), isHeaderLine(bytes, from: end + 1) {
                let separator = Separator(line)
                if result.isEmpty { isDated = separator.hasYear }
                if separator.isFull
                    || afterEmpty && (separator.hasYear || separator.isBare || !isDated)
                {
                    result.append(index)
                    if let next = endOfBody(in: bytes, header: Header(bytes, behind: index)) {
                        index = next
                        afterEmpty = true
                        continue
                    }
                }
            }
            afterEmpty = line.allSatisfy { $0 == UInt8(ascii: "\r") }
            index = end + 1
        }
        return result
    }

    /// The offset behind a body of the length that Content-Length gives (mboxcl2), when a separator
    /// or the end really stands there.
    private static func endOfBody(in bytes: [UInt8], header: Header) -> Int? {
        guard let length = header.contentLength, length <= bytes.count - header.end else {
            return nil
        }
        var index = header.end + length
        // The empty line between messages belongs to neither.
        for _ in 0..<2 {
            if index < bytes.count, bytes[index] == UInt8(ascii: "\r") { index += 1 }
            if index < bytes.count, bytes[index] == UInt8(ascii: "\n") { index += 1 }
        }
        if index >= bytes.count { return bytes.count }
        guard bytes[index - 1] == UInt8(ascii: "\n"), bytes[index...].starts(with: marker),
            isHeaderLine(bytes, from: lineEnd(in: bytes, from: index) + 1)
        else { return nil }
        return index
    }

    private static func isInternal(_ header: Header) -> Bool {
        header.isPseudo || header.hasBase && header.subject.contains(internalSubject)
    }

    /// The offset of the line feed that ends a line, or the end.
    fileprivate static func lineEnd(in bytes: [UInt8], from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    /// True for a header field, and for the `From ` line of an earlier mailbox, escaped.
    fileprivate static func isHeaderLine(_ bytes: [UInt8], from start: Int) -> Bool {
        guard start < bytes.count else { return false }
        if bytes[start] == UInt8(ascii: ">"), bytes[(start + 1)...].starts(with: marker) {
            return true
        }
        let name = bytes[start...].prefix(longestFieldName)
            .prefix { $0 > 0x20 && $0 != UInt8(ascii: ":") }
        return !name.isEmpty && name.endIndex < bytes.count
            && bytes[name.endIndex] == UInt8(ascii: ":")
    }
}

extension Mbox {
    /// What a `From ` line holds.
    private struct Separator {
        /// A number from 1900 to 2099.
        var hasYear = false
        /// Weekday, month, day, time and year, as asctime(3) writes them; maybe a time zone.
        var isFull = false
        /// Nothing, a hyphen with or without something behind it, or an address alone.
        var isBare = false

        /// More than this is no separator that a program wrote.
        private static let longest = 1_024
        private static let weekdays: Set = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        private static let months: Set = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]

        init(_ line: ArraySlice<UInt8>) {
            guard line.count <= Separator.longest else { return }
            let words = line.dropFirst(Mbox.marker.count)
                .split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == 0x09 }
            hasYear = words.contains(where: Separator.holdsYear)
            isBare =
                words.isEmpty || words[0].elementsEqual("-".utf8)
                || words.count == 1 && words[0].contains(UInt8(ascii: "@"))
            let texts = words.map { String(decoding: $0, as: UTF8.self) }
            guard hasYear, let first = texts.lastIndex(where: Separator.weekdays.contains),
                texts.count >= first + 5, Separator.months.contains(texts[first + 1]),
                Int(texts[first + 2]).map({ (1...31).contains($0) }) ?? false,
                Separator.isTime(words[first + 3])
            else { return }
            isFull = words[(first + 4)...].contains { $0.count == 4 && Separator.holdsYear($0) }
        }

        /// Hours of one or two digits, minutes, and maybe seconds.
        ///
        /// By hand, because every message of some folders begins with such a line, and a `Regex`
        /// takes longer than its scoring.
        private static func isTime(_ word: ArraySlice<UInt8>) -> Bool {
            let numbers = word.split(
                separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard numbers.count == 2 || numbers.count == 3, (1...2).contains(numbers[0].count),
                numbers.dropFirst().allSatisfy({ $0.count == 2 })
            else { return false }
            return numbers.joined().allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
        }

        /// Four digits of a year, with no digit beside them.
        private static func holdsYear(_ word: ArraySlice<UInt8>) -> Bool {
            word.split { !($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) }.contains {
                $0.count == 4 && ($0.starts(with: "19".utf8) || $0.starts(with: "20".utf8))
            }
        }
    }

    /// The fields of a header that concern the mailbox.
    private struct Header {
        /// The offset behind the empty line that ends the header.
        var end: Int
        var contentLength: Int?
        /// X-IMAP: the message is an IMAP server's own.
        var isPseudo = false
        /// X-IMAPbase, which stands in an IMAP server's own message or in the first real one.
        var hasBase = false
        var subject = ""

        /// Reads the lines behind a `From ` line, up to the empty one or the first that is no
        /// field.
        init(_ bytes: [UInt8], behind start: Int) {
            end = min(Mbox.lineEnd(in: bytes, from: start) + 1, bytes.count)
            while end < bytes.count {
                let lineEnd = Mbox.lineEnd(in: bytes, from: end)
                let line = bytes[end..<lineEnd]
                let isEmpty = line.allSatisfy { $0 == UInt8(ascii: "\r") }
                let isFolded = line.first == UInt8(ascii: " ") || line.first == 0x09
                guard isEmpty || isFolded || Mbox.isHeaderLine(bytes, from: end) else {
                    contentLength = nil
                    return
                }
                end = min(lineEnd + 1, bytes.count)
                if isEmpty { return }
                if !isFolded { add(line) }
            }
            contentLength = nil
        }

        private mutating func add(_ line: ArraySlice<UInt8>) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon - line.startIndex < 20
            else { return }
            func value() -> String {
                String(decoding: line[(colon + 1)...].filter { $0 > 0x20 }, as: UTF8.self)
            }
            switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
            case "content-length": contentLength = Int(value()).flatMap { $0 < 0 ? nil : $0 }
            case "x-imap": isPseudo = true
            case "x-imapbase": hasBase = true
            case "subject": subject = String(decoding: line[(colon + 1)...], as: UTF8.self)
            default: break
            }
        }
    }
}
