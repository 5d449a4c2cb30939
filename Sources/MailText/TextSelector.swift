/// Chooses among the parts of a message as mail clients do, and joins what they show.
///
/// Of multipart/alternative the HTML is shown, unless it has nearly no words. When the plain part
/// says something else than the HTML, a mark tells of it, because that is a trick; its words stay
/// out, or innocent ones would speak for the spam beside them. Of multipart/related the root is
/// shown. Everywhere else the inline text parts follow each other.
struct TextSelector {
    private let bytes: [UInt8]
    private let limits: MailLimits
    /// What earlier parts left of the limits.
    private var left: MailLimits
    private var decodedBytes = 0

    private(set) var parts: [MailPart] = []
    private(set) var texts: [SourceText] = []
    private(set) var hasPlainText = false
    private(set) var hasHTML = false
    private(set) var hasBase64Text = false
    private(set) var defects: Set<Defect> = []

    /// HTML with fewer words than this is a wrapper round something else.
    private static let fewWords = 5
    /// More words than this must differ before the plain part counts as saying something else.
    private static let differingWords = 10

    init(_ bytes: [UInt8], limits: MailLimits) {
        self.bytes = bytes
        self.limits = limits
        left = limits
    }

    /// The visible text of an entity and all below it.
    mutating func text(of entity: MIMEEntity) -> VisibleText {
        let index = note(entity)
        if entity.children.isEmpty {
            return entity.isMultipart ? VisibleText() : leafText(entity, at: index)
        }
        switch entity.mediaType {
        case "multipart/alternative": return alternativeText(entity)
        case "multipart/related": return relatedText(entity)
        default:
            var joined = VisibleText()
            for child in entity.children { joined.append(text(of: child)) }
            return joined
        }
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
            shown.append((first..<parts.count).filter { parts[$0].role == .shown })
        }
        let root = named ?? 0
        if texts[root].bytes.isEmpty {
            return texts.reduce(into: VisibleText()) { $0.append($1) }
        }
        for (index, own) in shown.enumerated() where index != root {
            for part in own { parts[part].role = .attachment }
        }
        return texts[root]
    }

    private mutating func alternativeText(_ entity: MIMEEntity) -> VisibleText {
        var plain = VisibleText()
        var html: VisibleText?
        var plainParts: [Int] = []
        var htmlParts: [Int] = []
        for child in entity.children {
            let first = parts.count
            let text = self.text(of: child)
            let own = (first..<parts.count).filter { parts[$0].role == .shown }
            if text.tagCounts != nil {
                // Of several HTML parts clients show the last.
                for index in htmlParts { parts[index].role = .alternative }
                html = text
                htmlParts = own
            } else if !text.bytes.isEmpty {
                plain.append(text)
                plainParts += own
            }
        }
        guard var chosen = html else { return plain }
        if chosen.wordCount < TextSelector.fewWords, plain.wordCount > chosen.wordCount {
            for index in htmlParts { parts[index].role = .alternative }
            plain.append(countsOnly(chosen))
            return plain
        }
        for index in plainParts { parts[index].role = .alternative }
        if differs(plain, from: chosen) { chosen.markAlternative() }
        return chosen
    }

    /// Marks and counts of HTML whose words are not shown.
    private func countsOnly(_ html: VisibleText) -> VisibleText {
        var rest = VisibleText()
        rest.marks = html.marks.map { VisibleText.Mark(offset: 0, kind: $0.kind) }
        rest.tagCounts = html.tagCounts
        rest.htmlLength = html.htmlLength
        rest.hiddenWords = html.hiddenWords
        rest.hiddenBytes = html.hiddenBytes
        return rest
    }

    private func differs(_ plain: VisibleText, from html: VisibleText) -> Bool {
        let known = Set(words(of: html))
        let all = words(of: plain)
        let missing = all.reduce(0) { $0 + (known.contains($1) ? 0 : 1) }
        return missing > TextSelector.differingWords && missing * 2 > all.count
    }

    /// Words of letters and digits, lower case, as hashes; link targets are no words.
    private func words(of text: VisibleText) -> [UInt64] {
        var result: [UInt64] = []
        for run in text.bytes.split(whereSeparator: ASCII.isSpace) {
            if run.contains(UInt8(ascii: "/")), run.contains(UInt8(ascii: ":")) { continue }
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            var length = 0
            for byte in run where byte >= 0x80 || ASCII.isLetter(byte) || ASCII.isDigit(byte) {
                hash = (hash ^ UInt64(ASCII.lower(byte))) &* 0x100_0000_01B3
                length += 1
            }
            if length > 0 { result.append(hash) }
        }
        return result
    }

    private mutating func leafText(_ entity: MIMEEntity, at index: Int) -> VisibleText {
        var result = VisibleText()
        guard entity.isInlineText else { return result }
        let room = limits.decodedBytes - decodedBytes
        guard room > 0 else {
            defects.insert(.limitDecoded)
            return result
        }
        let raw = entity.encoding.decode(bytes[entity.body], limit: room, defects: &defects)
        decodedBytes += raw.count
        let text = Charset.decode(raw, label: entity.charset, defects: &defects)
        parts[index].role = .shown
        if case .base64 = entity.encoding { hasBase64Text = true }
        let isHTML = entity.mediaType == "text/html" || looksLikeHTML(text)
        texts.append(SourceText(isHTML: isHTML, bytes: text))
        if isHTML {
            hasHTML = true
            result = HTMLText.convert(text, limits: left, defects: &defects)
        } else {
            hasPlainText = true
            result.append(plain: text, limits: left, defects: &defects)
        }
        left.textBytes = max(0, left.textBytes - result.bytes.count)
        left.links = max(0, left.links - result.marks.count)
        return result
    }

    private func looksLikeHTML(_ text: [UInt8]) -> Bool {
        let start = text.prefix(200).drop(while: ASCII.isSpace)
        return start.startsIgnoringCase("<html") || start.startsIgnoringCase("<!doctype html")
    }

    /// Lists the part; text parts become `shown` once their text is taken.
    private mutating func note(_ entity: MIMEEntity) -> Int {
        parts.append(
            MailPart(
                depth: entity.depth, mediaType: entity.mediaType,
                charset: entity.charset ?? "", fileName: entity.fileName,
                isAttachment: entity.disposition == "attachment", size: entity.body.count,
                role: entity.children.isEmpty && !entity.isMultipart ? .attachment : .container))
        return parts.count - 1
    }
}
