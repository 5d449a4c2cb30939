import ASCIIText
import TextFeatures

/// The ways in which addresses and domain names spell a text: without accents, and with German and
/// Nordic letters written out.
enum ASCIISpelling {
    /// One spelling of UTF-8, or two if they differ; what has none in ASCII is still there.
    static func spellings(of text: some Collection<UInt8>) -> [[UInt8]] {
        let text = Array(text)
        guard text.contains(where: { $0 >= 0x80 }) else { return [text] }
        let plain = replaced(text, plain)
        let writtenOut = replaced(text, writtenOut)
        return (plain == writtenOut ? [plain] : [plain, writtenOut]).map {
            UnicodeFolding($0[...], steps: [.ignorables, .compatibility, .accents]).bytes
        }
    }

    /// Replaces letters of Latin-1 Supplement and Latin Extended-A, which are two bytes each.
    private static func replaced(_ text: [UInt8], _ letters: [Unicode.Scalar: String]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 8)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if (0xC3...0xC5).contains(byte), index + 1 < text.count,
                let scalar = Unicode.Scalar(
                    UInt32(byte & 0x1F) << 6 | UInt32(text[index + 1] & 0x3F)),
                let letter = letters[scalar]
            {
                result += letter.utf8
                index += 2
            } else {
                result.append(byte)
                index += 1
            }
        }
        return result
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
