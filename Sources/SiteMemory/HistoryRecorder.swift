import Dispatch
import Feedback
import FilterPolicy
import Foundation
import MailText
import Scoring
import SiteLearning
import Synchronization

/// Writes recent verdicts into the history, behind the messages: no answer to the MTA waits for it.
public final class HistoryRecorder: Sendable {
    private struct Waiting {
        var entries: [HistoryEntry] = []
        var isScheduled = false
        var dropped = 0
    }

    private let store: any FeedbackStore
    private let secret: SiteSecret
    private let waiting = Mutex(Waiting())
    private let queue = DispatchQueue(label: "siftd.history", qos: .utility)
    private let report: @Sendable (FeedbackError) -> Void

    /// Entries that wait at most; further ones are dropped while the store is slow or broken.
    private static let longestQueue = 2_000
    /// Between two transactions: each one waits for the disk.
    private static let interval = DispatchTimeInterval.seconds(1)

    /// A recorder.
    ///
    /// - Parameters:
    ///   - store: has the history.
    ///   - secret: hides the Message-IDs.
    ///   - report: called on a queue when the store refuses entries, which are lost then.
    public init(
        _ store: any FeedbackStore, secret: SiteSecret,
        report: @escaping @Sendable (FeedbackError) -> Void
    ) {
        self.store = store
        self.secret = secret
        self.report = report
    }

    /// Records what was done with a message.
    ///
    /// - Parameters:
    ///   - input: the message.
    ///   - message: judged.
    ///   - queueID: of the MTA.
    public func record(_ input: MailInput, _ message: JudgedMessage, queueID: String) {
        let features = message.asSeen.features
        let messageID = message.asSeen.content.header.messageID
        let entry = HistoryEntry(
            time: Int64(Date().timeIntervalSince1970), digest: MessageDigest(of: input),
            queueID: queueID, senderDomain: message.asSeen.content.senderDomain,
            score: MessageScore(message), action: message.judgement.action.rawValue,
            features: LabelFeatures(version: SiteFeatures.version, bytes: features?.encoded ?? []),
            nearDuplicateKey: features?.nearDuplicateKey,
            messageKey: messageID.isEmpty ? nil : secret.key(of: messageID))
        let mustSchedule = waiting.withLock { waiting in
            guard waiting.entries.count < HistoryRecorder.longestQueue else {
                waiting.dropped += 1
                return false
            }
            waiting.entries.append(entry)
            defer { waiting.isScheduled = true }
            return !waiting.isScheduled
        }
        guard mustSchedule else { return }
        queue.asyncAfter(deadline: .now() + HistoryRecorder.interval) { [self] in write() }
    }

    /// Writes what waits, and returns when it is on disk.
    public func finish() { queue.sync { write() } }

    private func write() {
        let entries = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting.entries
        }
        guard !entries.isEmpty else { return }
        do { _ = try store.appendHistory(entries) } catch { report(error) }
    }
}
