/// Chooses among the parts of a message as mail clients do, and joins what they show.
///
/// Of multipart/alternative the HTML is shown, unless it has nearly no words. When the plain part
/// says something else than the HTML, a mark tells of it, because that is a trick; its words stay
/// out, or innocent ones would speak for the spam beside them. Of multipart/related the root is
/// shown. Everywhere else the inline text parts follow each other. Attached text is not shown, or
/// innocent text in an attachment would speak for the spam; it is read when there is nothing else to see.
struct TextSelector {
    private var reader: PartReader
    private(set) var parts: [MailPart] = []
    /// Text parts that were not shown, for the case that nothing else is.
    private var unread: [(entity: MIMEEntity, index: Int)] = []
    /// Attached messages that are open at this place: what lies in them is attached as well.
    private var attachedDepth = 0

    /// HTML with fewer words than this is a wrapper round something else, and so is a message.
    private static let fewWords = 5

    var texts: [SourceText] { reader.texts }
    var hasPlainText: Bool { reader.hasPlainText }
    var hasHTML: Bool { reader.hasHTML }
    var hasBase64Text: Bool { reader.hasBase64Text }
    var hasCalendar: Bool { reader.hasCalendar }
    var defects: Set<Defect> { reader.defects }

    init(_ bytes: [UInt8], limits: MailLimits, clock: ReadingClock) {
        reader = PartReader(bytes, limits: limits, clock: clock)
    }

    /// The visible text of a message.
    mutating func read(_ root: MIMEEntity) -> VisibleText {
        var shown = text(of: root)
        // Links and images are something to see; text beside them is not what the reader came for.
        guard hasFewWords(shown), !shown.hasSomethingToSee else { return shown }
        for (entity, index) in unread {
            guard let text = reader.text(of: entity) else { continue }
            settle(index, .shown, .onlyText)
            shown.append(text)
        }
        return shown
    }

    private mutating func text(of entity: MIMEEntity) -> VisibleText {
        let index = note(entity)
        guard !entity.children.isEmpty else { return leafText(entity, at: index) }
        if entity.isMessage { return messageText(entity) }
        switch entity.mediaType {
        case "multipart/alternative": return alternativeText(entity)
        case "multipart/related": return relatedText(entity)
        case "multipart/report": return reportText(entity)
        default:
            return entity.children.reduce(into: VisibleText()) { $0.append(text(of: $1)) }
        }
    }

    private mutating func leafText(_ entity: MIMEEntity, at index: Int) -> VisibleText {
        guard entity.isText || entity.isMultipart else { return VisibleText() }
        guard entity.disposition != "attachment", attachedDepth == 0 else {
            settle(index, .attachment, attachedDepth == 0 ? .disposition : .enclosed)
            unread.append((entity, index))
            return VisibleText()
        }
        guard let text = reader.text(of: entity) else {
            settle(index, .attachment, .limit)
            return VisibleText()
        }
        settle(index, .shown, .inline)
        for name in reader.takeInlineFiles() { noteInlineFile(name, depth: entity.depth) }
        return text
    }

    // MARK: Containers

    /// A message in the message: clients show its subject above its text, unless it is attached.
    private mutating func messageText(_ entity: MIMEEntity) -> VisibleText {
        let isAttached = entity.disposition == "attachment"
        if isAttached { attachedDepth += 1 }
        defer { if isAttached { attachedDepth -= 1 } }
        var result = VisibleText()
        for child in entity.children {
            if attachedDepth == 0, let subject = child.subject {
                result.append(reader.headerText(subject))
            }
            result.append(text(of: child))
        }
        return result
    }

    /// The message that a report is about is not the report's own text.
    private mutating func reportText(_ entity: MIMEEntity) -> VisibleText {
        var result = VisibleText()
        for child in entity.children {
            guard child.isMessage else {
                result.append(text(of: child))
                continue
            }
            let first = parts.count
            attachedDepth += 1
            result.append(text(of: child))
            attachedDepth -= 1
            settle(first, .attachment, .returned)
        }
        return result
    }

    /// Only the root is shown; what else lies there is for it to refer to. A root without text is
    /// none: then all is read.
    private mutating func relatedText(_ entity: MIMEEntity) -> VisibleText {
        let named = entity.children.firstIndex { child in
            entity.start != nil && child.contentID == entity.start
        }
        var texts: [VisibleText] = []
        var shown: [[Int]] = []
        for child in entity.children {
            let first = parts.count
            texts.append(text(of: child))
            shown.append(shownParts(from: first))
        }
        let root = named ?? 0
        if texts[root].bytes.isEmpty, !texts[root].hasSomethingToSee {
            return texts.reduce(into: VisibleText()) { $0.append($1) }
        }
        for (index, own) in shown.enumerated() where index != root {
            for part in own { settle(part, .attachment, .resource) }
        }
        return texts[root]
    }

    private mutating func alternativeText(_ entity: MIMEEntity) -> VisibleText {
        var plain = Alternative()
        var html: Alternative?
        var calendar = VisibleText()
        reader.showsBriefCalendar = entity.children.count > 1
        defer { reader.showsBriefCalendar = false }
        for child in entity.children {
            let first = parts.count
            let found = Alternative(self.text(of: child), parts: shownParts(from: first))
            let isRich = child.mediaType == "text/html" || child.isMultipart
            if child.mediaType == "text/calendar" {
                // Clients show the invitation above whatever text comes with it.
                calendar.append(found.text)
            } else if found.text.tagCounts != nil, isRich || html == nil && plain.isEmpty {
                // Of several HTML parts clients show the last.
                passOver(html)
                html = found
            } else if !found.isEmpty {
                // So they do of several plain ones, unless the last says nothing.
                let isBetter = found.words >= plain.words
                passOver(isBetter ? plain : found)
                if isBetter { plain = found }
            } else if child.children.isEmpty, child.mediaType.hasPrefix("text/"),
                found.parts.isEmpty
            {
                settle(first, .alternative, .passedOver)
            }
        }
        var chosen = choose(plain, html)
        chosen.append(calendar)
        return chosen
    }

    /// One of the ways a multipart/alternative says its text.
    private struct Alternative {
        var text = VisibleText()
        var parts: [Int] = []
        /// Its words, as far as that matters.
        var words = 0

        var isEmpty: Bool { text.bytes.isEmpty }

        init() {}

        init(_ text: VisibleText, parts: [Int]) {
            self.text = text
            self.parts = parts
            words = text.wordCount(upTo: TextSelector.fewWords)
        }
    }

    private mutating func passOver(_ alternative: Alternative?) {
        for index in alternative?.parts ?? [] { settle(index, .alternative, .passedOver) }
    }

    private mutating func choose(_ plain: Alternative, _ html: Alternative?) -> VisibleText {
        guard var html,
            html.words >= TextSelector.fewWords || html.text.hasSomethingToSee
                || plain.words <= html.words
        else {
            passOver(html)
            for index in plain.parts { settle(index, .shown, .alternativeEmpty) }
            var text = plain.text
            if let html { text.append(html.text.withoutText) }
            return text
        }
        for index in html.parts { settle(index, .shown, .preferred) }
        passOver(plain)
        if plain.text.differs(from: html.text) { html.text.markAlternative() }
        return html.text
    }

    private func hasFewWords(_ text: VisibleText) -> Bool {
        text.wordCount(upTo: TextSelector.fewWords) < TextSelector.fewWords
    }

    // MARK: The list of parts

    private func shownParts(from first: Int) -> [Int] {
        (first..<parts.count).filter { parts[$0].role == .shown }
    }

    private mutating func settle(_ index: Int, _ role: MailPart.Role, _ reason: MailPart.Reason) {
        parts[index].role = role
        parts[index].reason = reason
    }

    /// Lists the part; text parts become `shown` once their text is taken.
    private mutating func note(_ entity: MIMEEntity) -> Int {
        let isContainer = !entity.children.isEmpty
        let isAttachment = entity.disposition == "attachment"
        parts.append(
            MailPart(
                depth: entity.depth, mediaType: entity.mediaType,
                charset: entity.charset ?? "", fileName: entity.fileName,
                isAttachment: isAttachment, size: entity.body.count,
                role: isContainer && !(entity.isMessage && isAttachment) ? .container : .attachment,
                reason: isAttachment ? .disposition : isContainer ? .container : .type))
        return parts.count - 1
    }

    private mutating func noteInlineFile(_ name: String, depth: Int) {
        parts.append(
            MailPart(
                depth: depth + 1, mediaType: "application/octet-stream", charset: "",
                fileName: name, isAttachment: true, size: 0, role: .attachment, reason: .type))
    }
}
