import Feedback

extension LabelSelection {
    /// A text that selects no labels.
    public struct ParseError: Error, CustomStringConvertible, Sendable {
        /// What is wrong, and what is accepted.
        public var description: String
    }

    /// A selection by a name and a value, as command line and HTTP have it.
    ///
    /// - Parameters:
    ///   - name: `by`, `person`, `mailbox`, `digest`, `before`, `time` or `all`.
    ///   - value: a source, an address, a mailbox, 64 hexadecimal digits, seconds since 1970, two
    ///     of those with a hyphen between them, or `1`.
    /// - Throws: ``ParseError``, `LabelSource.ParseError`.
    public init(name: String, value: String) throws {
        func fail(_ form: String) -> ParseError {
            ParseError(description: "\(name)=\(value.prefix(100)): \(form)")
        }
        switch name {
        case "by": self = .source(try LabelSource(parsing: value))
        case "person": self = .person(value)
        case "mailbox": self = .mailbox(value)
        case "digest":
            guard let digest = MessageDigest(hex: value) else {
                throw fail("a digest has 64 hexadecimal digits")
            }
            self = .message(digest)
        case "before":
            guard let time = Int64(value) else { throw fail("give seconds since 1970") }
            self = .before(time)
        case "time":
            let times = value.split(separator: "-").compactMap { Int64($0) }
            guard times.count == 2, times[0] <= times[1] else {
                throw fail("give two times in seconds since 1970, FROM-TO")
            }
            self = .time(times[0]...times[1])
        case "all":
            guard value == "1" else { throw fail("give all=1") }
            self = .all
        default:
            throw fail("labels are named by=, person=, mailbox=, digest=, before=, time= or all=1")
        }
    }
}
