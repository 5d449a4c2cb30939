import ASCIIText
import FilterPolicy
import Logging
import MailText

/// The one line that a message leaves in the log, gathered while the message is judged.
///
/// Keys have a fixed order; everything from outside is escaped and cut.
public struct MessageLog: Sendable {
    /// How addresses and message ids are shown.
    public enum Addresses: String, Sendable, CaseIterable {
        /// As they are.
        case plain
        /// As a word that stays the same until siftd is restarted.
        case hashed
        /// Not at all.
        case omitted
    }

    /// The MTA's queue id; empty while there is none.
    public let queueID: String
    /// How the message's addresses and id are shown.
    public var addresses = Addresses.plain
    /// `skipped` until the message is judged.
    public var verdict = Verdict.skipped
    /// What the policy does with the message.
    public var action = Action.accept
    /// 0 to 10.
    public var points = 0.0
    /// Points from which a message is spam.
    public var required = 0.0
    /// Nil for a message that was not judged.
    public var probability: Double?
    /// The model's id.
    public var model = ""
    /// The client's address.
    public var client = ""
    /// The user who logged in; empty for nobody.
    public var authenticated = ""
    /// Without angle brackets; empty for bounces.
    public var envelopeSender = ""
    /// Envelope recipients.
    public var recipients = 0
    /// Of the message as read.
    public var bytes = 0
    /// The Message-ID; empty for none.
    public var messageID = ""
    /// Time to read the message.
    public var parseTime = Duration.zero
    /// Time it waited for a scoring worker.
    public var queueTime = Duration.zero
    /// Time to score it.
    public var inferTime = Duration.zero
    /// Time from end-of-message to the answer.
    public var totalTime = Duration.zero
    /// Messages scored together; 0 for a message that was not scored.
    public var batch = 0
    /// Why a message was not judged, or was judged unsure; empty otherwise.
    public var reason = ""
    /// Whose policy decided, where recipients have policies of their own; empty otherwise.
    public var policy = ""
    /// What the site's labels added to the logit, and how many there are; nil without labels.
    public var site: (sum: Double, labels: Int)?
    /// The revision of the labels, where several hosts share them; nil elsewhere.
    public var siteRevision: Int64?
    /// How the message was looked at when it was judged so; nil for a message that was not judged.
    public var view: MailView?
    /// What a client of the spamd port asked for; nil for a message of the milter.
    public var command: String?
    /// For whom a client of the spamd port asked; empty for nobody.
    public var user = ""
    /// Oddities of the message, and limits it met.
    public var defects: [Defect] = []

    /// - Parameter queueID: of the MTA; empty while there is none.
    public init(queueID: String) { self.queueID = queueID }

    /// The line as an event, below 1,000 bytes as text.
    public var event: MailLogEvent {
        MailLogEvent(nil, .info, queueID: queueID, fields)
    }

    private var fields: [MailLogEvent.Field] {
        var fields: [MailLogEvent.Field] = [
            (.verdict, .word(verdict.rawValue)), (.action, .word(action.rawValue)),
            (.score, .word(points.fixed(2))), (.required, .word(required.fixed(2))),
            (.probability, .word(probability.map { $0.fixed(4) } ?? "")),
            (.model, .foreign(model, limit: MailLogEvent.longestModelID)),
            (.client, .foreign(shown(client), limit: 80)),
            (.authenticated, .foreign(shown(authenticated), limit: 60)),
            (.envelopeSender, .bracketed(shown(envelopeSender), limit: 120)),
            (.recipients, .word("\(recipients)")), (.bytes, .word("\(bytes)")),
            (.messageID, .foreign(shown(messageID), limit: 120)),
            (.parseTime, .word(MessageLog.milliseconds(parseTime))),
            (.queueTime, .word(MessageLog.milliseconds(queueTime))),
            (.inferTime, .word(MessageLog.milliseconds(inferTime))),
            (.totalTime, .word(MessageLog.milliseconds(totalTime))), (.batch, .word("\(batch)")),
        ]
        if let site {
            fields.append((.site, .word(site.sum.fixed(2))))
            fields.append((.siteLabels, .word("\(site.labels)")))
        }
        if let siteRevision { fields.append((.siteRevision, .word("\(siteRevision)"))) }
        if !reason.isEmpty { fields.append((.reason, .foreign(reason, limit: 60))) }
        if !policy.isEmpty { fields.append((.policy, .foreign(policy, limit: 60))) }
        if let view, view != .asSeen { fields.append((.view, .word(view.rawValue))) }
        if let command {
            fields.append((.command, .word(command)))
            fields.append((.user, .foreign(shown(user), limit: 60)))
        }
        let flags = defects.prefix(MessageLog.mostDefects).map(\.rawValue)
        fields.append((.flags, .word(flags.joined(separator: ","))))
        return fields
    }

    /// Defects named at most, so that the line stays below 1,000 bytes.
    private static let mostDefects = 8

    /// An address or message id as the admin wants it shown.
    private func shown(_ value: String) -> String {
        switch addresses {
        case .plain: value
        case .omitted: ""
        case .hashed: value.isEmpty ? "" : MessageLog.secretHash(value.lowercased())
        }
    }

    /// SipHash with the secret of the process (`Hasher`): the same value gives the same word while
    /// siftd runs, and nobody can try out addresses on an old log.
    private static func secretHash(_ value: String) -> String {
        var hasher = Hasher()
        hasher.combine(value)
        let digits = String(UInt64(bitPattern: Int64(hasher.finalize())), radix: 16)
        return "#" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    private static func milliseconds(_ time: Duration) -> String {
        (time / .milliseconds(1)).fixed(2)
    }
}
