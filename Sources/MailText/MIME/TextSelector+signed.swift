/// Messages that are signed as a whole: clients show the content as if it were not signed.
extension TextSelector {
    /// How often a signed message may be opened in another.
    private static let mostOpenings = 3

    /// Where the selector is among signed messages in one another.
    struct Opened {
        /// How many were opened to get here.
        var count = 0
        /// The level of the innermost content, or of the message itself.
        var depth = 0
    }

    /// An attached part, and what it is in.
    struct Unread {
        var entity: MIMEEntity
        /// The index into ``TextSelector/parts``.
        var index: Int
        var bytes: [UInt8]
        var opened: Opened
    }

    /// True for an entity that is all of a message: if it is signed, clients show it even where it
    /// says `attachment`.
    func isWhole(_ entity: MIMEEntity) -> Bool { entity.isSealed && entity.depth == opened.depth }

    /// The text of an entity without children that is shown, or whose content is; nil when a limit
    /// is reached before it is read.
    mutating func shownText(
        _ entity: MIMEEntity, at index: Int, _ reason: MailPart.Reason
    ) -> VisibleText? {
        if entity.isSealed { return signedText(entity, at: index) }
        guard let text = reader.text(of: entity) else { return nil }
        settle(index, .shown, reason)
        return text
    }

    /// The text of what an entity signs; nil when a limit is reached before it is read.
    private mutating func signedText(_ entity: MIMEEntity, at index: Int) -> VisibleText? {
        guard let body = reader.body(of: entity) else { return nil }
        // Encrypted messages are attachments.
        guard let content = SignedContent.content(of: body.bytes) else { return VisibleText() }
        let limits = reader.remaining
        guard opened.count < TextSelector.mostOpenings, entity.depth < limits.depth,
            limits.parts > 0
        else {
            reader.report([limits.parts > 0 ? .limitDepth : .limitParts])
            return nil
        }
        var inner = MIMEReader(
            content, limits: limits, clock: reader.clock, isLenient: isLenient,
            depth: entity.depth + 1)
        let root = inner.read()
        reader.report(inner.defects, parts: inner.partCount)
        if inner.isDoubtful { isDoubtful = true }
        settle(index, .container, .container)
        let outer = (reader.bytes, opened)
        defer { (reader.bytes, opened) = outer }
        reader.bytes = inner.bytes
        opened = Opened(count: opened.count + 1, depth: root.depth)
        return text(of: root)
    }
}

extension MIMEEntity {
    /// True when the body holds text to be shown, or may hold a signed message.
    var isReadable: Bool { isText || isMultipart || isSealed }

    /// True when the body is a CMS message, as far as its type or its name says.
    var isSealed: Bool {
        switch mediaType {
        case "application/pkcs7-mime", "application/x-pkcs7-mime": true
        // Named by the file alone (RFC 8551 section 3.2.1).
        case "application/octet-stream": fileName.lowercased().hasSuffix(".p7m")
        default: false
        }
    }
}
