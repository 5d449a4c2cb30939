/// What is wrong with a data set, a split file or a mailbox; names the file and the place.
public struct CorpusError: Error, CustomStringConvertible {
    public var path: String
    public var reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}
