import Corpora
import Dispatch
import FilterPolicy
import Foundation
import Learning
import MailText
import Models
import Scoring
import TextFeatures

/// One message as siftd reads it, for people and as JSON.
struct Extraction: Encodable {
    struct Part: Encodable {
        var depth: Int
        var type: String
        var charset: String
        var name: String
        var bytes: Int
        var role: String
        /// A stable word for why the part has its role.
        var reason: String
    }

    /// One way to look at the message.
    struct View: Encodable {
        var view: MailView
        var words: Int
        /// The text of a view besides the visible one.
        var text: String?
        /// Nil without a model.
        var probability: Double?
        /// Whether the judgement of this view holds; nil without a model.
        var decides: Bool?

        enum CodingKeys: String, CodingKey {
            case view, words, text, decides
            case probability = "spam_probability"
        }

        init(_ content: MailContent) {
            view = content.view
            words = content.body.wordCount
            if view != .asSeen { text = content.body.text }
        }
    }

    var path: String
    var subject: String?
    var parts: [Part]
    var visible: String
    var hidden: String
    var hiddenWords: Int
    var preheader: String
    var links: [String]
    var facts: [String]
    var tokens: [String]
    var defects: [String]
    /// The view that a recipient has, and others where siftd can't be sure of it.
    var views: [View]

    enum CodingKeys: String, CodingKey {
        case path, subject, parts, visible, hidden, preheader, links, facts, tokens, defects, views
        case hiddenWords = "hidden_words"
    }

    /// - Parameters:
    ///   - message: to be read.
    ///   - pipeline: makes its tokens.
    ///   - judge: scores its views; or nil.
    init(_ message: CorpusMessage, _ pipeline: TextPipeline, _ judge: Judge?) {
        var content = message.content.read()
        let document = Document(content)
        let stream = pipeline.tokens(of: document)
        if stream.isTextCut { content.add(.limitText) }
        if stream.isTokenCut { content.add(.limitTokens) }
        path = message.path
        subject = content.subject.map { String(decoding: $0, as: UTF8.self) }
        parts = content.parts.map {
            Part(
                depth: $0.depth, type: $0.mediaType, charset: $0.charset, name: $0.fileName,
                bytes: $0.size, role: $0.role.rawValue, reason: $0.reason.rawValue)
        }
        visible = content.body.text
        hidden = String(decoding: content.body.hiddenBytes, as: UTF8.self)
        hiddenWords = content.body.hiddenWords
        preheader = String(decoding: content.body.preheader, as: UTF8.self)
        links = content.body.marks.compactMap {
            if case .link(let target) = $0.kind { return target }
            return nil
        }
        facts = document.facts
        tokens = stream.strings
        defects = content.defects.map(\.rawValue)
        views = ([content] + content.otherViews).map(View.init)
        if let judge { score(message, by: judge) }
    }

    private mutating func score(_ message: CorpusMessage, by judge: Judge) {
        let reading = judge.read(message.content)
        let judged = try? judge.judge(
            reading, by: PolicySettings().applied(to: []), deadline: .distantFuture
        ).get()
        for index in views.indices {
            // A view with the tokens of another one is not scored again.
            let read = reading.otherViews.first { $0.content.view == views[index].view } ?? reading
            views[index].probability = judge.model.score(read.ids).probability
            views[index].decides = judged?.reading.content.view == views[index].view
        }
    }

    /// The same for people; every section has its heading at the margin.
    var text: String {
        var lines = ["== \(path)", "subject: \(subject ?? "-")", "parts:"]
        lines += parts.map(Extraction.line)
        lines += ["visible text:"] + visible.split(whereSeparator: \.isNewline).map { "  \($0)" }
        if !preheader.isEmpty { lines += ["preview, hidden in the message:", "  \(preheader)"] }
        if hiddenWords > 0 {
            lines += ["hidden (\(hiddenWords) words):", "  \(hidden.prefix(500))"]
        }
        if views.count > 1 || views[0].probability != nil {
            lines += ["views:"] + views.map(Extraction.line)
        }
        if !links.isEmpty { lines += ["links:"] + links.map { "  \($0)" } }
        lines.append("facts: \(facts.joined(separator: " "))")
        lines.append("tokens (\(tokens.count)): \(tokens.joined(separator: " "))")
        lines.append("defects: \(defects.isEmpty ? "none" : defects.joined(separator: ", "))")
        return lines.joined(separator: "\n")
    }

    private static func line(_ view: View) -> String {
        var line = "  \(view.view.words): \(view.words) words"
        if let probability = view.probability {
            line += String(format: ", probability %.4f", probability)
        }
        if view.decides == true { line += ", decides" }
        return line
    }

    private static func line(_ part: Part) -> String {
        let indent = String(repeating: "  ", count: part.depth + 1)
        let name = part.name.isEmpty ? "" : " \"\(part.name)\""
        let charset = part.charset.isEmpty ? "" : " \(part.charset)"
        let why = MailPart.Reason(rawValue: part.reason).map(explanation) ?? ""
        return "\(indent)\(part.type)\(charset)\(name) \(part.bytes) bytes: \(part.role)\(why)"
    }

    /// Why a part was taken or left, behind its role.
    private static func explanation(_ reason: MailPart.Reason) -> String {
        switch reason {
        case .inline: return ""
        case .preferred: return ", the HTML of the alternatives"
        case .alternativeEmpty: return ", because no HTML says more"
        case .passedOver: return ", another one is shown"
        case .resource: return ", belongs to the root of multipart/related"
        case .disposition: return ", by Content-Disposition"
        case .enclosed: return ", lies in an attached message"
        case .type: return ", not text that clients show"
        case .returned: return ", the message that the report is about"
        case .onlyText: return ", because there is nothing else to read"
        case .limit: return ", not read: beyond a limit"
        case .container: return ""
        }
    }
}
