/// What a client of spamd asks for; the raw value is the word of the request's first line.
enum SpamdCommand: String, CaseIterable, Sendable {
    /// Is it spam?
    case check = "CHECK"
    /// The names of the tests that hit.
    case symbols = "SYMBOLS"
    /// What was found, in words.
    case report = "REPORT"
    /// The same, of spam only.
    case reportIfSpam = "REPORT_IFSPAM"
    /// The message with the fields that the filter adds.
    case process = "PROCESS"
    /// The header of that.
    case headers = "HEADERS"
    /// Learn or forget a message.
    case tell = "TELL"
    /// Are you there?
    case ping = "PING"
    /// The client has changed its mind.
    case skip = "SKIP"

    /// Whether a message follows the header.
    var hasMessage: Bool { self != .ping && self != .skip }
}

/// The version of the protocol that a client speaks.
struct SpamdVersion: Comparable, Sendable {
    var major: Int
    var minor: Int

    /// The first version whose requests have header fields is later than this.
    static let withoutFields = SpamdVersion(major: 1, minor: 0)
    /// Answers to PROCESS may have `Content-length`.
    static let withLength = SpamdVersion(major: 1, minor: 2)
    /// Answers may have several fields.
    static let withFields = SpamdVersion(major: 1, minor: 3)
    /// Requests without a message end with an empty line too.
    static let current = SpamdVersion(major: 1, minor: 5)

    static func < (left: SpamdVersion, right: SpamdVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

extension SpamdVersion {
    /// Reads `1.5`, or a whole number; nil for other texts.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let major = parts.first.flatMap({ Int($0) }), major >= 0 else { return nil }
        guard parts.count == 2 else {
            self.init(major: major, minor: 0)
            return
        }
        guard let minor = Int(parts[1]), minor >= 0 else { return nil }
        self.init(major: major, minor: minor)
    }
}
