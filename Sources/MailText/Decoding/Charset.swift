import ASCIIText
import CCharset
import Glibc

/// Bytes in a declared, wrong or missing charset to valid UTF-8. The only file that calls ICU's
/// converters.
enum Charset {
    /// Decodes `bytes` as clients do: valid UTF-8 wins over a missing or Latin declaration, and what
    /// is neither is read as windows-1252, which has a character for nearly every byte.
    ///
    /// - Parameter label: the declared charset in lower case, or nil.
    static func decode(
        _ bytes: [UInt8], label: String?, defects: inout Set<Defect>
    ) -> [UInt8] {
        if let marked = decodeByteOrderMark(bytes, defects: &defects) { return marked }
        var name = label.map(canonicalName) ?? ""
        let check = UTF8Check(bytes)
        if isWide(name), !bytes.contains(0), check.isValid {
            // A sender that says UTF-16 and writes ASCII or UTF-8.
            defects.insert(.charsetMismatch)
            name = "utf-8"
        }
        if !name.isEmpty, !isShifting(name), check.isASCII {
            // ASCII is ASCII in all charsets that mail clients know, so the others hide nothing.
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
        // A few broken places in what is otherwise UTF-8 are repaired; the rest is windows-1252.
        if declared != "windows-1252", check.validSequences > 3 * check.brokenSequences {
            return Array(String(decoding: bytes, as: UTF8.self).utf8)
        }
        return Windows1252.decode(bytes)
    }

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

    /// Charsets that write other characters with ASCII.
    private static func isShifting(_ name: String) -> Bool {
        isWide(name) || name.hasPrefix("iso-2022") || name.hasPrefix("csiso2022")
            || name.hasPrefix("hz") || name.hasSuffix("utf-7") || name == "utf7"
    }

    private static func isWide(_ name: String) -> Bool {
        name.hasPrefix("utf-16") || name.hasPrefix("utf-32") || name.hasPrefix("utf16")
            || name.hasPrefix("utf32") || name.hasPrefix("ucs-") || name.hasPrefix("iso-10646-ucs")
    }

    /// One name for the charsets that are treated alike; browsers read Latin-1 as windows-1252.
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

    private static func convert(_ bytes: [UInt8], from name: String) -> [UInt8]? {
        guard name.utf8.count <= 40,
            name.utf8.allSatisfy({
                ASCII.isLetter($0) || ASCII.isDigit($0) || "-_.:".utf8.contains($0)
            })
        else { return nil }
        guard !bytes.isEmpty, bytes.count < Int(Int32.max) / 8 else { return [] }
        var target: UnsafeMutablePointer<CChar>?
        // The buffer lives for the call only; the result is a C allocation that is copied and freed.
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

/// One pass over bytes that may be UTF-8.
struct UTF8Check {
    private(set) var isASCII = true
    private(set) var validSequences = 0
    private(set) var brokenSequences = 0

    /// True when every byte belongs to a well-formed sequence.
    var isValid: Bool { brokenSequences == 0 }

    init(_ bytes: [UInt8]) {
        var index = 0
        let count = bytes.count
        while index < count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            isASCII = false
            let length = UTF8Check.sequenceLength(bytes, at: index)
            if length > 0 {
                validSequences += 1
                index += length
            } else {
                brokenSequences += 1
                index += 1
            }
        }
    }

    /// The length of the well-formed multi-byte sequence at `index` (RFC 3629), or 0.
    private static func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int {
        func continues(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
            index + offset < bytes.count && bytes[index + offset] >= low
                && bytes[index + offset] <= high
        }
        switch bytes[index] {
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0: return continues(1, 0xA0) && continues(2) ? 3 : 0
        case 0xED: return continues(1, 0x80, 0x9F) && continues(2) ? 3 : 0
        case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
        case 0xF0: return continues(1, 0x90) && continues(2) && continues(3) ? 4 : 0
        case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
        case 0xF4: return continues(1, 0x80, 0x8F) && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
    }
}

/// windows-1252 as the WHATWG encoding standard maps it.
enum Windows1252 {
    private static let upper: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
    ]

    /// The Unicode scalar value of a byte.
    static func scalar(_ byte: UInt8) -> UInt32 {
        byte >= 0x80 && byte < 0xA0 ? UInt32(upper[Int(byte) - 0x80]) : UInt32(byte)
    }

    static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        for byte in bytes { result.appendUTF8(scalar(byte)) }
        return result
    }
}

extension [UInt8] {
    fileprivate var containsReplacementCharacter: Bool {
        var index = 0
        while index + 2 < count {
            if self[index] == 0xEF, self[index + 1] == 0xBF, self[index + 2] == 0xBD { return true }
            index += 1
        }
        return false
    }
}
