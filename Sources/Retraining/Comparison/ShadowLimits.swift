import ASCIIText

/// When a candidate that scores beside the active model is put in force.
///
/// Nobody says what the messages really were, so disagreements are all there is: a candidate that
/// was made from the same mail and a few labels more has few of them.
public struct ShadowLimits: Sendable, Equatable {
    /// For how long it scores beside the active model.
    public var hours: Double
    /// Messages that both must have judged; without them it goes on.
    public var leastMessages = 100
    /// The share of messages with different verdicts, at most.
    public var maxChanges = 0.05
    /// The share of messages that the candidate alone calls spam, at most.
    public var maxNewSpam = 0.01

    /// The defaults, for so many hours.
    public init(hours: Double) { self.hours = hours }

    /// What is done with a candidate.
    public enum Decision: Sendable, Equatable {
        /// It goes on.
        case goesOn
        /// It becomes active, because of this.
        case promote(String)
        /// It does not, because of this.
        case discard(String)
    }

    /// Decides about a candidate.
    ///
    /// - Parameters:
    ///   - report: what it was compared on.
    ///   - now: in seconds since 1970.
    /// - Returns: what is done, with the figures it rests on.
    public func decision(_ report: ShadowScoring.Report, now: Int64) -> Decision {
        let count = report.messages
        guard Double(now - report.since) >= hours * ShadowLimits.secondsOfHour,
            count >= max(leastMessages, 1)
        else { return .goesOn }
        let (changes, newSpam) = (report.changeCount, report.newSpamCount)
        func share(_ part: Int) -> String {
            "\(part) of \(count) (\((100 * Double(part) / Double(count)).fixed(2)) %)"
        }
        let figures = "\(share(changes)) verdicts differ, \(share(newSpam)) newly called spam"
        var reasons: [String] = []
        if Double(changes) > maxChanges * Double(count) {
            reasons.append("at most \((100 * maxChanges).fixed(2)) % may differ")
        }
        if Double(newSpam) > maxNewSpam * Double(count) {
            reasons.append("at most \((100 * maxNewSpam).fixed(2)) % may be newly called spam")
        }
        return reasons.isEmpty
            ? .promote(figures) : .discard("\(figures); \(reasons.joined(separator: ", "))")
    }

    private static let secondsOfHour = 3_600.0
}
