import CMilter
import Logging
import MailText

/// The state of one connection, from negotiation to close.
///
/// Unchecked `Sendable`: libmilter calls a connection's callbacks on different threads but never
/// two at once, and takes its locks in between, so nothing here needs a lock.
final class MilterSession: @unchecked Sendable {
    private let filter: any MessageFilter
    private let limits: MilterLimits
    private let activity: MilterActivity
    /// The log of the server.
    ///
    /// Each session has its own: at a lock that all messages take, their threads would queue.
    let logger: Logger
    /// Steps whose replies the MTA agreed not to wait for (`SMFIP_NR_*`).
    private let unanswered: UInt
    /// Whether the MTA can be asked to skip the rest of a body.
    private let canSkip: Bool

    private var client = MilterClient()
    private var transaction = Transaction()
    private var body = BoundedBody()
    /// Bytes of the header values kept.
    private var headerBytes = 0
    /// The fields that are kept with their values beyond a limit.
    private var needed = NeededFields()
    private var admission: MilterActivity.Admission?

    init(
        filter: any MessageFilter, limits: MilterLimits, activity: MilterActivity, logger: Logger,
        unanswered: UInt, canSkip: Bool
    ) {
        self.filter = filter
        self.limits = limits
        self.activity = activity
        self.logger = logger
        self.unanswered = unanswered
        self.canSkip = canSkip
    }

    deinit { activity.end(&admission) }

    /// The status that lets the MTA continue after a step.
    private func next(after step: Int) -> sfsistat {
        sfsistat(unanswered & UInt(step) != 0 ? SMFIS_NOREPLY : SMFIS_CONTINUE)
    }

    func connect(name: String, address: String) -> sfsistat {
        client.name = name
        client.address = address
        return next(after: SMFIP_NR_CONN)
    }

    func helo(_ name: String) -> sfsistat {
        client.helo = name
        return next(after: SMFIP_NR_HELO)
    }

    /// MAIL: a new message begins; one before it that had no end is dropped.
    func envelopeSender(_ sender: String, authenticated: String) -> sfsistat {
        reset()
        let admission = activity.begin()
        self.admission = admission
        transaction.began = .now
        transaction.isOverload = admission.isOverload
        transaction.isLate = admission.isLate
        transaction.client = client
        transaction.envelopeSender = MilterSession.withoutBrackets(sender)
        transaction.authenticated = authenticated
        return next(after: SMFIP_NR_MAIL)
    }

    func recipient(_ recipient: String) -> sfsistat {
        if transaction.recipients.count < limits.recipients {
            transaction.recipients.append(MilterSession.withoutBrackets(recipient))
        } else {
            transaction.areRecipientsCut = true
        }
        return next(after: SMFIP_NR_RCPT)
    }

    /// Keeps a field: without its value once the limit on bytes is reached.
    ///
    /// Beyond the limit on fields, and for an overload, only the names that the filter must see are
    /// kept. Fields without which the message is read wrong are kept beyond both limits.
    func header(_ name: String, _ value: [UInt8]) -> sfsistat {
        let hasRoom = transaction.header.count < limits.headerFields
        let isCut = headerBytes >= limits.headerBytes && !value.isEmpty
        if !transaction.isOverload, hasRoom, !isCut {
            headerBytes += value.count
            transaction.header.append(Transaction.HeaderField(name: name, value: value))
            return next(after: SMFIP_NR_HDR)
        }
        transaction.isHeaderCut = true
        if !transaction.isOverload, needed.keeps(name.utf8) {
            let kept = Array(value.prefix(MilterSession.mostBytesOfNeeded))
            transaction.header.append(Transaction.HeaderField(name: name, value: kept))
        } else if !transaction.isOverload && hasRoom || filter.mustSee(header: name) {
            transaction.header.append(Transaction.HeaderField(name: name, value: []))
        }
        return next(after: SMFIP_NR_HDR)
    }

    /// Bytes that are kept of the value of a field beyond a limit.
    private static let mostBytesOfNeeded = 64 * 1_024

    func endOfHeader() -> sfsistat { next(after: SMFIP_NR_EOH) }

    /// Collects the body within the scan limit; asks the MTA to send no more once it is full.
    func body(_ chunk: UnsafeBufferPointer<UInt8>) -> sfsistat {
        if transaction.isOverload { body.cut() }
        body.append(chunk.span, limit: limits.bodyBytes, header: { transaction.headerBlock })
        return sfsistat(body.isFull && canSkip ? SMFIS_SKIP : SMFIS_CONTINUE)
    }

    /// Judges the message, which is complete.
    ///
    /// The caller applies the response, then calls ``finish()``.
    func endOfMessage(queueID: String, progress: () -> Void) -> MilterResponse {
        transaction.queueID = queueID
        transaction.setBody(body)
        return filter.filter(transaction, progress: progress)
    }

    /// Ends the message, whose response was passed to libmilter: only now may a drain count it as
    /// done.
    func finish() { reset() }

    /// Ends the message without a response: after RSET, a lost connection or a refusal by the MTA.
    func abort() { reset() }

    private func reset() {
        transaction = Transaction()
        body = BoundedBody()
        headerBytes = 0
        needed = NeededFields()
        activity.end(&admission)
    }

    /// An address without the angle brackets of SMTP.
    private static func withoutBrackets(_ address: String) -> String {
        var text = address[...]
        if text.hasPrefix("<") { text = text.dropFirst() }
        if text.hasSuffix(">") { text = text.dropLast() }
        return String(text)
    }
}
