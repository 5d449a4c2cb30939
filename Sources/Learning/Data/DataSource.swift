/// A data set as it was read, for reports: its name, size and digest.
public struct DataSource: Codable, Sendable, Equatable {
    /// The name of the data set.
    public var name: String
    /// Messages that were read.
    public var messages: Int
    /// SHA-256 over path, label (for training also the part) and content of all messages in order,
    /// in hexadecimal.
    public var sha256: String

    /// A data set.
    public init(name: String, messages: Int, sha256: String) {
        self.name = name
        self.messages = messages
        self.sha256 = sha256
    }
}
