import ASCIIText

/// The guard's decision about a candidate, with all that it rests on.
public struct GuardReport: Codable, Sendable, Equatable {
    /// What the guard decided.
    public enum Decision: String, Codable, Sendable {
        /// The candidate may become the model.
        case accepted
        /// The candidate is worse than the limits permit.
        case refused
        /// There are too few held-out labels to say so.
        case undecided
    }

    /// A held-out message whose verdict the candidate changes.
    public struct ChangedVerdict: Codable, Sendable, Equatable {
        /// The message's digest in hexadecimal digits.
        public var digest: String
        /// What people say, `ham` or `spam`.
        public var label: String
        /// The probability of spam by the current model and its labels.
        public var current: Double
        /// The probability of spam by the candidate and its labels.
        public var candidate: Double
        /// The candidate's verdict, `ham` or `spam`.
        public var verdict: String
    }

    /// What the guard decided.
    public var decision: Decision
    /// Why, one sentence for each reason; empty when the candidate was accepted.
    public var reasons: [String]
    /// The ids of the two models.
    public var current: String
    /// See ``current``.
    public var candidate: String
    /// The tag thresholds of the two models.
    public var currentTag: Double
    /// See ``currentTag``.
    public var candidateTag: Double
    /// Model and labels together on held-out labels.
    public var site: GuardComparison
    /// The models alone on held-out base data, which the current one may have been trained on.
    public var base: GuardComparison
    /// Held-out messages whose verdict changes, the first ``GuardReport/mostChanges``.
    public var changes: [ChangedVerdict]
    /// The number of all of them.
    public var changeCount: Int

    enum CodingKeys: String, CodingKey {
        case decision, reasons, current, candidate, site, base, changes
        case currentTag = "current_tag"
        case candidateTag = "candidate_tag"
        case changeCount = "change_count"
    }

    /// Changed verdicts that are listed at most.
    public static let mostChanges = 50

    /// The decision in one line.
    public var line: String {
        let counts = "\(site.ham) ham and \(site.spam) spam held out"
        guard decision != .accepted else {
            return "accepted: accuracy \(GuardReport.signed(-site.accuracyDrop.change)), false "
                + "positives \(GuardReport.signed(site.falsePositiveRise.change)), \(counts)"
        }
        return "\(decision.rawValue), \(counts): " + reasons.joined(separator: "; ")
    }

    static func signed(_ share: Double) -> String {
        (share >= 0 ? "+" : "−") + percent(abs(share))
    }

    static func percent(_ share: Double) -> String { "\((100 * share).fixed(2)) %" }
}

extension GuardReport {
    /// Judges a candidate.
    ///
    /// - Parameters:
    ///   - site: probabilities by model and layer, of labels that neither has seen.
    ///   - base: probabilities by the models alone, of base data that the candidate has not seen.
    ///   - current: id and tag threshold of the model in force.
    ///   - candidate: id and tag threshold of the candidate.
    ///   - limits: what the candidate must show.
    init(
        site: [GuardComparison.Pair], base: [GuardComparison.Pair],
        current: (id: String, tag: Double), candidate: (id: String, tag: Double),
        limits: GuardLimits
    ) {
        func compared(_ pairs: [GuardComparison.Pair]) -> GuardComparison {
            GuardComparison(
                pairs, currentTag: current.tag, candidateTag: candidate.tag,
                confidence: limits.confidence)
        }
        self.current = current.id
        self.candidate = candidate.id
        currentTag = current.tag
        candidateTag = candidate.tag
        self.site = compared(site)
        self.base = compared(base)
        let changed = site.filter {
            ($0.current >= current.tag) != ($0.candidate >= candidate.tag)
        }
        changeCount = changed.count
        changes = changed.prefix(GuardReport.mostChanges).map {
            ChangedVerdict(
                digest: $0.digest, label: $0.isSpam ? "spam" : "ham", current: $0.current,
                candidate: $0.candidate, verdict: $0.candidate >= candidate.tag ? "spam" : "ham")
        }
        let harm = GuardReport.harm(self.site, self.base, limits)
        let missing = GuardReport.missing(self.site, limits)
        reasons = harm.isEmpty ? missing : harm
        decision = !harm.isEmpty ? .refused : !missing.isEmpty ? .undecided : .accepted
    }

    /// What got worse by more than is permitted.
    private static func harm(
        _ site: GuardComparison, _ base: GuardComparison, _ limits: GuardLimits
    ) -> [String] {
        var reasons: [String] = []
        func check(_ name: String, _ change: GuardComparison.Change, _ limit: Double) {
            guard change.change > limit else { return }
            reasons.append(
                "\(name) by \(percent(change.change)) (\(change.worse) verdicts worse, "
                    + "\(change.better) better, of \(change.messages)); the limit is "
                    + percent(limit))
        }
        check("accuracy on this site's mail falls", site.accuracyDrop, limits.maxAccuracyDrop)
        check(
            "false positives on this site's mail rise", site.falsePositiveRise,
            limits.maxFalsePositiveRise)
        check("accuracy on the base data falls", base.accuracyDrop, limits.maxAccuracyDrop)
        return reasons
    }

    /// What the held-out labels are too few to say.
    private static func missing(
        _ site: GuardComparison, _ limits: GuardLimits
    ) -> [String] {
        let hamNeeded = needed(
            site.falsePositiveRise, least: limits.leastHeldOut,
            bound: limits.maxFalsePositiveRise + limits.falsePositiveUncertainty,
            limits.confidence)
        let spamNeeded = max(0, limits.leastHeldOut - site.spam)
        let allNeeded =
            needed(
                site.accuracyDrop, least: 0,
                bound: limits.maxAccuracyDrop
                    + limits.accuracyUncertainty, limits.confidence) - hamNeeded - spamNeeded
        return [(hamNeeded, "hams"), (spamNeeded, "spams"), (allNeeded, "messages of any class")]
            .filter { $0.0 > 0 }.map { count, name in
                "needs about \(count * FrozenPart.heldOutShare) more labelled \(name), of which "
                    + "one in \(FrozenPart.heldOutShare) is held out"
            }
    }

    /// How many more held-out messages it takes to say that something did not get worse, if none
    /// of them changes its verdict.
    private static func needed(
        _ change: GuardComparison.Change, least: Int, bound: Double, _ confidence: Double
    ) -> Int {
        func isEnough(_ count: Int) -> Bool {
            count >= least
                && GuardComparison.Change(
                    messages: count, worse: change.worse, better: change.better,
                    confidence: confidence
                ).bound <= bound
        }
        let now = change.messages
        if isEnough(now) { return 0 }
        var high = max(2 * now, 16)
        while !isEnough(high), high < mostNeeded { high *= 2 }
        var low = now
        while high - low > 1 {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high - now
    }

    /// No site is asked for more.
    private static let mostNeeded = 1 << 20
}
