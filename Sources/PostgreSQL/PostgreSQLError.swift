/// The reason why the database did not do what was asked.
public struct PostgreSQLError: Error, CustomStringConvertible, Sendable, Equatable {
    /// What kind of failure it is.
    public enum Kind: Sendable {
        /// No server answers: the connection is gone, the server starts or stops, or a time limit
        /// passed without an answer.
        case unavailable
        /// The server answers but can't now: a lock or a statement took too long, a deadlock, a
        /// serialization failure, or all connections are taken.
        case busy
        /// The server's disk or another bound of it is full.
        case full
        /// The server takes no changes: it is a standby.
        case readOnly
        /// The server refuses the role, the password, a right, or TLS can't be verified.
        case refused
        /// A unique key, a check or a foreign key does not permit the change.
        case constraint
        /// A value, a statement or an address is not valid.
        case invalid
        /// Anything else.
        case failed
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// The server's code of five letters and digits (PostgreSQL's appendix A), if it gave one.
    public var sqlState: String?
    /// What is wrong, without any secret.
    public var reason: String
    /// True when the connection was lost while the server committed: the changes may be there or
    /// not, and only a look at the database tells.
    public var isOutcomeUnknown = false
    /// The name of the constraint that was broken, if one was.
    public var constraint: String?

    /// An error of this kind.
    public init(_ kind: Kind, _ reason: String, sqlState: String? = nil) {
        self.kind = kind
        self.reason = reason
        self.sqlState = sqlState
    }

    /// One line for the log or the terminal.
    public var description: String {
        sqlState.map { "PostgreSQL: \(reason) (\($0))" } ?? "PostgreSQL: \(reason)"
    }

    /// Whether the same may succeed later without anybody's help or a change to what was asked.
    public var isTransient: Bool {
        switch kind {
        case .unavailable, .busy, .full, .readOnly: true
        case .refused, .constraint, .invalid, .failed: false
        }
    }
}

extension PostgreSQLError.Kind {
    /// The kind of a code of the server.
    init(sqlState: String) {
        switch sqlState {
        // A server that starts, stops, crashed or was told to end the session.
        case "57P01", "57P02", "57P03", "57P05": self = .unavailable
        case "57014", "55P03", "53300", "40001", "40P01": self = .busy
        case "25006": self = .readOnly
        case "42501", "3D000", "3F000", "0LP01": self = .refused
        default:
            switch sqlState.prefix(2) {
            case "08": self = .unavailable
            case "53": self = .full
            case "28": self = .refused
            case "23": self = .constraint
            case "22", "42", "54": self = .invalid
            default: self = .failed
            }
        }
    }
}

extension PostgreSQLError {
    /// An attempt to connect that failed.
    ///
    /// libpq has no code for these but writes the server's into the text when asked for verbose
    /// messages: `FATAL:  28P01: password authentication failed`, whatever the server's language.
    static func connecting(_ text: String) -> PostgreSQLError {
        // The second line names a line of the server's source code.
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
        if let code = line.firstMatch(of: #/: +(?<code>(?=[A-Z]*[0-9])[0-9A-Z]{5}): /#) {
            let state = String(code.output.code)
            let reason = line.replacing("\(state): ", with: "")
            return PostgreSQLError(Kind(sqlState: state), reason, sqlState: state)
        }
        let isTLS =
            line.contains("certificate") || line.contains("does not support SSL")
            || line.contains("SSL error: ")
        if line.contains("session is read-only") || line.contains("server is in hot standby") {
            return PostgreSQLError(.readOnly, line)
        }
        return PostgreSQLError(isTLS ? .refused : .unavailable, line)
    }
}
