import Milter
import Scoring

/// Learns of the mail that passes the filter.
///
/// Called on libmilter's threads while the MTA waits, so it must not block.
public protocol MailObserver: Sendable {
    /// A message was judged.
    ///
    /// - Parameters:
    ///   - message: judged.
    ///   - transaction: in which it came.
    ///   - bytes: the message as it was read.
    func judged(_ message: JudgedMessage, _ transaction: Transaction, bytes: [UInt8])
    /// A user who logged in sent a message, which was not judged.
    func sent(_ transaction: Transaction)
}
