import ASCIIText
import Foundation

/// The value of `X-Spam-Reason`: the words and facts that moved the score most.
enum ReasonHeader {
    /// The largest share that is shown; others, and those that are not a number, are shown as this.
    private static let largestShare = 999.0

    /// The value for texts of the message and what each adds to the log-odds of spam.
    ///
    /// One reason a line, folded with a line feed and a tab as libmilter requires. Texts that are
    /// not printable ASCII become encoded words (RFC 2047).
    static func value(_ reasons: [(text: String, share: Double)]) -> String {
        var value = ""
        for (text, share) in reasons {
            let next = "\(value.isEmpty ? "" : ",\n\t")\(quoted(text))\(signed(share))"
            guard value.utf8.count + next.utf8.count <= HeaderLimits.reasons else { break }
            value += next
        }
        return value
    }

    private static func quoted(_ text: String) -> String {
        var shown = String(text.prefix(HeaderLimits.reasonText))
        if shown.count < text.count { shown += "..." }
        shown = withoutDelimiters(shown)
        let isPlain = shown.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        return isPlain ? "\"\(shown)\"" : encoded("\"\(shown)\"") + " "
    }

    /// Replaces what would end the quotes or look like the end of an encoded word.
    private static func withoutDelimiters(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "…": result += "..."
            case "\"": result += "'"
            case "?" where result.utf8.last == UInt8(ascii: "="): result += " ?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// As many encoded words as needed, cut between characters.
    private static func encoded(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > HeaderLimits.encodedWordText {
                words.append([])
            }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }
            .joined(separator: "\n\t")
    }

    private static func signed(_ share: Double) -> String {
        let size = share.isFinite ? min(abs(share), largestShare) : largestShare
        return "(\(share < 0 ? "-" : "+")\(size.fixed(1)))"
    }
}
