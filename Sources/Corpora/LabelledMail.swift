/// A source of labelled messages: a ``Corpus`` on disk, or any other store of messages to learn
/// from.
public protocol LabelledMail: Sendable {
    /// The name of the data set, as reports and split files give it.
    var name: String { get }

    /// Where the messages are stored, for error messages.
    var path: String { get }

    /// Calls `body` with each message, in the same order each time.
    ///
    /// - Parameter body: called on the caller's thread.
    /// - Throws: an error of the source, or what `body` throws.
    func forEach(_ body: (CorpusMessage) throws -> Void) throws

    /// Calls `body` with each message, and `leftOut` with each file that is no mail or can't be
    /// read.
    ///
    /// - Parameters:
    ///   - body: called on the caller's thread.
    ///   - leftOut: called on the caller's thread.
    /// - Throws: an error of the source, or what `body` or `leftOut` throws.
    func forEach(
        _ body: (CorpusMessage) throws -> Void, leftOut: (LeftOutFile) throws -> Void
    ) throws
}

extension LabelledMail {
    /// For sources that hold nothing but messages.
    public func forEach(
        _ body: (CorpusMessage) throws -> Void, leftOut: (LeftOutFile) throws -> Void
    ) throws {
        try forEach(body)
    }
}

extension Corpus: LabelledMail {}
