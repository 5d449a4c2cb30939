import ASCIIText

/// Whether a document is read in quirks mode (WHATWG HTML section 13.2.6.4.1).
///
/// It matters in one place: there a table does not end an open paragraph.
enum HTMLDoctype {
    /// Beginnings of the public identifiers of old languages.
    ///
    /// Where the standard lists every version of one vendor, the vendor stands for them.
    private static let quirkyBeginnings: [StaticString] = [
        "+//silmaril//", "-//as//", "-//advasoft ltd//", "-//ietf//dtd html", "-//metrius//",
        "-//microsoft//dtd internet explorer", "-//netscape comm. corp.//", "-//o'reilly",
        "-//sq//", "-//softquad", "-//spyglass//", "-//sun microsystems corp.//",
        "-//w3c//dtd html 3", "-//w3c//dtd html 4.0 frameset//",
        "-//w3c//dtd html 4.0 transitional//", "-//w3c//dtd html experimental",
        "-//w3c//dtd w3 html", "-//w3o//dtd w3 html", "-//webtechs//",
    ]
    /// Beginnings that are old only without a system identifier.
    private static let quirkyAlone: [StaticString] = [
        "-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//",
    ]
    private static let quirkyNames: [StaticString] = [
        "-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html",
    ]
    private static let quirkySystem: StaticString =
        "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd"
    /// Bytes of a document type that are read.
    private static let longest = 500

    /// True for a document without a document type, or with an old one.
    static func isQuirky(_ bytes: [UInt8]) -> Bool {
        guard let start = start(in: bytes) else { return true }
        let type = bytes[start...].prefix(longest).prefix { $0 != UInt8(ascii: ">") }
        var rest = type.drop(while: ASCII.isSpace)
        let name = rest.prefix { !ASCII.isSpace($0) }
        guard name.equalsIgnoringCase("html") else { return true }
        rest = rest[name.endIndex...].drop(while: ASCII.isSpace)
        if rest.isEmpty { return false }
        if rest.startsIgnoringCase("system") {
            rest = rest.dropFirst("system".utf8.count)
            guard let system = identifier(&rest) else { return true }
            return system.equalsIgnoringCase(quirkySystem)
        }
        guard rest.startsIgnoringCase("public") else { return true }
        rest = rest.dropFirst("public".utf8.count)
        guard let known = identifier(&rest) else { return true }
        let system = identifier(&rest)
        return quirkyBeginnings.contains { known.startsIgnoringCase($0) }
            || quirkyNames.contains { known.equalsIgnoringCase($0) }
            || system == nil && quirkyAlone.contains { known.startsIgnoringCase($0) }
            || system.map { $0.equalsIgnoringCase(quirkySystem) } ?? false
    }

    /// The offset behind `<!doctype`; nil when something else comes first.
    private static func start(in bytes: [UInt8]) -> Int? {
        var index = 0
        while true {
            while index < bytes.count, ASCII.isSpace(bytes[index]) { index += 1 }
            guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "<") else { return nil }
            if bytes[index...].startsIgnoringCase("<!doctype") {
                return index + "<!doctype".utf8.count
            }
            guard bytes[index + 1] == UInt8(ascii: "!") || bytes[index + 1] == UInt8(ascii: "?"),
                let end = HTMLTokenizer.endOfMarkup(bytes, from: index)
            else { return nil }
            index = end
        }
    }

    /// Takes a quoted identifier off the front.
    private static func identifier(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        rest = rest.drop(while: ASCII.isSpace)
        guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        else { return nil }
        let value = rest.dropFirst().prefix { $0 != quote }
        rest = rest[value.endIndex...].dropFirst()
        return value
    }
}
