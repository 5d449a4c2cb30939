import Feedback
import Foundation
import SiteMemory

/// Counts what has become of messages, for the last line of `siftd learn`.
struct LearningTally {
    /// Messages, and files that are no mail.
    private(set) var total = 0
    /// Whether every message was mail and its label is stored.
    private(set) var isComplete = true
    /// Whether there was a file or folder that this user may not read.
    private(set) var hasInaccessible = false
    private let isForgetting: Bool
    private var done = 0
    private var remarks: [String: Int] = [:]

    /// - Parameter isForgetting: whether labels are taken back.
    init(isForgetting: Bool) { self.isForgetting = isForgetting }

    /// Counts an answer.
    mutating func add(_ lesson: Lesson) {
        total += 1
        guard !isForgetting else {
            if lesson.outcome == "kept" { return remark("kept until the database is back") }
            if lesson.outcome == "forgotten" { done += 1 } else { remark("not known") }
            return
        }
        isComplete = isComplete && lesson.stored
        let outcome = LabelReceipt.Outcome(rawValue: lesson.outcome)
        if let outcome, outcome.counts { done += 1 }
        if let words = outcome?.remark { remark(words) }
    }

    /// Counts a file that was left out.
    mutating func addLeftOut() { addFailure("no mail") }

    /// Counts a file or folder that this user may not read.
    mutating func addInaccessible() {
        hasInaccessible = true
        addFailure("can't be read")
    }

    /// Counts a message whose label was refused.
    mutating func addRefused() { addFailure("refused") }

    private mutating func addFailure(_ words: String) {
        total += 1
        isComplete = false
        remark(words)
    }

    private mutating func remark(_ words: String) { remarks[words, default: 0] += 1 }

    /// Such as `learned 4,990 of 5,000: 12 already known, 10 over quota`.
    var line: String {
        let details = remarks.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\(LearningTally.text($0.value)) \($0.key)" }
        let verb = isForgetting ? "forgot" : "learned"
        return "\(verb) \(LearningTally.text(done)) of \(LearningTally.text(total))"
            + (details.isEmpty ? "" : ": " + details.joined(separator: ", "))
    }

    private static func text(_ count: Int) -> String {
        count.formatted(.number.locale(Locale(identifier: "en_US")))
    }
}

extension LabelReceipt.Outcome {
    /// Whether the message counts with this label now, by this source or another one.
    fileprivate var counts: Bool {
        switch self {
        case .stored, .relabelled, .agrees, .alreadyKnown, .nearDuplicate: true
        case .overQuota, .outranked, .tooManyWaiting, .notInHistory, .overtaken, .kept: false
        }
    }

    /// What is worth counting besides; nil for a new label.
    fileprivate var remark: String? {
        switch self {
        case .stored: nil
        case .relabelled: "relabelled"
        case .agrees: "known from others"
        case .alreadyKnown: "already known"
        case .nearDuplicate: "near-identical"
        case .overQuota: "over quota"
        case .outranked: "overruled"
        case .kept: "kept until the database is back"
        case .overtaken: "labelled again since"
        case .tooManyWaiting, .notInHistory: "refused"
        }
    }
}
