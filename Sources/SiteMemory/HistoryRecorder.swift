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

    private struct Failures {
        /// Whether the last attempt found a shared store away, which was reported.
        var isAway = false
    }

    private let store: any FeedbackStore
    private let secret: SiteSecret
    private let waiting = Mutex(Waiting())
    private let queue = DispatchQueue(label: "siftd.history", qos: .utility)
    private let report: @Sendable (FeedbackError) -> Void
    private let dropped: @Sendable (Int) -> Void
    private let failures = Mutex(Failures())

    /// Entries that wait at most; further ones are dropped while the store is slow or broken.
    private static let longestQueue = 2_000
    /// Between two transactions: each one waits for the disk.
    private static let interval = DispatchTimeInterval.seconds(1)

    /// A recorder.
    ///
    /// - Parameters:
    ///   - store: has the history.
    ///   - secret: hides the Message-IDs.
    ///   - report: called on a queue when the store refuses entries, which are lost then; once
    ///     while a shared store is away.
    ///   - dropped: called with the number of entries that are lost.
    public init(
        _ store: any FeedbackStore, secret: SiteSecret,
        report: @escaping @Sendable (FeedbackError) -> Void,
        dropped: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.dropped = dropped
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
        let (entries, lost) = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return (waiting.entries, waiting.dropped)
        }
        if lost > 0 { dropped(lost) }
        guard !entries.isEmpty else { return }
        do throws(FeedbackError) {
            _ = try store.appendHistory(entries)
            failures.withLock { $0.isAway = false }
        } catch {
            dropped(entries.count)
            let isAway = error.kind == .unavailable
            let isReported = failures.withLock { failures in
                defer { failures.isAway = isAway }
                return failures.isAway && isAway
            }
            if !isReported { report(error) }
        }
    }
}
