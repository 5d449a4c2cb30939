/// The class that a label gives a message: spam, ham, or another label of the model.
public struct LabelClass: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name, as in the model's list of labels.
    public let rawValue: String

    /// Unwanted mail.
    public static let spam = LabelClass(checked: "spam")
    /// Wanted mail.
    public static let ham = LabelClass(checked: "ham")

    /// The longest name, in bytes.
    private static let longest = 64

    /// A class of this name; nil for an empty or long name or one with control characters.
    public init?(rawValue: String) {
        guard rawValue.isPlain(upTo: LabelClass.longest), !rawValue.isEmpty else { return nil }
        self.rawValue = rawValue
    }

    private init(checked: String) { rawValue = checked }

    /// The name.
    public var description: String { rawValue }
}

extension String {
    /// Whether the text has at most so many bytes and no control characters.
    ///
    /// - Parameter limit: in bytes of UTF-8.
    /// - Returns: false for a text that does not belong into a store, a log line or a terminal.
    func isPlain(upTo limit: Int) -> Bool {
        utf8.count <= limit && utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
