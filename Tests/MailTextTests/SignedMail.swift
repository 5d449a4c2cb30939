import Foundation

/// Makes messages that are signed as a whole (CMS), without a signature.
enum SignedMail {
    /// A part that signs an entity.
    static func part(_ content: String, header: String = "") -> String {
        part(content.bytes, header: header, encoding: "base64")
    }

    /// A part that signs an entity and declares some transfer encoding; it is base64.
    static func part(_ content: [UInt8], header: String, encoding: String) -> String {
        let base64 = Data(message(content)).base64EncodedString(
            options: [.lineLength76Characters, .endLineWithLineFeed])
        return "Content-Type: application/pkcs7-mime; smime-type=signed-data\n"
            + "Content-Transfer-Encoding: \(encoding)\n\(header)\n"
            + base64 + "\n"
    }

    /// An entity that is signed several times, each time with what was signed before.
    static func part(_ content: String, times: Int) -> String {
        (0..<times).reduce(content) { inner, _ in part(inner) }
    }

    private static func message(_ content: [UInt8]) -> [UInt8] {
        var message: [UInt8] = [0x30, 0x80, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2]
        message += [0xA0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0x80, 6, 1, 0x2A, 0xA0, 0x80]
        message += [4, 0x83]
        for shift in [16, 8, 0] { message.append(UInt8(content.count >> shift & 0xFF)) }
        return message + content
    }
}
