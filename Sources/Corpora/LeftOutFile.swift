/// A file of a data set that could not be read as mail, and so is left out.
public struct LeftOutFile: Sendable, Equatable {
    /// The path inside the data set, as ``CorpusMessage/path``.
    public var path: String
    /// Why, human-readable; the path is the subject of the sentence.
    public var reason: String

    /// Creates the record of a file.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
