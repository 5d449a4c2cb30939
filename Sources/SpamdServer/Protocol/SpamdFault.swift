/// Why a request is not fulfilled, in spamd's words.
///
/// The codes are those of sysexits(3), and 79 for a time-out. SpamAssassin's spamd answers so too,
/// with the same beginnings; spamc makes 74 of all of them if `-x` is given.
enum SpamdFault: Error, Equatable, Sendable {
    /// The request breaks the protocol (76).
    case malformed(String)
    /// The daemon can't do it, now or ever (69).
    case unavailable(String)
    /// The client or the daemon took too long (79).
    case timeout(String)
    /// The message is larger than the port takes (65).
    case tooLarge(limit: Int)

    /// The code of the answer.
    var code: Int {
        switch self {
        case .malformed: 76
        case .unavailable: 69
        case .timeout: 79
        case .tooLarge: 65
        }
    }

    /// The whole answer.
    var answer: [UInt8] { Array("SPAMD/1.0 \(code) \(words)\r\n".utf8) }

    private var words: String {
        switch self {
        case .malformed(let reason): "Bad header line: \(reason)"
        case .unavailable(let reason): "Service Unavailable: \(reason)"
        case .timeout(let reason): "Timeout: \(reason)"
        case .tooLarge(let limit): "Message too large: more than \(limit) bytes"
        }
    }
}
