import CMilter
import Logging

/// The state of one connection, from negotiation to close.
///
/// Unchecked `Sendable`: libmilter calls a connection's callbacks on different threads but never two
/// at once, with its own locks in between, so nothing here needs a lock.
final class MilterSession: @unchecked Sendable {
    private let filter: any MessageFilter
    private let limits: MilterLimits
    private let activity: MilterActivity
    /// Steps whose replies the MTA agreed not to wait for (`SMFIP_NR_*`).
    private let unanswered: UInt
    private let canSkip: Bool

    private var client = MilterClient()
    private var transaction = Transaction()
    private var headerBytes = 0
    private var ticket: MilterActivity.Ticket?

    init(
        filter: any MessageFilter, limits: MilterLimits, activity: MilterActivity, unanswered: UInt,
        canSkip: Bool
    ) {
        self.filter = filter
        self.limits = limits
        self.activity = activity
        self.unanswered = unanswered
        self.canSkip = canSkip
    }

    deinit { activity.end(&ticket) }

    private func quiet(_ step: Int) -> sfsistat {
        sfsistat(unanswered & UInt(step) != 0 ? SMFIS_NOREPLY : SMFIS_CONTINUE)
    }

    func connect(name: String, address: String) -> sfsistat {
        client.name = name
        client.address = address
        return quiet(SMFIP_NR_CONN)
    }

    func helo(_ name: String) -> sfsistat {
        client.helo = name
        return quiet(SMFIP_NR_HELO)
    }

    /// MAIL: a new message begins, whatever came before.
    func envelopeSender(_ sender: String, authenticated: String) -> sfsistat {
        reset()
        let ticket = activity.begin()
        self.ticket = ticket
        transaction.isOverload = ticket.isOverload
        transaction.client = client
        transaction.envelopeSender = MilterSession.bare(sender)
        transaction.authenticated = authenticated
        return quiet(SMFIP_NR_MAIL)
    }

    func recipient(_ recipient: String) -> sfsistat {
        if transaction.recipients.count < limits.recipients {
            transaction.recipients.append(MilterSession.bare(recipient))
        } else {
            transaction.areRecipientsCut = true
        }
        return quiet(SMFIP_NR_RCPT)
    }

    /// Values beyond the limit on bytes are dropped, and fields beyond their number, except those
    /// that the filter must see. Of a message too many only the latter are kept.
    func header(_ name: String, _ value: [UInt8]) -> sfsistat {
        if transaction.isOverload || transaction.header.count >= limits.headerFields {
            transaction.isHeaderCut = true
            if filter.mustSee(header: name) {
                transaction.header.append(Transaction.HeaderField(name: name, value: []))
            }
        } else {
            let kept = headerBytes < limits.headerBytes ? value : []
            headerBytes += kept.count
            if kept.count < value.count { transaction.isHeaderCut = true }
            transaction.header.append(Transaction.HeaderField(name: name, value: kept))
        }
        return quiet(SMFIP_NR_HDR)
    }

    func endOfHeader() -> sfsistat { quiet(SMFIP_NR_EOH) }

    /// Collects the body up to the scan limit; then asks the MTA to send no more.
    func body(_ chunk: UnsafeBufferPointer<UInt8>) -> sfsistat {
        let room = transaction.isOverload ? 0 : limits.bodyBytes - transaction.body.count
        transaction.body.append(contentsOf: chunk.prefix(max(room, 0)))
        guard chunk.count > room else { return sfsistat(SMFIS_CONTINUE) }
        transaction.isBodyCut = true
        return sfsistat(canSkip ? SMFIS_SKIP : SMFIS_CONTINUE)
    }

    /// The whole message is here: judge it. The caller carries the response out, then calls
    /// ``finish()``.
    func endOfMessage(queueID: String, progress: () -> Void) -> MilterResponse {
        transaction.queueID = queueID
        transaction.isLate = ticket.map { !activity.admits($0) } ?? false
        return filter.filter(transaction, progress: progress)
    }

    /// The answer is with libmilter; only now may a drain count the message as done.
    func finish() { reset() }

    /// RSET, a lost client, or the MTA's own refusal: the message is gone.
    func abort() { reset() }

    private func reset() {
        transaction = Transaction()
        headerBytes = 0
        activity.end(&ticket)
    }

    /// An address without the angle brackets of SMTP.
    private static func bare(_ address: String) -> String {
        var text = address[...]
        if text.hasPrefix("<") { text = text.dropFirst() }
        if text.hasSuffix(">") { text = text.dropLast() }
        return String(text)
    }
}
