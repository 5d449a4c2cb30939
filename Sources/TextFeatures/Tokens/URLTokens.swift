import ASCIIText

/// The tokens of URLs: the parts of the host name, and oddities of host and path.
///
/// A host gives its tokens once for a message.
package struct URLTokens {
    private var seenHosts: Set<[UInt8]> = []
    /// Scratch for the tokens of a label.
    private var token: [UInt8] = []

    private static let fileEndings: Set<[UInt8]> = Set(
        [
            "php", "html", "htm", "asp", "aspx", "jsp", "cgi", "exe", "zip", "pdf", "js", "gif",
            "jpg", "png", "doc", "txt", "xml", "svg",
        ].map { Array($0.utf8) })
    /// Of ``fileEndings``, in bytes.
    private static let longestEnding = 4
    /// A path with its query of more bytes than this is remarkable: most carry a tracking number.
    private static let longPath = 100
    /// A host of this many labels is remarkable: `www.shop.example.co.uk` has as many.
    private static let deepLabels = 5
    /// Longer top-level domains don't exist but for punycode ones (RFC 5890), which tell nothing.
    private static let longestTopLevel = 24
    /// Longer labels are generated and never seen again.
    private static let longestLabel = 40
    /// The registered name is among the last two labels in front of the top-level domain, even
    /// below `co.uk`.
    private static let readLabels = 2

    package init() {}

    /// Appends the tokens of a URL in UTF-8, or of a link target without scheme.
    package mutating func append(_ url: some Collection<UInt8>, to stream: inout TokenStream) {
        var text = Array(url)
        text.lowercaseASCII()
        if text.startsIgnoringCase("mailto:") { return stream.append(.mailLink) }
        if text.startsIgnoringCase("tel:") { return stream.append(.phoneLink) }
        if text.startsIgnoringCase("data:") { return append(.data, to: &stream) }
        guard let parts = URLParts(text), seenHosts.insert(Array(parts.host)).inserted else {
            return
        }
        if parts.hasUser { append(.user, to: &stream) }
        appendHost(parts.host, to: &stream)
        if parts.hasPort { append(.port, to: &stream) }
        if let ending = parts.fileEnding, ending.count <= URLTokens.longestEnding,
            URLTokens.fileEndings.contains(Array(ending))
        {
            append(.fileEnding, ending, ">", to: &stream)
        }
        if parts.hasQuery { append(.query, to: &stream) }
        if parts.pathLength > URLTokens.longPath { append(.longPath, to: &stream) }
    }

    private mutating func appendHost(_ host: ArraySlice<UInt8>, to stream: inout TokenStream) {
        let labels = host.split(separator: UInt8(ascii: "."))
        let isNumeric = labels.count == 4 && labels.allSatisfy(URLTokens.isOctet)
        if isNumeric || host.first == UInt8(ascii: "[") {
            return append(.address, to: &stream)
        }
        if host.contains(where: { $0 >= 0x80 })
            || labels.contains(where: { $0.startsIgnoringCase("xn--") })
        {
            append(.international, to: &stream)
        }
        if labels.count >= URLTokens.deepLabels { append(.deep, to: &stream) }
        guard labels.count >= 2, let top = labels.last, top.count <= URLTokens.longestTopLevel
        else { return }
        append(.topLevelDomain, top, "", to: &stream)
        for label in labels.dropLast().suffix(URLTokens.readLabels)
        where label.count <= URLTokens.longestLabel && !label.elementsEqual("www".utf8) {
            append(.hostLabel, label, "", to: &stream)
        }
    }

    private func append(_ trait: ModelToken.URLTrait, to stream: inout TokenStream) {
        stream.append(marker: trait.token)
    }

    private mutating func append(
        _ family: ModelToken, _ text: ArraySlice<UInt8>, _ suffix: String,
        to stream: inout TokenStream
    ) {
        token.removeAll(keepingCapacity: true)
        token += family.rawValue.utf8
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
