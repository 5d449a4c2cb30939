import ASCIIText

/// A URL, cut into the parts that give tokens (RFC 3986, read as leniently as browsers do), in the
/// case in which it is given.
package struct URLParts {
    /// Without user, port and dots at the end; never empty.
    package private(set) var host: ArraySlice<UInt8>
    var hasUser = false
    /// True for a port other than 80 and 443.
    var hasPort = false
    var hasQuery = false
    /// Bytes of path, query and fragment.
    var pathLength = 0
    /// Of the path's last segment, without the dot.
    var fileEnding: ArraySlice<UInt8>?

    private static let slash = UInt8(ascii: "/")
    private static let question = UInt8(ascii: "?")
    private static let schemes: [StaticString] = ["http:", "https:"]
    /// Octets of a host name (RFC 1035 section 2.3.4).
    private static let longestHost = 255

    /// Whether the path's last segment looks like a page's, not like that of a document or picture.
    package var isPage: Bool {
        guard let fileEnding else { return true }
        return fileEnding.startsIgnoringCase("htm") || fileEnding.equalsIgnoringCase("xhtml")
            || fileEnding.startsIgnoringCase("php")
    }

    /// - Parameter text: a URL, or a link target without scheme; nil if it has no host.
    package init?(_ text: [UInt8]) {
        guard let start = URLParts.authorityStart(text) else { return nil }
        let end =
            text[start...].firstIndex {
                $0 == URLParts.slash || $0 == URLParts.question || $0 == UInt8(ascii: "#")
                    || $0 == UInt8(ascii: "\\")
            } ?? text.endIndex
        host = text[start..<end]
        readAuthority()
        guard !host.isEmpty, host.count <= URLParts.longestHost else { return nil }
        readPath(text[end...])
    }

    /// The index behind `scheme://` or `//`, or of the beginning of `www.`; nil for anything else.
    private static func authorityStart(_ text: [UInt8]) -> Int? {
        for scheme in schemes where text.startsIgnoringCase(scheme) {
            // Browsers take any number of slashes of either kind.
            var index = scheme.utf8CodeUnitCount
            while index < text.count, text[index] == slash || text[index] == UInt8(ascii: "\\") {
                index += 1
            }
            return index
        }
        for index in text.indices.dropLast(2)
        where text[index] == UInt8(ascii: ":") && text[index + 1] == slash
            && text[index + 2] == slash
        {
            return index + 3
        }
        if text.startsIgnoringCase("//") { return 2 }
        return text.startsIgnoringCase("www.") ? 0 : nil
    }

    private mutating func readAuthority() {
        if let at = host.lastIndex(of: UInt8(ascii: "@")) {
            hasUser = true
            host = host[(at + 1)...]
        }
        if host.first != UInt8(ascii: "["), let colon = host.lastIndex(of: UInt8(ascii: ":")) {
            let port = host[(colon + 1)...]
            hasPort =
                !port.isEmpty && !port.elementsEqual("80".utf8)
                && !port.elementsEqual("443".utf8)
            host = host[..<colon]
        }
        while host.last == UInt8(ascii: ".") { host.removeLast() }
    }

    private mutating func readPath(_ path: ArraySlice<UInt8>) {
        pathLength = path.count
        let query = path.firstIndex(of: URLParts.question)
        hasQuery = query != nil
        var file = path[..<(query ?? path.endIndex)]
        while file.last == URLParts.slash { file.removeLast() }
        if let slash = file.lastIndex(of: URLParts.slash) { file = file[(slash + 1)...] }
        if let dot = file.lastIndex(of: UInt8(ascii: ".")) { fileEnding = file[(dot + 1)...] }
    }
}
