import ASCIIText
import Glibc

/// Whether a text names the year in which it was sent, as dates and copyright lines do.
enum YearInText {
    case same
    case other

    private static let years: ClosedRange<Int> = 1990...2089

    /// Looks for the year of a moment, in UTC; nil if the text names no year from 1990 on.
    ///
    /// - Parameters:
    ///   - date: in seconds since 1970.
    ///   - text: the message.
    init?(_ date: Int64, in text: SearchedText) {
        let year = YearInText.year(of: date)
        var isOther = false
        for piece in text.body {
            let found = YearInText.find(in: piece.bytes, year)
            if found.same {
                self = .same
                return
            }
            isOther = isOther || found.other
        }
        guard isOther else { return nil }
        self = .other
    }

    /// Whether four digits that stand alone are a year, and which.
    private static func find(in text: [UInt8], _ year: Int) -> (same: Bool, other: Bool) {
        let zero = UInt8(ascii: "0")
        var isOther = false
        var index = text.firstIndex(of: UInt8(ascii: "1"), or: UInt8(ascii: "2"), from: 0)
        while index + 4 <= text.count {
            let isStart = index == 0 || !ASCII.isLetterOrDigit(text[index - 1])
            if isStart, text[index..<(index + 4)].allSatisfy(ASCII.isDigit),
                index + 4 == text.count || !ASCII.isLetterOrDigit(text[index + 4])
            {
                let number = text[index..<(index + 4)].reduce(0) { $0 * 10 + Int($1 - zero) }
                if number == year { return (true, false) }
                isOther = isOther || years.contains(number)
            }
            index = text.firstIndex(of: UInt8(ascii: "1"), or: UInt8(ascii: "2"), from: index + 1)
        }
        return (false, isOther)
    }

    private static func year(of seconds: Int64) -> Int {
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        return Int(parts.tm_year) + 1_900
    }
}
