import ASCIIText
import CUchardet

/// Guesses the charset of text that declares none, as mail clients do.
///
/// This is the only type that calls uchardet. Guessed are charsets of other scripts than Latin:
/// their text has long runs of bytes outside ASCII, which Latin text has not. Latin text without a
/// declaration is read as windows-1252, which is right for most of it.
struct CharsetGuess {
    /// With fewer bytes outside ASCII there is nothing to guess by.
    private static let fewest = 6
    /// Each guess takes as long as one by so many bytes, at least.
    private static let leastCost = 128
    /// Of the bytes outside ASCII at most one in so many may be invalid in the charset: the sample
    /// may begin or end in the middle of a character.
    private static let bytesForEachError = 16
    private static let escape: UInt8 = 0x1B

    /// Bytes that may still be looked at in one message: a guess takes some 250 ns a byte,
    /// more than all of its reading does.
    private var budget = 512

    /// The first guess of the message: its other texts are in the same charset.
    private var first: String?

    /// The charset of a text without a usable declaration.
    ///
    /// - Parameters:
    ///   - bytes: The text, its transfer encoding undone.
    ///   - isHTML: True when it has tags, comments and style sheets, which are passed over.
    /// - Returns: A label; nil for ASCII, for UTF-8, and for what is best read as windows-1252.
    mutating func label(of bytes: [UInt8], isHTML: Bool = false) -> String? {
        let check = UTF8Check(bytes)
        if check.isASCII {
            // Only the ISO-2022 charsets have escape sequences, and in mail that is Japanese.
            let isJapanese =
                bytes.contains(CharsetGuess.escape)
                && Charset.errors(of: bytes, in: "iso-2022-jp") == 0
            return isJapanese ? "iso-2022-jp" : nil
        }
        guard check.brokenSequences > check.validSequences else { return nil }
        var sample = CharsetSample(isHTML: isHTML)
        sample.take(from: bytes)
        guard sample.foreign >= CharsetGuess.fewest else { return nil }
        if let first, isPlausible(first, sample) { return first }
        guard budget > 0 else { return nil }
        budget -= max(sample.bytes.count, CharsetGuess.leastCost)
        guard let label = CharsetGuess.detected(sample.bytes), isPlausible(label, sample)
        else { return nil }
        first = label
        return label
    }

    private func isPlausible(_ label: String, _ sample: CharsetSample) -> Bool {
        guard let errors = Charset.errors(of: sample.bytes, in: label) else { return false }
        return errors * CharsetGuess.bytesForEachError <= sample.foreign
    }

    /// What uchardet takes a text for; nil for a charset of Latin letters.
    private static func detected(_ sample: [UInt8]) -> String? {
        guard let detector = uchardet_new() else { return nil }
        defer { uchardet_delete(detector) }
        // The buffer lives for the call only; the detector keeps nothing of it.
        let result = sample.withUnsafeBytes { buffer in
            uchardet_handle_data(
                detector, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        guard result == 0 else { return nil }
        uchardet_data_end(detector)
        return uchardet_get_charset(detector).flatMap { labels[String(cString: $0)] }
    }

    /// The charsets that are guessed, by uchardet's names for them.
    ///
    /// KOI8-U has the letters of KOI8-R at the same places, and those of Ukrainian.
    private static let labels = [
        "SHIFT_JIS": "shift_jis", "EUC-JP": "euc-jp", "ISO-2022-JP": "iso-2022-jp",
        "BIG5": "big5", "GB18030": "gb18030", "GB2312": "gb18030", "EUC-KR": "euc-kr",
        "UHC": "euc-kr", "KOI8-R": "koi8-u", "WINDOWS-1251": "windows-1251",
        "ISO-8859-5": "iso-8859-5", "IBM866": "ibm866", "WINDOWS-1253": "windows-1253",
        "ISO-8859-7": "windows-1253", "WINDOWS-1255": "windows-1255",
        "ISO-8859-8": "windows-1255", "WINDOWS-1256": "windows-1256", "ISO-8859-6": "iso-8859-6",
        "TIS-620": "windows-874", "ISO-8859-11": "windows-874",
    ]
}
