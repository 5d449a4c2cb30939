/// Entities that are signed as a whole.
extension TextSelector {
    /// How often an entity may be opened in another.
    private static let mostOpenings = 3

    /// The text of an entity that is signed as a whole, which clients show as if it were not.
    ///
    /// Nil for other entities, and unless it is the only text, for what is enclosed in an attached
    /// one or attached to others.
    mutating func signedText(
        _ entity: MIMEEntity, at index: Int, isOnlyText: Bool = false
    ) -> VisibleText? {
        guard entity.isSealed, openings < TextSelector.mostOpenings,
            isOnlyText
                || attachedDepth == 0 && (entity.depth == 0 || entity.disposition != "attachment"),
            let content = reader.signedContent(of: entity)
        else { return nil }
        var limits = reader.remaining
        limits.parts = max(1, limits.parts - parts.count)
        var inner = MIMEReader(content, limits: limits, clock: reader.clock)
        let root = inner.read()
        var selector = TextSelector(inner.bytes, limits: limits, clock: reader.clock)
        selector.openings = openings + 1
        let text = selector.read(root)
        settle(index, .container, .container)
        take(over: selector, depth: entity.depth + 1)
        reader.take(over: selector.reader, inner.defects)
        return text
    }
}

extension MIMEEntity {
    /// Whether the body is a CMS message, as far as its type or its name says.
    var isSealed: Bool {
        switch mediaType {
        case "application/pkcs7-mime", "application/x-pkcs7-mime": true
        // Named by the file alone (RFC 8551 section 3.2.1).
        case "application/octet-stream": fileName.lowercased().hasSuffix(".p7m")
        default: false
        }
    }
}
