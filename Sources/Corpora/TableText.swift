import Foundation

/// The characters of tables, whose charset nothing declares.
enum TableText {
    /// A field's text: UTF-8, or else windows-1252.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        for byte in bytes { text.unicodeScalars.append(windows1252[Int(byte)]) }
        return text
    }

    /// The bytes of a file in UTF-8 when it begins with the byte order mark of UTF-16; else as they
    /// are.
    static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        let isLittle = bytes.starts(with: [0xFF, 0xFE])
        guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else { return bytes }
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isLittle ? second << 8 | first : first << 8 | second
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// A character for every byte; the five that windows-1252 leaves out are controls, as the
    /// WHATWG Encoding Standard has it.
    private static let windows1252: [Unicode.Scalar] = (0...UInt8.max).map { byte in
        String(bytes: [byte], encoding: .windowsCP1252)?.unicodeScalars.first
            ?? Unicode.Scalar(byte)
    }
}
