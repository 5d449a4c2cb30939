import ASCIIText
import CCharset
import Glibc

/// Converts bytes in a declared, wrong or missing charset to valid UTF-8.
///
/// This is the only type that calls ICU's converters.
enum Charset {
    /// Text with more than this many valid sequences for each broken one is taken for UTF-8.
    private static let validForEachBroken = 3
    /// Bytes of a charset's name, as the registry of IANA allows.
    private static let longestName = 40

    /// Decodes text as mail clients do.
    ///
    /// Valid UTF-8 wins over a missing or Latin declaration. Other bytes without a usable
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
        var name = label.map(canonicalName) ?? ""
        let check = UTF8Check(bytes)
        if isWide(name), !bytes.contains(0), check.isValid {
            // Declared as UTF-16, written as ASCII or UTF-8.
            defects.insert(.charsetMismatch)
            name = "utf-8"
        }
        if !name.isEmpty, !isShifting(name), check.isASCII {
            // Every charset that mail clients know, other than these, contains ASCII unchanged.
            return bytes
        }
        switch name {
        case "", "us-ascii", "utf-8", "windows-1252":
            return decodeCommon(bytes, check, declared: name, defects: &defects)
        default:
            if let text = convert(bytes, from: name) {
                if text.containsReplacementCharacter { defects.insert(.charsetMismatch) }
                return text
            }
            defects.insert(.charsetUnknown)
            return decodeCommon(bytes, check, declared: "", defects: &defects)
        }
    }

    /// ASCII, UTF-8 and windows-1252, which need no converter.
    private static func decodeCommon(
        _ bytes: [UInt8], _ check: UTF8Check, declared: String, defects: inout Set<Defect>
    ) -> [UInt8] {
        if check.isASCII { return bytes }
        if check.isValid {
            if declared == "us-ascii" || declared == "windows-1252" {
                defects.insert(.charsetMismatch)
            }
            return bytes
        }
        if declared == "utf-8" || declared == "us-ascii" { defects.insert(.charsetMismatch) }
        // UTF-8 with a few broken sequences is repaired; anything else is windows-1252.
        if declared != "windows-1252",
            check.validSequences > validForEachBroken * check.brokenSequences
        {
            return Array(String(decoding: bytes, as: UTF8.self).utf8)
        }
        return Windows1252.decode(bytes)
    }

    /// Text that begins with a byte order mark, which wins over any declaration; nil without one.
    private static func decodeByteOrderMark(
        _ bytes: [UInt8], defects: inout Set<Defect>
    ) -> [UInt8]? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            let text = Array(bytes.dropFirst(3))
            return decodeCommon(text, UTF8Check(text), declared: "utf-8", defects: &defects)
        }
        if bytes.starts(with: [0xFF, 0xFE]) { return convert(bytes, from: "utf-16") }
        if bytes.starts(with: [0xFE, 0xFF]) { return convert(bytes, from: "utf-16") }
        return nil
    }

    /// True for charsets that use ASCII bytes for other characters.
    private static func isShifting(_ name: String) -> Bool {
        isWide(name) || name.hasPrefix("iso-2022") || name.hasPrefix("csiso2022")
            || name.hasPrefix("hz") || name.hasSuffix("utf-7") || name == "utf7"
    }

    /// True for charsets whose code units are two or four bytes long.
    private static func isWide(_ name: String) -> Bool {
        name.hasPrefix("utf-16") || name.hasPrefix("utf-32") || name.hasPrefix("utf16")
            || name.hasPrefix("utf32") || name.hasPrefix("ucs-") || name.hasPrefix("iso-10646-ucs")
    }

    /// One name for the charsets that are treated alike (WHATWG Encoding section 4.2): browsers
    /// read Latin-1 as windows-1252.
    private static func canonicalName(_ label: String) -> String {
        switch label {
        case "utf8", "utf-8", "unicode-1-1-utf-8", "x-utf-8": return "utf-8"
        case "ascii", "us-ascii", "ansi_x3.4-1968", "iso646-us": return "us-ascii"
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1", "windows-1252", "cp1252",
            "x-ansi", "ansi", "default", "x-unknown", "unknown-8bit":
            return "windows-1252"
        case "iso-8859-8-i", "iso-8859-8-e": return "iso-8859-8"
        case "ks_c_5601-1987", "ks_c_5601", "euc-kr": return "windows-949"
        case "gb2312", "gbk", "gb_2312-80", "x-gbk": return "gb18030"
        case "x-sjis", "shift-jis", "shift_jis": return "windows-31j"
        case "iso-8859-9": return "windows-1254"
        case "iso-8859-11", "tis-620": return "windows-874"
        default: return label
        }
    }

    /// Converts by ICU; nil when it does not know the charset.
    private static func convert(_ bytes: [UInt8], from name: String) -> [UInt8]? {
        guard name.utf8.count <= longestName,
            name.utf8.allSatisfy({
                ASCII.isLetterOrDigit($0) || "-_.:".utf8.contains($0)
            })
        else { return nil }
        guard !bytes.isEmpty, bytes.count < Int(Int32.max) / 8 else { return [] }
        var target: UnsafeMutablePointer<CChar>?
        // The buffer lives for the call only; the result is a C allocation that is copied and
        // freed.
        let count = bytes.withUnsafeBytes { buffer in
            siftd_charset_to_utf8(
                name, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(buffer.count), &target)
        }
        guard count >= 0, let target else { return nil }
        defer { free(target) }
        return Array(UnsafeRawBufferPointer(start: target, count: Int(count)))
    }
}

extension [UInt8] {
    /// True when the text contains U+FFFD, by which ICU replaces invalid bytes.
    fileprivate var containsReplacementCharacter: Bool {
        var index = 0
        while index + 2 < count {
            if self[index] == 0xEF, self[index + 1] == 0xBF, self[index + 2] == 0xBD { return true }
            index += 1
        }
        return false
    }
}
