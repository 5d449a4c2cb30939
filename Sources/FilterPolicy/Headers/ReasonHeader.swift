import Foundation

/// The value of `X-Spam-Reason`: what moved the score most, in words of the message.
enum ReasonHeader {
    private static let longestText = 40
    /// Bytes of text in an encoded word: with the field's name in front and a share behind, its line
    /// keeps to the 76 characters of RFC 2047 section 2.
    private static let encodedBytes = 30
    /// Well below the 998 of RFC 5322 and the milter's own limit, which would cut anywhere.
    private static let longestValue = 800

    /// One reason a line, folded with a line feed and a tab as libmilter wants it. Texts that are not
    /// printable ASCII become encoded words (RFC 2047).
    static func value(_ reasons: [(text: String, share: Double)]) -> String {
        var value = ""
        for (text, share) in reasons {
            let next = "\(value.isEmpty ? "" : ",\n\t")\(quoted(text))\(signed(share))"
            guard value.utf8.count + next.utf8.count <= longestValue else { break }
            value += next
        }
        return value
    }

    private static func quoted(_ text: String) -> String {
        var shown = String(text.prefix(longestText))
        if shown.count < text.count { shown += "..." }
        shown = harmless(shown)
        let isPlain = shown.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        return isPlain ? "\"\(shown)\"" : encoded("\"\(shown)\"") + " "
    }

    /// Without what would end the quotes or look like an encoded word.
    private static func harmless(_ text: String) -> String {
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

    /// As many encoded words as it takes, cut between characters.
    private static func encoded(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > encodedBytes { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }
            .joined(separator: "\n\t")
    }

    private static func signed(_ share: Double) -> String {
        let tenths = share.isFinite ? Int((min(abs(share), 999) * 10).rounded()) : 9_990
        return "(\(share < 0 ? "-" : "+")\(tenths / 10).\(tenths % 10))"
    }
}
