import CLanguage

/// The languages that a text is written in, by CLD2.
public struct TextLanguage: Sendable, Equatable {
    /// An ISO 639 code in lower case, without a script, such as `en`.
    public var code: String
    /// The share of the text, 0 to 1.
    public var share: Double

    /// Bytes of a text that are looked at: more would not change the answer.
    public static let longest = 8_192

    /// Finds the languages of a text.
    ///
    /// - Parameter text: UTF-8; what follows ``longest`` bytes or a broken character is ignored.
    /// - Returns: three at most, the largest first; none for a text that is too short to be sure.
    public static func all(of text: some Collection<UInt8>) -> [TextLanguage] {
        var bytes = Array(text.prefix(longest))
        // A cut may have split the last character, which would count as broken.
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        guard !bytes.isEmpty else { return [] }
        var found = [siftd_language](repeating: siftd_language(), count: Int(SIFTD_LANGUAGES))
        let count = bytes.withUnsafeBytes { bytes in
            siftd_languages(
                bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count), &found)
        }
        var languages: [TextLanguage] = []
        for language in found.prefix(Int(count)) {
            let code = String(String(cString: language.code).prefix { $0 != "-" })
            let share = Double(language.percent) / 100
            // The two scripts of Chinese are one language.
            if let index = languages.firstIndex(where: { $0.code == code }) {
                languages[index].share += share
            } else {
                languages.append(TextLanguage(code: code, share: share))
            }
        }
        return languages
    }

    /// The language of more than half of a text; nil when that is not certain.
    public static func main(of text: some Collection<UInt8>) -> String? {
        all(of: text).first { $0.share > 0.5 }?.code
    }
}
