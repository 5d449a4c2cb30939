import ASCIIText
import CCharset
import Glibc

/// Converts bytes in a declared, wrong or missing charset to valid UTF-8.
///
/// This is the only type that calls ICU's converters.
enum Charset {
    /// Text in a charset converted to UTF-8, and how many sequences of it were invalid.
    typealias Conversion = (text: [UInt8], errors: Int)

    /// UTF-8 with fewer valid sequences for each broken one is not taken for damaged UTF-8.
    private static let validForEachBroken = 3
    /// In a header field, at most one in so many bytes outside ASCII may be invalid in the
    /// charset of the message.
    private static let bytesForEachError = 8
    /// Thai vowels and consonants can look like one or two UTF-8 sequences.
    private static let fewestThaiSequences = 4
    private static let escape: UInt8 = 0x1B
    private static let japaneseMail = CharsetEncoding(label: "iso-2022-jp")

    /// Decodes text as mail clients do.
    ///
    /// Valid UTF-8 wins over a missing declaration and over one of a charset with one byte for each
    /// character; over others when the text is invalid in them. Other bytes without a usable
    /// declaration are read as windows-1252, which has a character for nearly every byte.
    ///
    /// - Parameters:
    ///   - bytes: The text, its transfer encoding undone.
    ///   - label: The declared charset in lower case, or nil.
    ///   - defects: Receives what is wrong with the text or its declaration.
    /// - Returns: Valid UTF-8.
    static func decode(
        _ bytes: [UInt8], label: String?, defects: inout Set<Defect>
    ) -> [UInt8] {
        if let text = decodeByteOrderMark(bytes, defects: &defects) { return text }
        let check = UTF8Check(bytes)
        guard let label, !label.isEmpty else {
            return decodeCommon(bytes, check, declared: nil, defects: &defects)
        }
        let encoding = CharsetEncoding(label: label)
        // Every charset that mail clients know, other than these, contains ASCII unchanged.
        if check.isASCII, !encoding.isShifting { return bytes }
        switch encoding {
        case .utf8, .ascii, .windows1252:
            return decodeCommon(bytes, check, declared: encoding, defects: &defects)
        default: break
        }
        if check.isValid, isUTF8(bytes, check, declared: encoding) {
            defects.insert(isKnown(label) ? .charsetMismatch : .charsetUnknown)
            return bytes
        }
        guard let (text, errors) = convert(bytes, from: encoding) else {
            defects.insert(.charsetUnknown)
            return decodeCommon(bytes, check, declared: nil, defects: &defects)
        }
        if errors > 0 {
            defects.insert(.charsetMismatch)
            // Escape sequences are ASCII, so text with them would be valid UTF-8 as well.
            if check.isValid, !check.isASCII, !bytes.contains(escape) { return bytes }
            if encoding == japaneseMail, let japanese = decodeJapanese(bytes) { return japanese }
        }
        return text
    }

    /// Decodes text of a header field outside encoded words, which names no charset.
    ///
    /// Clients take the charset of the message for it.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - charset: The charset of the message or of its first text, or nil.
    ///   - defects: Receives what is wrong with the text.
    /// - Returns: Valid UTF-8.
    static func decodeHeader(
        _ bytes: [UInt8], messageCharset charset: String?, defects: inout Set<Defect>
    ) -> [UInt8] {
        let foreign = bytes.count { $0 >= 0x80 }
        if foreign == 0 {
            guard bytes.contains(escape) else { return bytes }
            // Only the ISO-2022 charsets have escape sequences, and in mail that is Japanese.
            let japanese = convert(bytes, from: CharsetEncoding(label: "iso-2022-jp"))
            if let japanese, japanese.errors == 0 { return japanese.text }
        } else if let charset, !UTF8Check(bytes).isValid {
            let encoding = CharsetEncoding(label: charset)
            if let (text, errors) = convert(bytes, from: encoding),
                errors * bytesForEachError <= foreign
            {
                return text
            }
            if encoding == japaneseMail, let japanese = decodeJapanese(bytes) { return japanese }
        }
        return decode(bytes, label: nil, defects: &defects)
    }

    /// True when text can be converted from the charset with a label.
    static func isKnown(_ label: String) -> Bool {
        CharsetEncoding.isListed(label)
            || convert([ASCII.space], from: CharsetEncoding(label: label)) != nil
    }

    /// False when a label says nothing about bytes outside ASCII.
    static func isDeclared(by label: String?) -> Bool {
        guard let label, !label.isEmpty else { return false }
        return CharsetEncoding.isDeclared(by: label) ?? isKnown(label)
    }

    /// How many sequences of a text are invalid in the charset with a label; nil when it is not
    /// known.
    static func errors(of bytes: [UInt8], in label: String) -> Int? {
        convert(bytes, from: CharsetEncoding(label: label))?.errors
    }

    /// ASCII, UTF-8 and windows-1252, which need no converter.
    private static func decodeCommon(
        _ bytes: [UInt8], _ check: UTF8Check, declared: CharsetEncoding?,
        defects: inout Set<Defect>
    ) -> [UInt8] {
        if check.isASCII { return bytes }
        if check.isValid {
            if declared == .ascii || declared == .windows1252 { defects.insert(.charsetMismatch) }
            return bytes
        }
        if declared == .utf8 || declared == .ascii { defects.insert(.charsetMismatch) }
        guard declared != .windows1252 else { return Windows1252.decode(bytes) }
        // UTF-8 with a few broken sequences is damaged. With more it is mixed with windows-1252;
        // text declared as UTF-8 may be all windows-1252, which seldom looks like UTF-8.
        if check.validSequences > validForEachBroken * check.brokenSequences {
            return Array(String(decoding: bytes, as: UTF8.self).utf8)
        }
        if declared == .utf8 || check.validSequences * validForEachBroken >= check.brokenSequences {
            return Windows1252.decodeMixed(bytes)
        }
        return Windows1252.decode(bytes)
    }

    /// Text declared as ISO-2022-JP, the usual charset of Japanese mail, that is in another charset
    /// of Japanese; nil when it is not.
    ///
    /// EUC-JP is tried first: most of its text is valid Shift JIS as well.
    private static func decodeJapanese(_ bytes: [UInt8]) -> [UInt8]? {
        let foreign = bytes.count { $0 >= 0x80 }
        guard foreign > 0, !bytes.contains(escape) else { return nil }
        let japanese = convert(bytes, from: CharsetEncoding(label: "euc-jp"))
        if let japanese, japanese.errors == 0 { return japanese.text }
        return convert(bytes, from: CharsetEncoding(label: "shift_jis")).flatMap {
            $0.errors * bytesForEachError <= foreign ? $0.text : nil
        }
    }

    /// Text that begins with a byte order mark, which wins over any declaration; nil without one.
    private static func decodeByteOrderMark(
        _ bytes: [UInt8], defects: inout Set<Defect>
    ) -> [UInt8]? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            let text = Array(bytes.dropFirst(3))
            return decodeCommon(text, UTF8Check(text), declared: .utf8, defects: &defects)
        }
        guard bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) else {
            return nil
        }
        return convert(bytes, converter: "utf-16")?.text
    }

    /// True when valid UTF-8 is what its author wrote, whatever the text converts to.
    private static func isUTF8(
        _ bytes: [UInt8], _ check: UTF8Check, declared: CharsetEncoding
    ) -> Bool {
        switch declared {
        case .singleByte("windows-874"): check.validSequences >= fewestThaiSequences
        case .singleByte, .latin10, .userDefined: true
        case .utf16: !bytes.contains(0) && (!check.isASCII || WideText.isASCII(bytes))
        case .utf32: !bytes.contains(0)
        case .utf8, .ascii, .windows1252, .big5, .multiByte, .shifting: false
        }
    }

    /// Converts text; nil when ICU does not know the charset.
    private static func convert(
        _ bytes: [UInt8], from encoding: CharsetEncoding
    ) -> Conversion? {
        switch encoding {
        case .utf8, .ascii: nil
        case .windows1252: (Windows1252.decode(bytes), 0)
        case .latin10: (Latin10.decode(bytes), 0)
        case .userDefined: (Windows1252.decodeUserDefined(bytes), 0)
        case .big5: Big5.decode(bytes)
        case .utf16(nil): convert(bytes, converter: WideText.converter(bytes))
        case .utf16(let converter?), .utf32(let converter), .singleByte(let converter),
            .multiByte(let converter), .shifting(let converter):
            convert(bytes, converter: converter)
        }
    }

    /// Converts by ICU; nil when it does not know the charset.
    private static func convert(_ bytes: [UInt8], converter name: String) -> Conversion? {
        guard !name.isEmpty,
            name.utf8.allSatisfy({ ASCII.isLetterOrDigit($0) || "-_.:".utf8.contains($0) })
        else { return nil }
        guard !bytes.isEmpty, bytes.count < Int(Int32.max) / 8 else { return ([], 0) }
        var target: UnsafeMutablePointer<CChar>?
        var errors: Int32 = 0
        // The buffer lives for the call only; the result is a C allocation that is copied and
        // freed.
        let count = bytes.withUnsafeBytes { buffer in
            siftd_charset_to_utf8(
                name, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(buffer.count), &target, &errors)
        }
        guard count >= 0, let target else { return nil }
        defer { free(target) }
        return (Array(UnsafeRawBufferPointer(start: target, count: Int(count))), Int(errors))
    }
}
