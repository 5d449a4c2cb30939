/// Documents that people open: HTML pages that ask for a password, letters in text files. What they
/// say is read apart from the message, so that it can't speak for the spam beside it.
extension TextSelector {
    /// Documents that are read.
    private static let mostDocuments = 20
    /// Bytes that are read of each, as sent.
    private static let documentBytes = 128 * 1_024
    /// Fewer words than this say nothing.
    private static let leastWords = 10

    /// An entity that is read by ``attachedText()``.
    mutating func addDocument(_ entity: MIMEEntity, at index: Int) {
        guard documents.count < TextSelector.mostDocuments else { return }
        documents.append(
            Unread(entity: entity, index: index, bytes: reader.bytes, opened: opened))
    }

    /// The text of the attached documents, hidden words too; empty if there is hardly any.
    ///
    /// Called when all else is read, since it takes of the same limits.
    mutating func attachedText() -> VisibleText {
        var result = VisibleText()
        for document in documents {
            var entity = document.entity
            let end = entity.body.lowerBound + TextSelector.documentBytes
            entity.body = entity.body.clamped(to: entity.body.lowerBound..<end)
            if entity.isMarkup { entity.mediaType = "text/html" }
            if entity.isCalendar { entity.mediaType = "text/calendar" }
            reader.bytes = document.bytes
            guard let text = reader.text(of: entity) else { break }
            result.append((text.allShown ?? text).withoutCounts)
        }
        let isText = result.wordCount(upTo: TextSelector.leastWords) == TextSelector.leastWords
        return isText || result.hasSomethingToSee ? result : VisibleText()
    }
}
