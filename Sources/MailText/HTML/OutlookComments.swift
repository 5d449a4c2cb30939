import ASCIIText

/// The parts of an HTML document that Outlook for Windows shows and other clients don't.
///
/// To all but Word, which draws Outlook's messages, `<!--[if mso]> … <![endif]-->` is a comment
/// (Microsoft, "Working with conditional comments"). Honest newsletters keep frames and pictures
/// there; text of its own that stands there is a way past a filter that reads as browsers do.
enum OutlookComments {
    /// The content of all such comments, a line each; empty when there are none.
    ///
    /// Linear in the length of the document.
    static func content(of bytes: [UInt8]) -> [UInt8] {
        var content: [UInt8] = []
        var index = bytes.firstIndex(of: bracket, from: 0)
        while index < bytes.count {
            guard let start = start(in: bytes, bracket: index), isForWord(bytes[index..<start])
            else {
                index = bytes.firstIndex(of: bracket, from: index + 1)
                continue
            }
            let end = end(in: bytes, from: start)
            content.append(copying: bytes[start..<end])
            content.append(ASCII.lineFeed)
            index = bytes.firstIndex(of: bracket, from: end)
        }
        return content
    }

    private static let bracket = UInt8(ascii: "[")
    /// Bytes of a condition, at most.
    private static let longestCondition = 200

    /// Where the content of a comment begins whose condition begins at a bracket; nil for any other
    /// bracket.
    private static func start(in bytes: [UInt8], bracket index: Int) -> Int? {
        let mark = "<!--".utf8
        guard index >= mark.count, bytes[(index - mark.count)..<index].elementsEqual(mark),
            bytes[(index + 1)...].startsIgnoringCase("if")
        else { return nil }
        let limit = min(bytes.count, index + longestCondition)
        let close = bytes.firstIndex(of: UInt8(ascii: ">"), from: index, to: limit)
        guard close < limit, bytes[close - 1] == UInt8(ascii: "]") else { return nil }
        return close + 1
    }

    /// Where the content of a comment ends: at `<![endif]` or at the end of the comment, whichever
    /// comes first.
    private static func end(in bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while true {
            index = bytes.firstIndex(of: UInt8(ascii: "<"), or: UInt8(ascii: ">"), from: index)
            guard index < bytes.count else { return index }
            if bytes[index] == UInt8(ascii: "<") {
                if bytes[index...].startsIgnoringCase("<![endif]") { return index }
            } else if index >= start + 2, bytes[(index - 2)..<index].elementsEqual("--".utf8) {
                return index - 2
            }
            index += 1
        }
    }

    /// Whether Word's engine fulfils a condition: it is `mso` and knows `vml`, and is no Internet
    /// Explorer.
    private static func isForWord(_ condition: ArraySlice<UInt8>) -> Bool {
        let not = UInt8(ascii: "!")
        let (mso, vml) = (packed("mso"), packed("vml"))
        /// The last four letters or signs, in lower case.
        var last: UInt32 = 0
        var hasNot = false
        var isNamed = false
        var isDenied = false
        for byte in condition where !ASCII.isSpace(byte) && byte != UInt8(ascii: "(") {
            last = last << 8 | UInt32(ASCII.lower(byte))
            if byte == not { hasNot = true }
            let name = last & 0xFF_FFFF
            if name == mso || name == vml {
                isNamed = true
                if last >> 24 == UInt32(not) { isDenied = true }
            }
        }
        return isNamed ? !isDenied : hasNot
    }

    private static func packed(_ name: StaticString) -> UInt32 {
        name.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }
}
