import MailText

/// One message of a data set.
public struct CorpusMessage: Sendable {
    /// Where a message is stored.
    public struct Location: Sendable, Equatable {
        /// A file that can be opened; `-` for standard input.
        public var path: String
        /// What of the file it is: the path in an archive, the number in a mailbox, the id or line
        /// of a table's row; nil when it is all of the file.
        public var member: String?

        /// Creates a location from its parts.
        public init(path: String, member: String? = nil) {
            self.path = path
            self.member = member
        }

        /// A part of what is stored here.
        func part(_ name: String) -> Location {
            Location(path: path, member: member.map { "\($0)#\(name)" } ?? name)
        }
    }

    /// The data set's name: the name of its file or directory up to the first dot.
    public var set: String
    /// The path inside the data set, or the id of a CSV row.
    public var path: String
    /// The label from the command line or a column; nil when neither gives one.
    public var label: String?
    /// The part from the column `split` of a CSV file; nil when there is none.
    public var part: DataSplit?
    /// The message itself.
    public var content: MailInput
    /// Where it is stored; nil for messages that are in no file.
    public var location: Location?

    /// Creates a message from its parts.
    public init(
        set: String, path: String, label: String?, part: DataSplit? = nil, content: MailInput,
        location: Location? = nil
    ) {
        self.set = set
        self.path = path
        self.label = label
        self.part = part
        self.content = content
        self.location = location
    }

    /// The name of the directory that holds the message; nil at the top of the data set.
    public var folder: String? { folders.last.map(String.init) }

    /// The label in a data set of ham and spam.
    ///
    /// It is ``label``, or else the name of the nearest enclosing directory called `ham` or `spam`.
    public var spamLabel: String? {
        label ?? folders.reversed().map(String.init).first { Label(rawValue: $0) != nil }
    }

    /// Names of the enclosing directories, outermost first.
    private var folders: ArraySlice<Substring> { path.split(separator: "/").dropLast() }
}
