import MailText

/// One message of a data set.
public struct CorpusMessage: Sendable {
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

    /// Creates a message from its parts.
    public init(
        set: String, path: String, label: String?, part: DataSplit? = nil, content: MailInput
    ) {
        self.set = set
        self.path = path
        self.label = label
        self.part = part
        self.content = content
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
