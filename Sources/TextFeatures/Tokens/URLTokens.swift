import ASCIIText

/// What of a URL tells about its sender: the registered name, oddities of host and path. Tokens are
/// given once for each host of a message.
struct URLTokens {
    private var seenHosts: Set<[UInt8]> = []
    /// Scratch for the tokens of a label.
    private var token: [UInt8] = []

    private static let fileEndings: Set<[UInt8]> = Set(
        [
            "php", "html", "htm", "asp", "aspx", "jsp", "cgi", "exe", "zip", "pdf", "js", "gif",
            "jpg", "png", "doc", "txt", "xml", "svg",
        ].map { Array($0.utf8) })
    private static let longestEnding = 4
    private static let longPath = 100
    private static let deepLabels = 5

    /// Appends the tokens of a URL, or of a link target without scheme.
    ///
    /// - Parameter url: UTF-8.
    mutating func append(_ url: some Collection<UInt8>, to stream: inout TokenStream) {
        let text = url.map(ASCII.lower)
        if text.starts(with: "mailto:".utf8) { return stream.append(marker: "<mailto>") }
        if text.starts(with: "tel:".utf8) { return stream.append(marker: "<tel>") }
        if text.starts(with: "data:".utf8) { return stream.append(marker: "<url:data>") }
        guard let parts = URLParts(text), seenHosts.insert(Array(parts.host)).inserted else {
            return
        }
        if parts.hasUser { stream.append(marker: "<url:at>") }
        appendHost(parts.host, to: &stream)
        if parts.hasPort { stream.append(marker: "<url:port>") }
        if let ending = parts.fileEnding, ending.count <= URLTokens.longestEnding,
            URLTokens.fileEndings.contains(Array(ending))
        {
            append("<ux:", ending, ">", to: &stream)
        }
        if parts.hasQuery { stream.append(marker: "<url:q>") }
        if parts.pathLength > URLTokens.longPath { stream.append(marker: "<url:long>") }
    }

    private mutating func appendHost(_ host: ArraySlice<UInt8>, to stream: inout TokenStream) {
        let labels = host.split(separator: UInt8(ascii: "."))
        let isNumeric = labels.count == 4 && labels.allSatisfy(URLTokens.isOctet)
        if isNumeric || host.first == UInt8(ascii: "[") {
            return stream.append(marker: "<url:ip>")
        }
        if host.contains(where: { $0 >= 0x80 })
            || labels.contains(where: { $0.starts(with: "xn--".utf8) })
        {
            stream.append(marker: "<url:idn>")
        }
        if labels.count >= URLTokens.deepLabels { stream.append(marker: "<url:deep>") }
        guard labels.count >= 2, let top = labels.last, top.count <= 24 else { return }
        append("tld:", top, "", to: &stream)
        for label in labels.dropLast().suffix(2)
        where label.count <= 40 && !label.elementsEqual("www".utf8) {
            append("u:", label, "", to: &stream)
        }
    }

    private mutating func append(
        _ prefix: String, _ text: ArraySlice<UInt8>, _ suffix: String,
        to stream: inout TokenStream
    ) {
        token.removeAll(keepingCapacity: true)
        token += prefix.utf8
        token += text
        token += suffix.utf8
        stream.append(token, .marker)
    }

    private static func isOctet(_ label: ArraySlice<UInt8>) -> Bool {
        guard (1...3).contains(label.count), label.allSatisfy(ASCII.isDigit) else {
            return false
        }
        return label.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } < 256
    }
}

/// A URL in lower case, cut into the parts that matter here (RFC 3986, read leniently).
private struct URLParts {
    var host: ArraySlice<UInt8>
    var hasUser = false
    var hasPort = false
    var hasQuery = false
    var pathLength = 0
    var fileEnding: ArraySlice<UInt8>?

    private static let slash = UInt8(ascii: "/")
    private static let question = UInt8(ascii: "?")

    init?(_ text: [UInt8]) {
        guard let start = URLParts.authorityStart(text) else { return nil }
        let end =
            text[start...].firstIndex {
                $0 == URLParts.slash || $0 == URLParts.question || $0 == UInt8(ascii: "#")
                    || $0 == UInt8(ascii: "\\")
            } ?? text.endIndex
        host = text[start..<end]
        readAuthority()
        guard !host.isEmpty, host.count <= 255 else { return nil }
        readPath(text[end...])
    }

    /// Behind `scheme://`, behind `//`, or the beginning of `www.`; nil for anything else.
    private static func authorityStart(_ text: [UInt8]) -> Int? {
        for scheme in ["http:", "https:"] where text.starts(with: scheme.utf8) {
            // Browsers take any number of slashes of either kind.
            var index = scheme.utf8.count
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
        if text.starts(with: "//".utf8) { return 2 }
        return text.starts(with: "www.".utf8) ? 0 : nil
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
