/// A data set as it was read, for reports: its name, size and digest.
public struct DataSource: Codable, Sendable, Equatable {
    /// The name of the data set.
    public var name: String
    /// Messages that were read.
    public var messages: Int
    /// SHA-256 over path, label (for training also the part) and content of all messages in order,
    /// in hexadecimal.
    public var sha256: String
}
