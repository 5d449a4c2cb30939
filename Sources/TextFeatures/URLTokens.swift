/// What of a URL tells about its sender: the registered name, oddities of host and path. Tokens are
/// given once for each host of a message.
struct URLTokens {
    private var seenHosts: Set<String> = []

    private static let fileEndings: Set<Substring> = [
        "php", "html", "htm", "asp", "aspx", "jsp", "cgi", "exe", "zip", "pdf", "js", "gif", "jpg",
        "png", "doc", "txt", "xml", "svg",
    ]
    private static let longPath = 100
    private static let deepLabels = 5

    /// Appends the tokens of a URL, or of a link target without scheme.
    mutating func append(_ url: String, to stream: inout TokenStream) {
        let text = url.lowercased()
        if text.hasPrefix("mailto:") { return stream.append(marker: "<mailto>") }
        if text.hasPrefix("tel:") { return stream.append(marker: "<tel>") }
        if text.hasPrefix("data:") { return stream.append(marker: "<url:data>") }
        guard let parts = URLParts(text), seenHosts.insert(parts.host).inserted else { return }
        if parts.hasUser { stream.append(marker: "<url:at>") }
        appendHost(parts.host, to: &stream)
        if parts.hasPort { stream.append(marker: "<url:port>") }
        if let ending = parts.fileEnding, URLTokens.fileEndings.contains(ending) {
            stream.append(marker: "<ux:\(ending)>")
        }
        if parts.hasQuery { stream.append(marker: "<url:q>") }
        if parts.pathLength > URLTokens.longPath { stream.append(marker: "<url:long>") }
    }

    private func appendHost(_ host: String, to stream: inout TokenStream) {
        let labels = host.split(separator: ".")
        let isNumeric = labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
        if isNumeric || host.hasPrefix("[") { return stream.append(marker: "<url:ip>") }
        if host.utf8.contains(where: { $0 >= 0x80 })
            || labels.contains(where: { $0.hasPrefix("xn--") })
        {
            stream.append(marker: "<url:idn>")
        }
        if labels.count >= URLTokens.deepLabels { stream.append(marker: "<url:deep>") }
        guard labels.count >= 2, let top = labels.last, top.utf8.count <= 24 else { return }
        stream.append(marker: "tld:\(top)")
        for label in labels.dropLast().suffix(2) where label != "www" && label.utf8.count <= 40 {
            stream.append(marker: "u:\(label)")
        }
    }
}

/// A URL cut into the parts that matter here (RFC 3986, read leniently).
private struct URLParts {
    var host = ""
    var hasUser = false
    var hasPort = false
    var hasQuery = false
    var pathLength = 0
    var fileEnding: Substring?

    init?(_ text: String) {
        var rest = text[...]
        if let scheme = rest.range(of: "://") {
            rest = rest[scheme.upperBound...]
        } else if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
        } else if !rest.hasPrefix("www.") {
            return nil
        }
        let authorityEnd = rest.firstIndex { "/?#\\".contains($0) } ?? rest.endIndex
        var authority = rest[..<authorityEnd]
        if let at = authority.lastIndex(of: "@") {
            hasUser = true
            authority = authority[authority.index(after: at)...]
        }
        if !authority.hasPrefix("["), let colon = authority.lastIndex(of: ":") {
            let port = authority[authority.index(after: colon)...]
            hasPort = !port.isEmpty && port != "80" && port != "443"
            authority = authority[..<colon]
        }
        while authority.hasSuffix(".") { authority = authority.dropLast() }
        guard !authority.isEmpty, authority.utf8.count <= 255 else { return nil }
        host = String(authority)
        let path = rest[authorityEnd...]
        pathLength = path.utf8.count
        let question = path.firstIndex(of: "?")
        hasQuery = question != nil
        let file = path[..<(question ?? path.endIndex)].split(separator: "/").last ?? ""
        if let dot = file.lastIndex(of: ".") { fileEnding = file[file.index(after: dot)...] }
    }
}

extension Substring {
    /// The first occurrence of a short ASCII text; the standard library has none without Foundation.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            formIndex(after: &start)
        }
        return nil
    }
}
