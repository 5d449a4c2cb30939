/// Chooses among the parts of a message as mail clients do, and joins the texts of those it shows.
///
/// - Of a multipart/alternative it shows the HTML, unless that has next to no words. When the plain
///   part has another text than the HTML, which is a trick, it adds a mark. It leaves out the
///   words, because innocent ones would weigh in favour of the spam beside them.
/// - Of a multipart/related it shows the root. Other text there, which some clients show too, is
///   kept for another view.
/// - Of anything else it shows all inline text parts, one after the other.
/// - It leaves out attached text, for the same reason, unless there is nothing else to see; it is
///   kept for another view.
struct TextSelector {
    var reader: PartReader
    private(set) var parts: [MailPart] = []
    /// Attached text parts, to be shown if nothing else is.
    private var unread: [Unread] = []
    /// Attached documents of the message itself, whose text is a view of its own.
    var documents: [Unread] = []
    /// How many attached messages enclose the current entity: their parts are attached as well.
    private var attachedDepth = 0
    /// The signed message that is open.
    var opened = Opened()
    /// True when doubtful delimiters and fields of signed messages are taken as such.
    let isLenient: Bool
    /// True when a lenient reader could read other parts of a signed message.
    var isDoubtful = false
    /// The texts that some clients show but that are passed over, where they differ from the shown.
    private(set) var others = VisibleText()

    /// Below this many words, HTML or a whole message is taken as a wrapper for other content.
    private static let fewWords = 5

    var texts: [SourceText] { reader.texts }
    var kinds: TextKinds { reader.kinds }
    var defects: Set<Defect> { reader.defects }
    /// What only Outlook shows of the HTML parts.
    var forOutlook: VisibleText { reader.forOutlook }

    init(_ bytes: [UInt8], limits: MailLimits, clock: ReadingClock, isLenient: Bool) {
        reader = PartReader(bytes, limits: limits, clock: clock)
        self.isLenient = isLenient
    }

    /// The visible text of a message.
    mutating func read(_ root: MIMEEntity) -> VisibleText {
        var shown = text(of: root)
        // If there are links or images, attached text is not the message's content.
        guard hasFewWords(shown), !shown.hasSomethingToSee else { return shown }
        documents.removeAll { document in unread.contains { $0.index == document.index } }
        // A signed one that is opened may add more of them.
        var next = 0
        while next < unread.count {
            let part = unread[next]
            next += 1
            (reader.bytes, opened) = (part.bytes, part.opened)
            guard let text = shownText(part.entity, at: part.index, .onlyText) else { continue }
            shown.append(text)
        }
        return shown
    }

    /// The visible text of an entity and all entities in it.
    mutating func text(of entity: MIMEEntity) -> VisibleText {
        let index = list(entity)
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

    /// The text of an entity without children, unless it is no text or is attached.
    private mutating func leafText(_ entity: MIMEEntity, at index: Int) -> VisibleText {
        guard entity.isReadable else {
            if attachedDepth == 0, entity.isDocument { addDocument(entity, at: index) }
            return VisibleText()
        }
        let isAttached = entity.disposition == "attachment" && !isWhole(entity)
        guard !isAttached, attachedDepth == 0 else {
            settle(index, .attachment, attachedDepth == 0 ? .disposition : .enclosed)
            unread.append(
                Unread(entity: entity, index: index, bytes: reader.bytes, opened: opened))
            if attachedDepth == 0, !entity.isSealed { addDocument(entity, at: index) }
            return VisibleText()
        }
        guard let text = shownText(entity, at: index, .inline) else {
            settle(index, .attachment, .limit)
            return VisibleText()
        }
        // What an invitation says beside another text, some clients show.
        if reader.showsBriefCalendar, entity.isCalendar { addDocument(entity, at: index) }
        for name in reader.takeInlineFiles() { listInlineFile(name, depth: entity.depth) }
        return text
    }

    /// The charset for bytes of the message's header outside encoded words, when its text has been
    /// read.
    ///
    /// - Parameters:
    ///   - root: The message.
    ///   - subject: The field as it was sent, or nil.
    /// - Returns: A label; nil when there is none.
    mutating func headerCharset(of root: MIMEEntity, subject: ArraySlice<UInt8>?) -> String? {
        reader.headerCharset(declared: root.firstCharset, subject: subject)
    }

    // MARK: Containers

    /// The text of an enclosed message: clients show its subject above it, unless it is attached.
    private mutating func messageText(_ entity: MIMEEntity) -> VisibleText {
        let isAttached = entity.disposition == "attachment"
        if isAttached { attachedDepth += 1 }
        defer { if isAttached { attachedDepth -= 1 } }
        var result = VisibleText()
        for child in entity.children {
            if attachedDepth == 0, let subject = child.subject {
                result.append(
                    reader.headerText(subject, messageCharset: child.firstCharset))
            }
            result.append(text(of: child))
        }
        return result
    }

    /// The text of a report, without the message that it is about (RFC 6522).
    ///
    /// Nor are header fields of that message, which some reports have instead, documents.
    private mutating func reportText(_ entity: MIMEEntity) -> VisibleText {
        let known = documents.count
        defer { documents.removeSubrange(min(known, documents.count)...) }
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

    /// The text of the root of a multipart/related; the other parts are its resources (RFC 2387).
    ///
    /// When the root has nothing to see, it is the text of all parts. Thunderbird and others show
    /// text among the resources, too, so that is kept if it differs.
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
        var rest = VisibleText()
        for (index, indices) in shown.enumerated() where index != root {
            for part in indices { settle(part, .attachment, .resource) }
            rest.append(texts[index])
        }
        // Compared once, because it costs as much as the root is long.
        keep(Alternative(rest, parts: []), besides: texts[root])
        return texts[root]
    }

    /// The text of the alternative that a client shows, and invitations (RFC 2046 section 5.1.4).
    private mutating func alternativeText(_ entity: MIMEEntity) -> VisibleText {
        var plain = Alternative()
        var html: Alternative?
        var calendar = VisibleText()
        reader.showsBriefCalendar = entity.children.count > 1
        defer { reader.showsBriefCalendar = false }
        for child in entity.children {
            let first = parts.count
            let alternative = Alternative(self.text(of: child), parts: shownParts(from: first))
            let isRich = child.mediaType == "text/html" || child.isMultipart
            if child.mediaType == "text/calendar" {
                // Clients show an invitation together with the text beside it.
                calendar.append(alternative.text)
            } else if alternative.text.tagCounts != nil, isRich || html == nil && plain.isEmpty {
                // Of several HTML parts clients show the last.
                if let html { keep(html, besides: alternative.text) }
                passOver(html)
                html = alternative
            } else if !alternative.isEmpty {
                // Of several plain parts too, unless the last has fewer words.
                let isBetter = alternative.words >= plain.words
                let (shown, other) = isBetter ? (alternative, plain) : (plain, alternative)
                keep(other, besides: shown.text)
                passOver(other)
                if isBetter { plain = alternative }
            } else if child.children.isEmpty, child.mediaType.hasPrefix("text/"),
                alternative.parts.isEmpty
            {
                settle(first, .alternative, .passedOver)
            }
        }
        var chosen = choose(plain, html)
        chosen.append(calendar)
        return chosen
    }

    /// One version of the text of a multipart/alternative.
    private struct Alternative {
        var text = VisibleText()
        /// Indices into ``TextSelector/parts`` of the parts that the text is from.
        var parts: [Int] = []
        /// Number of words, counted up to ``TextSelector/fewWords``.
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

    /// Keeps a text that is not shown, if it differs from the one that is.
    private mutating func keep(_ other: Alternative, besides shown: VisibleText) {
        let text = other.text.allShown ?? other.text
        if text.differs(from: shown) { others.append(text) }
    }

    /// The HTML, unless it is a wrapper without content; then the plain text.
    private mutating func choose(_ plain: Alternative, _ html: Alternative?) -> VisibleText {
        guard var html,
            html.words >= TextSelector.fewWords || html.text.hasSomethingToSee
                || plain.words <= html.words
        else {
            passOver(html)
            for index in plain.parts { settle(index, .shown, .alternativeEmpty) }
            var text = plain.text
            if let html {
                keep(html, besides: text)
                text.append(html.text.withoutText)
            }
            return text
        }
        for index in html.parts { settle(index, .shown, .preferred) }
        passOver(plain)
        if plain.text.differs(from: html.text) {
            html.text.markAlternative()
            others.append(plain.text)
            others.append(html.text.withoutText)
        }
        return html.text
    }

    private func hasFewWords(_ text: VisibleText) -> Bool {
        text.wordCount(upTo: TextSelector.fewWords) < TextSelector.fewWords
    }

    // MARK: The list of parts

    /// Indices of the shown parts from an index on.
    private func shownParts(from first: Int) -> [Int] {
        (first..<parts.count).filter { parts[$0].role == .shown }
    }

    mutating func settle(_ index: Int, _ role: MailPart.Role, _ reason: MailPart.Reason) {
        parts[index].role = role
        parts[index].reason = reason
    }

    /// Appends an entity to ``parts``; text parts become `shown` once their text is read.
    ///
    /// - Returns: The index of the part.
    private mutating func list(_ entity: MIMEEntity) -> Int {
        let isContainer = !entity.children.isEmpty
        let isAttachment = entity.disposition == "attachment"
        parts.append(
            MailPart(
                depth: entity.depth, mediaType: entity.mediaType,
                charset: entity.charset ?? "", fileName: entity.fileName,
                size: entity.body.count,
                role: isContainer && !(entity.isMessage && isAttachment) ? .container : .attachment,
                reason: isAttachment ? .disposition : isContainer ? .container : .type))
        return parts.count - 1
    }

    private mutating func listInlineFile(_ name: String, depth: Int) {
        parts.append(
            MailPart(
                depth: depth + 1, mediaType: "application/octet-stream", charset: "",
                fileName: name, size: 0, role: .attachment, reason: .type))
    }
}
