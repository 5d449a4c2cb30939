import MailText
import Models
import TextFeatures

/// Conditions that hold for every message, however broken.
enum Invariants {
    /// Bytes beyond `MailLimits.textBytes` that finishing the last character or line may add.
    private static let textSlack = 1_024

    /// The conditions that do not hold after a message is read and tokenised.
    static func violations(
        in message: [UInt8], limits: MailLimits = MailLimits()
    ) -> [String] {
        let content = MailContent(message: message, limits: limits)
        let body = content.body
        var found: [String] = []
        func expect(_ condition: Bool, _ violation: String) {
            if !condition { found.append(violation) }
        }
        expect(isUTF8(body.bytes), "the text is not UTF-8")
        expect(isUTF8(body.hiddenBytes), "the hidden text is not UTF-8")
        expect(isUTF8(content.subject ?? []), "the subject is not UTF-8")
        expect(body.bytes.count <= limits.textBytes + textSlack, "the text exceeds its limit")
        expect(
            body.hiddenBytes.count <= limits.textBytes + textSlack, "hidden text exceeds its limit")
        expect(content.parts.count <= limits.parts, "there are more parts than their limit")
        expect(content.defects.count <= Defect.allCases.count, "a defect is reported twice")
        let offsets = [0] + body.marks.map(\.offset) + [body.bytes.count]
        expect(zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }, "a mark is misplaced")
        let document = Document(content)
        for (pipeline, vocabulary) in pipelines {
            let ids = pipeline.ids(of: pipeline.tokens(of: document), in: vocabulary)
            let limit = pipeline.spec.tokenHead + pipeline.spec.tokenTail
            expect(ids.count <= limit, "there are more tokens than their limit")
        }
        return found
    }

    /// The differences that it makes whether lines end in LF or in CRLF; none for messages that are
    /// not made of lines.
    static func lineEndViolations(in message: [UInt8]) -> [String] {
        guard isByteOriented(message) else { return [] }
        let bare = message.filter { $0 != 0x0D }
        let canonical = bare.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        let one = MailContent(message: bare)
        let other = MailContent(message: canonical)
        // How far reading comes in its time is no property of the message.
        guard !one.defects.contains(.limitTime), !other.defects.contains(.limitTime) else {
            return []
        }
        var found: [String] = []
        if one.body != other.body { found.append("the line end changes the visible text") }
        if one.subject != other.subject { found.append("the line end changes the subject") }
        if one.header != other.header { found.append("the line end changes the header facts") }
        if one.parts.map(\.role) != other.parts.map(\.role) {
            found.append("the line end changes the parts")
        }
        return found
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    /// False for UTF-16 and its like, and for compressed and encoded binary forms, where a carriage
    /// return that is inserted changes the text, and must.
    private static func isByteOriented(_ message: [UInt8]) -> Bool {
        !message.contains(0) && !message.contains(0xFF) && !message.contains(0xFE)
            && !String(decoding: message, as: UTF8.self).lowercased().contains("charset")
    }

    /// Both profiles' pipelines, each with a small vocabulary.
    private static let pipelines: [(TextPipeline, Vocabulary)] =
        [TextPipelineSpec.standard, .seed].compactMap { try? TextPipeline($0) }
        .map { ($0, makeVocabulary($0)) }

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
