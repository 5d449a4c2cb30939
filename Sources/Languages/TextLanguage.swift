import CLanguage

/// The language that a text is written in, by CLD2.
public enum TextLanguage {
    /// Bytes of a text that are looked at: more would not change the answer.
    public static let longest = 8_192

    /// Finds the language of most of a text.
    ///
    /// - Parameter text: UTF-8; what follows ``longest`` bytes or a broken character is ignored.
    /// - Returns: an ISO 639 code in lower case, such as `en`; nil for a text that is too short or
    ///   too mixed to be sure.
    public static func main(of text: some Collection<UInt8>) -> String? {
        var bytes = Array(text.prefix(longest))
        // A character that the cut has split is no broken one.
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        guard !bytes.isEmpty else { return nil }
        return bytes.withUnsafeBytes { bytes in
            siftd_language(
                bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count)
            ).map { String(cString: $0) }
        }.map { code in String(code.split(separator: "-")[0]) }
    }
}
