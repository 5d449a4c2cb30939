extension MilterConnection {
    /// The changes and the reply that the filter sent at end-of-message.
    public struct Outcome: Equatable, Sendable {
        /// The last packet of the filter.
        public enum Reply: Equatable, Sendable {
            /// Accept or continue.
            case accept
            /// Reject with the MTA's text.
            case reject
            /// Defer with the MTA's text.
            case tempfail
            /// Accept and delete.
            case discard
            /// Reject or defer with this code and text.
            case text(String)
        }

        /// The reply.
        public var reply: Reply
        /// Inserted fields, in the order they were asked for.
        public var inserted: [Field] = []
        /// Deleted fields.
        public var deleted: [Deletion] = []
        /// Fields with a new value.
        public var changed: [Change] = []
        /// Added recipients, with angle brackets.
        public var addedRecipients: [String] = []
        /// Deleted recipients, with angle brackets.
        public var deletedRecipients: [String] = []
        /// The reason for which the message is to be held; nil where it is not.
        public var quarantine: String?
        /// How often the filter reported progress.
        public var progress = 0

        /// The value of the first inserted field with this name.
        public func value(_ name: String) -> String? { inserted.first { $0.name == name }?.value }
    }

    /// A header field.
    public struct Field: Equatable, Sendable {
        /// Without the colon.
        public var name: String
        /// Folds are LF and white space.
        public var value: String

        /// A field with this name and value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A field that is to be deleted.
    public struct Deletion: Equatable, Sendable {
        /// Name of the field.
        public var name: String
        /// Which of the fields with this name, from 1.
        public var occurrence: Int

        /// The deletion of the field with this name and occurrence.
        public init(_ name: String, _ occurrence: Int) {
            self.name = name
            self.occurrence = occurrence
        }
    }

    /// A field that gets another value.
    public struct Change: Equatable, Sendable {
        /// Name of the field.
        public var name: String
        /// Which of the fields with this name, from 1.
        public var occurrence: Int
        /// The new value.
        public var value: String
    }
}
