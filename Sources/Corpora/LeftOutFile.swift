/// A file of a data set that could not be read as mail, and so is left out.
public struct LeftOutFile: Sendable, Equatable {
    /// The path inside the data set, as ``CorpusMessage/path``.
    public var path: String
    /// Why, human-readable; the path is the subject of the sentence.
    public var reason: String
    /// Whether it is a file or folder that the system does not let this user read; it may well
    /// hold mail.
    public var isInaccessible: Bool

    /// Creates the record of a file.
    public init(path: String, reason: String, isInaccessible: Bool = false) {
        self.path = path
        self.reason = reason
        self.isInaccessible = isInaccessible
    }
}
