extension MilterConnection {
    /// What the filter asked for and answered at end-of-message.
    public struct Outcome: Equatable, Sendable {
        public enum Reply: Equatable, Sendable {
            case accept
            case reject
            case tempfail
            case discard
            /// A reply line of the filter's own.
            case text(String)
        }
        public var reply: Reply
        /// Inserted fields, in the order they were asked for.
        public var inserted: [Field] = []
        /// Deleted fields: name and occurrence.
        public var deleted: [Deletion] = []
        /// Values given to fields, by name and occurrence.
        public var changed: [Change] = []
        public var addedRecipients: [String] = []
        public var deletedRecipients: [String] = []
        /// Why the message is to be held, if it is.
        public var quarantine: String?
        /// How often the filter asked for patience.
        public var progress = 0

        /// The value of an inserted field.
        public func value(_ name: String) -> String? { inserted.first { $0.name == name }?.value }
    }

    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public struct Deletion: Equatable, Sendable {
        public var name: String
        public var occurrence: Int
        public init(_ name: String, _ occurrence: Int) {
            self.name = name
            self.occurrence = occurrence
        }
    }

    public struct Change: Equatable, Sendable {
        public var name: String
        public var occurrence: Int
        public var value: String
    }
}
