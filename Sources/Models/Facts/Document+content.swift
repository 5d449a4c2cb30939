import Glibc
import MailText
import TextFeatures

extension Document {
    /// The document of a message: its visible text, its marks, and facts about it.
    ///
    /// The facts are those that say as little as can be of which mailbox or data set a message is
    /// from. ``ModelToken`` lists them.
    public init(_ content: MailContent) {
        self.init(
            subject: content.subject, body: content.body.bytes,
            marks: content.body.marks.map(Document.mark),
            facts: content.header.isPresent
                ? Document.authorFacts(content) + Document.structureFacts(content)
                    + Document.tagFacts(content.body) + Document.headerFacts(content) : [],
            hiddenWords: content.body.hiddenWords, tokenLimit: content.tokenLimit,
            source: content.source)
        if content.parts.isEmpty, !content.header.isPresent, content.texts.count == 1 {
            let line = content.subject.map { Array("Subject: ".utf8) + $0 + [UInt8(ascii: "\n")] }
            plainText = (line ?? []) + content.texts[0].bytes
        }
    }

    private static func mark(_ mark: VisibleText.Mark) -> Mark {
        let kind: Mark.Kind =
            switch mark.kind {
            case .link(let target): .link(target)
            case .image(let isPixel):
                .token((isPixel ? ModelToken.pixel : ModelToken.image).rawValue)
            case .element(let name): .token(ModelToken.element(name))
            case .alternativeDiffers: .token(ModelToken.differingAlternative.rawValue)
            }
        return Mark(offset: mark.offset, kind: kind)
    }

    private static func structureFacts(_ content: MailContent) -> [String] {
        var facts: [String] = []
        func add(_ fact: ModelToken.Structure) { facts.append(fact.token) }
        if content.textKinds.contains(.html) {
            // A plain part that says something else is no alternative: nobody reads it.
            let isHonest =
                content.textKinds.contains(.plain) && !content.body.hasDifferentAlternative
            add(isHonest ? .alternative : .htmlOnly)
        }
        var kinds: Set<String> = []
        for part in content.parts
        where part.role == .attachment && part.depth > 0 && part.reason != .enclosed {
            kinds.insert(ModelToken.Attachment(part).token)
        }
        facts += kinds.sorted()
        if content.textKinds.contains(.base64) { add(.base64) }
        if content.textKinds.contains(.calendar) { add(.calendar) }
        if content.isReport { add(.report) }
        return facts
    }

    /// Bytes of text that a word stands for in the ratio of HTML to text.
    private static let bytesOfWord = 6

    private static func tagFacts(_ text: VisibleText) -> [String] {
        guard let tags = text.tagCounts else { return [] }
        var facts = zip(HTMLTagCounts.names, tags.counts).compactMap(ModelToken.tagCount)
        if let token = ModelToken.misleadingLinks(text.misleadingLinks) { facts.append(token) }
        let ratio = 1 + Double(text.htmlLength) / Double(1 + bytesOfWord * text.wordCount)
        facts.append(ModelToken.markupRatio(Int(log2(ratio))))
        return facts
    }
}

extension ModelToken.Attachment {
    /// The kind of an attached part: by its type if that is an image, otherwise by the ending of
    /// its name, since senders declare most files `application/octet-stream`; else by its type.
    init(_ part: MailPart) {
        if part.mediaType.hasPrefix("image/") {
            self = .image
            return
        }
        if let dot = part.fileName.lastIndex(of: ".") {
            let ending = part.fileName[part.fileName.index(after: dot)...].lowercased()
            if let kind = ModelToken.Attachment.kindOfEnding[ending] {
                self = kind
                return
            }
        }
        switch part.mediaType {
        case "text/calendar": self = .calendar
        case "text/html": self = .html
        case "message/rfc822": self = .message
        case "application/pdf", "application/msword": self = .document
        case "application/zip": self = .zip
        case "application/pgp-signature", "application/pkcs7-signature": self = .signature
        default: self = part.mediaType.hasPrefix("text/") ? .text : .other
        }
    }

    private static let endings: [ModelToken.Attachment: [String]] = [
        .document: [
            "doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "pdf", "rtf", "odt",
        ],
        .program: [
            "exe", "scr", "com", "bat", "cmd", "pif", "js", "vbs", "jar", "msi", "lnk", "iso",
        ],
        .zip: ["zip", "rar", "7z"],
        .gzip: ["gz", "tgz", "bz2", "xz", "tar"],
        .html: ["htm", "html", "shtml", "svg"],
        .calendar: ["ics"],
        .message: ["eml"],
        .signature: ["asc", "sig", "p7s", "p7m"],
        .source: ["c", "h", "py", "patch", "diff", "sh", "pl"],
        .text: ["txt", "log", "csv"],
    ]

    private static let kindOfEnding: [String: ModelToken.Attachment] = Dictionary(
        uniqueKeysWithValues: endings.flatMap { kind, endings in endings.map { ($0, kind) } })
}
