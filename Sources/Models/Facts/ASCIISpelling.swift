import ASCIIText
import TextFeatures

/// The ways in which addresses and domain names spell a text: without accents, and with German and
/// Nordic letters written out.
enum ASCIISpelling {
    /// One spelling of UTF-8, or two if they differ; what has none in ASCII is still there.
    static func spellings(of text: some Collection<UInt8>) -> [[UInt8]] {
        guard text.contains(where: { $0 >= 0x80 }) else { return [Array(text)] }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        let plain = folded(scalars, plain)
        let writtenOut = folded(scalars, writtenOut)
        return plain == writtenOut ? [plain] : [plain, writtenOut]
    }

    private static func folded(
        _ text: String.UnicodeScalarView, _ letters: [Unicode.Scalar: String]
    ) -> [UInt8] {
        var spelled: [UInt8] = []
        for scalar in text {
            if let letter = letters[scalar] {
                spelled += letter.utf8
            } else {
                spelled.appendUTF8(scalar.value)
            }
        }
        return UnicodeFolding(spelled[...], steps: [.ignorables, .compatibility, .accents]).bytes
    }

    /// Letters that are no others with accents.
    private static let plain: [Unicode.Scalar: String] = [
        "ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ł": "l",
        "Ł": "l", "ı": "i", "đ": "d", "Đ": "d",
    ]
    private static let writtenOut: [Unicode.Scalar: String] = plain.merging([
        "ä": "ae", "Ä": "ae", "ö": "oe", "Ö": "oe", "ü": "ue", "Ü": "ue", "ø": "oe", "Ø": "oe",
        "å": "aa", "Å": "aa",
    ]) { $1 }
}
