import ASCIIText

/// Whether browsers show a document in quirks mode (WHATWG HTML section 13.2.6.4.1).
enum DocumentMode {
    /// Public identifiers that begin like this mean quirks mode, without regard to case.
    private static let quirksPrefixes: [StaticString] = [
        "+//silmaril//", "-//as//dtd html 3.0 asw", "-//advasoft ltd//dtd html 3.0",
        "-//ietf//dtd html", "-//metrius//dtd metrius", "-//microsoft//dtd internet explorer",
        "-//netscape comm. corp.//dtd", "-//o'reilly and associates//dtd html",
        "-//softquad", "-//spyglass//dtd html", "-//sq//dtd html 2.0 hotmetal",
        "-//sun microsystems corp.//dtd hotjava", "-//w3c//dtd html 3", "-//w3c//dtd html 4.0 ",
        "-//w3c//dtd html experimental", "-//w3c//dtd w3 html", "-//w3o//dtd w3 html 3.0",
        "-//webtechs//dtd mozilla html",
    ]
    /// The same, for doctypes without a system identifier.
    private static let quirksWithoutSystem: [StaticString] = [
        "-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//",
    ]
    /// Bytes of a doctype that are read.
    private static let maximumBytes = 500

    /// True for documents without a doctype and for those of old kinds.
    static func isQuirks(_ bytes: [UInt8]) -> Bool {
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < bytes.count {
            if ASCII.isSpace(bytes[index]) {
                index += 1
            } else if bytes[index...].starts(with: "<!--".utf8) {
                index = HTMLTokenizer.endOfComment(bytes, from: index)
            } else {
                break
            }
        }
        guard index < bytes.count, bytes[index...].startsIgnoringCase("<!doctype") else {
            return true
        }
        let doctype = bytes[(index + 9)...].prefix(maximumBytes).prefix { $0 != UInt8(ascii: ">") }
        return isQuirks(doctype: doctype)
    }

    private static func isQuirks(doctype: ArraySlice<UInt8>) -> Bool {
        let text = doctype.trimmingSpace()
        let name = text.prefix { !ASCII.isSpace($0) }
        guard name.equalsIgnoringCase("html") else { return true }
        let rest = text[name.endIndex...].trimmingSpace()
        guard rest.startsIgnoringCase("public") else { return false }
        let strings = quoted(rest)
        guard let identifier = strings.first else { return true }
        if quirksPrefixes.contains(where: identifier.startsIgnoringCase) { return true }
        return strings.count < 2
            && quirksWithoutSystem.contains(where: identifier.startsIgnoringCase)
    }

    private static func quoted(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var index = text.startIndex
        while index < text.endIndex {
            let quote = text[index]
            index += 1
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { continue }
            let content = text[index...].prefix { $0 != quote }
            result.append(content)
            index = content.endIndex + 1
        }
        return result
    }
}
