import MailText
import TextFeatures

/// A message as a model's pipeline reads it: what a score rests on, and what an explanation needs
/// to name the text behind it.
public struct MessageTokens: Sendable {
    /// The text and facts that were read, without the source of the text.
    let document: Document
    /// Its tokens.
    let stream: TokenStream
    /// The ids of the tokens in the model's vocabulary, fewer than 65,536.
    public let ids: [Int32]
}

extension ScoringModel {
    /// Reads a message.
    ///
    /// If the pipeline leaves out text of a long message, that is added to the content's defects.
    public func tokens(of content: inout MailContent) -> MessageTokens {
        var document = Document(content)
        let stream = pipeline.tokens(of: document)
        // Explanations name visible text only, and messages that wait to be judged take memory.
        document.source = []
        document.plainText = nil
        if stream.isTextCut { content.add(.limitText) }
        if stream.isTokenCut { content.add(.limitTokens) }
        return MessageTokens(
            document: document, stream: stream, ids: pipeline.ids(of: stream, in: vocabulary))
    }

    /// Reads a message; what the pipeline leaves out of a long one is not told.
    public func tokens(of content: MailContent) -> MessageTokens {
        var content = content
        return tokens(of: &content)
    }

    /// The ids of a message, fewer than 65,536.
    public func ids(of content: MailContent) -> [Int32] { tokens(of: content).ids }

    /// The tokens of a message by the pipeline `TextPipelineSpec.standard`, which are the model's
    /// own if that is its pipeline.
    public func standardTokens(of content: MailContent, _ tokens: MessageTokens) -> TokenStream {
        pipeline.spec.hasTokens(of: .standard)
            ? tokens.stream : ScoringModel.standardTokens(of: content)
    }

    /// The tokens of a message by the pipeline `TextPipelineSpec.standard`.
    public static func standardTokens(of content: MailContent) -> TokenStream {
        TextPipeline.standard.tokens(of: Document(content))
    }

    /// What finds the text that ids of a message stand for.
    func writtenText(of tokens: MessageTokens) -> WrittenText {
        let (document, stream) = (tokens.document, tokens.stream)
        return WrittenText(
            document, stream, pipeline.sources(of: stream, in: document),
            pipeline.origins(of: stream, in: vocabulary))
    }
}
