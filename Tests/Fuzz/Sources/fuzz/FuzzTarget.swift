import MailText
import Models
import Scoring
import TextFeatures

/// One way into the text front end, with arbitrary bytes. Every way ends in the whole pipeline, so
/// that what one stage makes of an input is also the next stage's input.
enum FuzzTarget: String, CaseIterable {
    /// A whole message.
    case mime
    /// The body of a text/html part.
    case html
    /// The first byte picks a charset, the rest is text in it.
    case charset
    /// The lines of a header block.
    case header
    /// The text of a part, as the tokeniser gets it.
    case tokens

    private static let charsets = [
        "utf-8", "us-ascii", "iso-8859-1", "windows-1251", "koi8-r", "iso-2022-jp", "shift_jis",
        "euc-jp", "gb2312", "gb18030", "big5", "euc-kr", "iso-2022-kr", "hz-gb-2312", "utf-7",
        "utf-16", "utf-16le", "utf-16be", "utf-32", "windows-874", "iso-8859-8-i", "scsu", "bocu-1",
        "imap-mailbox-name", "ibm037", "x-nonsense", "cesu-8", "iso-2022-cn", "macintosh", "viscii",
    ]

    /// The message that carries an input.
    func message(_ input: [UInt8]) -> [UInt8] {
        switch self {
        case .mime: return input
        case .html: return Array("Content-Type: text/html; charset=utf-8\n\n".utf8) + input
        case .charset:
            let index = Int(input.first ?? 0) % FuzzTarget.charsets.count
            let type = "Content-Type: text/plain; charset=\(FuzzTarget.charsets[index])\n\n"
            return Array(type.utf8) + input.dropFirst()
        case .header: return input.filter { $0 != 0x0D } + Array("\n\nbody".utf8)
        case .tokens: return Array("Content-Type: text/plain; charset=utf-8\n\n".utf8) + input
        }
    }

    /// Inputs of this kind that a real message holds.
    func seeds(of message: [UInt8]) -> [[UInt8]] {
        let content = MailContent(message: message)
        switch self {
        case .mime: return [message]
        case .html: return content.texts.filter(\.isHTML).map(\.bytes)
        case .charset:
            return content.texts.enumerated().map { index, text in
                [UInt8(truncatingIfNeeded: index + text.bytes.count)] + text.bytes
            }
        case .header:
            let text = String(decoding: message, as: UTF8.self)
            return [Array(text.replacing("\r\n", with: "\n").split(separator: "\n\n")[0].utf8)]
        case .tokens: return [content.subject ?? [], content.body.bytes]
        }
    }

    /// Reads an input to the end and stops the process if what comes out can't be.
    func run(_ input: [UInt8]) {
        let message = message(input)
        let content = read(message)
        guard self == .mime || self == .header, FuzzTarget.isByteOriented(message) else { return }
        let bare = message.filter { $0 != 0x0D }
        let canonical = bare.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        let one = bare == message ? content : read(bare)
        let other = read(canonical)
        precondition(one.body == other.body, "the line end changes the visible text")
        precondition(one.subject == other.subject, "the line end changes the subject")
        precondition(one.header == other.header, "the line end changes the header facts")
        precondition(
            one.parts.map(\.role) == other.parts.map(\.role), "the line end changes the parts")
    }

    /// In UTF-16 and its like a carriage return that is put in changes the text, as it must; so it
    /// does in compressed and encoded binary forms.
    private static func isByteOriented(_ message: [UInt8]) -> Bool {
        !message.contains(0) && !message.contains(0xFF) && !message.contains(0xFE)
            && !String(decoding: message, as: UTF8.self).lowercased().contains("charset")
    }

    private func read(_ message: [UInt8]) -> MailContent {
        let content = MailContent(message: message)
        let body = content.body
        precondition(String(validating: body.bytes, as: UTF8.self) != nil, "text is not UTF-8")
        precondition(
            String(validating: body.hiddenBytes, as: UTF8.self) != nil, "hidden is not UTF-8")
        precondition(
            String(validating: content.subject ?? [], as: UTF8.self) != nil, "subject is not UTF-8")
        var last = 0
        for mark in body.marks {
            precondition(mark.offset >= last && mark.offset <= body.bytes.count, "mark misplaced")
            last = mark.offset
        }
        let document = Document(content)
        for pipeline in FuzzTarget.pipelines {
            let ids = pipeline.ids(
                of: pipeline.tokens(of: document), in: FuzzTarget.vocabulary(for: pipeline))
            precondition(ids.count <= pipeline.spec.tokenHead + pipeline.spec.tokenTail)
        }
        return content
    }

    private static let pipelines = [TextPipelineSpec.standard, .seed].compactMap {
        try? TextPipeline($0)
    }
    private static let vocabularies = pipelines.map(makeVocabulary)

    private static func vocabulary(for pipeline: TextPipeline) -> Vocabulary {
        vocabularies[pipeline.spec.profile == .seed ? 1 : 0]
    }

    private static func makeVocabulary(_ pipeline: TextPipeline) -> Vocabulary {
        let words = "the viagra free money click here now and of to in meeting tomorrow a e i o"
        var builder = VocabularyBuilder()
        for _ in 0..<4 {
            let document = Document(MailContent(plainText: words))
            builder.add(pipeline.tokens(of: document))
        }
        return builder.vocabulary(for: pipeline.spec, size: 1_000, minimumFrequency: 1)
    }
}
