import Glibc
import MailText
import TextFeatures

extension Document {
    /// What the text pipelines read of a message: its visible text, marks as tokens, and the facts
    /// of model-recipe.md section 3. Only facts that a sender can't choose freely and that don't
    /// betray which collection a message was taken from.
    public init(_ content: MailContent) {
        self.init(
            subject: content.subject, body: content.body.bytes,
            marks: content.body.marks.map(Document.mark),
            facts: content.header.isPresent
                ? Document.structureFacts(content) + Document.tagFacts(content.body)
                    + Document.headerFacts(content) : [],
            hiddenWords: content.body.hiddenWords, tokenLimit: content.tokenLimit,
            source: content.source)
    }

    private static func mark(_ mark: VisibleText.Mark) -> Mark {
        switch mark.kind {
        case .link(let target): return Mark(offset: mark.offset, kind: .link(target))
        case .image(let isPixel):
            return Mark(offset: mark.offset, kind: .token(isPixel ? "<img1>" : "<img>"))
        case .element(let name): return Mark(offset: mark.offset, kind: .token("<\(name)>"))
        case .alternativeDiffers: return Mark(offset: mark.offset, kind: .token("<altdiff>"))
        }
    }

    // MARK: Structure

    private static func structureFacts(_ content: MailContent) -> [String] {
        var facts: [String] = []
        if content.textKinds.contains(.html) {
            // A plain part that says something else is no alternative: nobody reads it.
            let isHonest =
                content.textKinds.contains(.plain) && !content.body.hasDifferentAlternative
            facts.append(isHonest ? "s:alt" : "s:html-only")
        }
        var kinds: Set<String> = []
        for part in content.parts
        where part.role == .attachment && part.depth > 0 && part.reason != .enclosed {
            kinds.insert(attachmentKind(part))
        }
        facts += kinds.sorted().map { "s:att-\($0)" }
        if content.textKinds.contains(.base64) { facts.append("s:b64") }
        if content.textKinds.contains(.calendar) { facts.append("s:calendar") }
        if content.isReport { facts.append("s:report") }
        return facts
    }

    private static let kindOfEnding: [String: String] = [
        "doc": "doc", "docx": "doc", "docm": "doc", "xls": "doc", "xlsx": "doc", "xlsm": "doc",
        "ppt": "doc", "pptx": "doc", "pdf": "doc", "rtf": "doc", "odt": "doc", "exe": "exe",
        "scr": "exe", "com": "exe", "bat": "exe", "cmd": "exe", "pif": "exe", "js": "exe",
        "vbs": "exe", "jar": "exe", "msi": "exe", "lnk": "exe", "iso": "exe", "zip": "zip",
        "rar": "zip", "7z": "zip", "gz": "gz", "tgz": "gz", "bz2": "gz", "xz": "gz", "tar": "gz",
        "htm": "html", "html": "html", "shtml": "html", "svg": "html", "ics": "ics",
        "eml": "eml", "asc": "sig", "sig": "sig", "p7s": "sig", "p7m": "sig", "c": "src",
        "h": "src", "py": "src", "patch": "src", "diff": "src", "sh": "src", "pl": "src",
        "txt": "txt", "log": "txt", "csv": "txt",
    ]

    private static func attachmentKind(_ part: MailPart) -> String {
        if part.mediaType.hasPrefix("image/") { return "img" }
        if let dot = part.fileName.lastIndex(of: ".") {
            let ending = part.fileName[part.fileName.index(after: dot)...].lowercased()
            if let kind = kindOfEnding[ending] { return kind }
        }
        switch part.mediaType {
        case "text/calendar": return "ics"
        case "text/html": return "html"
        case "message/rfc822": return "eml"
        case "application/pdf", "application/msword": return "doc"
        case "application/zip": return "zip"
        case "application/pgp-signature", "application/pkcs7-signature": return "sig"
        default: return part.mediaType.hasPrefix("text/") ? "txt" : "oth"
        }
    }

    private static func tagFacts(_ text: VisibleText) -> [String] {
        guard let tags = text.tagCounts else { return [] }
        var facts: [String] = []
        let counts = Array(zip(HTMLTagCounts.names, tags.counts))
        for (name, count) in counts + [("misleading-link", text.misleadingLinks)] where count > 0 {
            let bucket = count == 1 ? 1 : count <= 5 ? 2 : count <= 20 ? 3 : count <= 80 ? 4 : 5
            facts.append("n:\(name):\(bucket)")
        }
        let ratio = 1 + Double(text.htmlLength) / Double(1 + 6 * text.wordCount)
        facts.append("n:ratio:\(min(6, max(0, Int(log2(ratio)))))")
        return facts
    }

    // MARK: Header

    private static let freeMailers: Set<String> = [
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.co.jp",
        "ymail.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "outlook.com", "outlook.fr",
        "live.com", "msn.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "mail.ru",
        "bk.ru", "inbox.ru", "list.ru", "yandex.ru", "yandex.com", "rambler.ru", "icloud.com",
        "me.com", "mac.com", "protonmail.com", "proton.me", "mail.com", "email.com", "zoho.com",
        "qq.com", "163.com", "126.com", "sina.com", "sohu.com", "foxmail.com", "naver.com",
        "daum.net", "hanmail.net", "libero.it", "virgilio.it", "tiscali.it", "free.fr",
        "orange.fr", "wanadoo.fr", "laposte.net", "t-online.de", "freenet.de", "seznam.cz",
        "wp.pl", "o2.pl", "onet.pl", "uol.com.br", "bol.com.br", "terra.com.br", "rediffmail.com",
        "excite.com", "lycos.com", "netscape.net", "juno.com", "comcast.net", "verizon.net",
        "att.net", "sbcglobal.net", "earthlink.net", "tutanota.com", "aim.com", "rocketmail.com",
    ]

    private static func headerFacts(_ content: MailContent) -> [String] {
        let header = content.header
        let from = header.from
        let organization = from.organization
        var facts: [String] = []
        func add(_ fact: String, when holds: Bool) {
            if holds { facts.append("h:\(fact)") }
        }
        add("from-bad", when: from.domain.isEmpty)
        add("from-free", when: freeMailers.contains(from.domain))
        if let reply = header.replyTo {
            let differs = reply.organization != organization
            add("reply-diff", when: differs)
            add("reply-free", when: differs && freeMailers.contains(reply.domain))
        }
        add("disp-addr", when: from.displayName.contains("@"))
        add("no-disp", when: from.displayName.isEmpty)
        let envelope = MailAddress.organization(of: header.envelopeSenderDomain)
        add("env-diff", when: !envelope.isEmpty && envelope != organization)
        let messageID = MailAddress.organization(of: header.messageIDDomain)
        add("mid-same", when: !messageID.isEmpty && messageID == organization)
        add("no-subj", when: content.subject?.isEmpty ?? true)
        add("no-to", when: !header.hasRecipients)
        add("undisc", when: header.hasUndisclosedRecipients)
        add("prio", when: header.isHighPriority)
        return facts
    }
}
