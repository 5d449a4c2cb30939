import ASCIIText
import Checksums
import FilterPolicy
import Foundation
import Glibc
import MailText
import Models
import Scoring
import TextCNN

/// Fits the thresholds of a model, and its temperature, to a site's mail, without any training.
///
/// Thresholds are only ever raised: what the model tags now and the site wants is the reason to
/// calibrate, and a folder of wanted mail says nothing about what may be tagged beyond that.
public struct SiteCalibration: Codable, Sendable, Equatable {
    /// The model that was calibrated.
    public var parent: String
    /// The id of the new version.
    public var id: String
    /// Messages that it rests on.
    public var ham: Int
    /// See ``ham``.
    public var spam: Int
    /// Logits are divided by this; 1 without spam, or with too few messages.
    public var temperature: Double
    /// The share of ham at or above the tag threshold before, with its 95 % interval.
    public var before: Rate
    /// The same afterwards.
    public var after: Rate
    /// The share of spam at or above the tag threshold before; nil without spam.
    public var recallBefore: Double?
    /// The same afterwards.
    public var recallAfter: Double?
    /// Where the messages come from; nil in older records.
    public var basis: CalibrationMail.Basis?

    enum CodingKeys: String, CodingKey {
        case parent, id, ham, spam, temperature, before, after, basis
        case recallBefore = "recall_before"
        case recallAfter = "recall_after"
    }

    /// A tag threshold and the share of ham at or above it.
    public struct Rate: Codable, Sendable, Equatable {
        /// The tag threshold.
        public var threshold: Double
        /// Ham at or above it.
        public var falsePositives: Int
        /// Their share.
        public var share: Double
        /// The lower end of its 95 % interval.
        public var low: Double
        /// The upper end.
        public var high: Double

        enum CodingKeys: String, CodingKey {
            case threshold, share, low, high
            case falsePositives = "false_positives"
        }
    }

    /// Messages of each class from which on a temperature is fitted.
    private static let leastForTemperature = 50
    /// Wanted messages without which a threshold would rest on nothing.
    public static let leastHam = 20
    /// The temperatures that are searched.
    private static let temperatures = 0.25...4.0

    /// Calibrates a model.
    ///
    /// - Parameters:
    ///   - bundle: a spam filter.
    ///   - mail: logits by the bundle, and by what the site has taught.
    ///   - date: for the new version's report.
    /// - Returns: the new version and what was measured.
    /// - Throws: ``RetrainingError`` for too little ham or another kind of model.
    public static func run(
        _ bundle: ModelBundle, _ mail: CalibrationMail, date: Date
    ) throws -> (bundle: ModelBundle, calibration: SiteCalibration) {
        // The layer's sums are added after the temperature, so they can't be divided by it.
        try run(
            bundle, ham: mail.ham, spam: mail.spam, fitsTemperature: !mail.isTaught,
            basis: mail.basis, date: date)
    }

    static func run(
        _ bundle: ModelBundle, ham: [Double], spam: [Double], fitsTemperature: Bool = true,
        basis: CalibrationMail.Basis? = nil, date: Date
    ) throws -> (bundle: ModelBundle, calibration: SiteCalibration) {
        guard bundle.configuration.labels == ["spam"] else {
            throw RetrainingError(
                .unfitModel,
                "model \(bundle.configuration.id) has other labels than spam, so it has "
                    + "no thresholds to calibrate")
        }
        guard ham.count >= leastHam else {
            throw RetrainingError(
                .tooFewLabels,
                "there are \(ham.count) wanted messages; calibration needs "
                    + "\(leastHam) at least, and a hundred are better")
        }
        var result = bundle
        let isEnough =
            fitsTemperature && min(ham.count, spam.count) >= leastForTemperature
        let temperature = isEnough ? fittedTemperature(ham, spam) : 1
        result.configuration.calibration.scale /= temperature
        result.configuration.calibration.offset /= temperature
        func probabilities(_ divisor: Double) -> [(Double, Bool)] {
            ham.map { (sigmoid($0 / divisor), false) } + spam.map { (sigmoid($0 / divisor), true) }
        }
        let scored = probabilities(temperature)
        var tag = 0.0
        for (name, rate, least) in Threshold.kinds {
            let current = bundle.configuration.thresholds[name]?.probability ?? least
            // The same messages as now at least: the old threshold on the new scale.
            let floor = sigmoid(log(current / (1 - current)) / temperature)
            let threshold = Threshold(
                falsePositiveRate: rate, minimum: max(min(floor, 1), tag), scored: scored)
            result.configuration.thresholds[name] = threshold
            tag = threshold.probability
        }
        let currentTag =
            bundle.configuration.thresholds["tag"]?.probability ?? Threshold.leastTagProbability
        let newTag = result.configuration.thresholds["tag"]?.probability ?? currentTag
        let old = probabilities(1)
        var calibration = SiteCalibration(
            parent: bundle.configuration.id, id: "", ham: ham.count, spam: spam.count,
            temperature: temperature, before: rate(old, currentTag), after: rate(scored, newTag),
            recallBefore: recall(old, currentTag), recallAfter: recall(scored, newTag),
            basis: basis)
        calibration.id = try newID(result.configuration)
        result.configuration.id = calibration.id
        try calibration.describe(in: &result, date)
        return (result, calibration)
    }

    private static func sigmoid(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

    private static func rate(_ scored: [(Double, Bool)], _ threshold: Double) -> Rate {
        let ham = scored.filter { !$0.1 }
        let above = ham.count { $0.0 >= threshold }
        let interval = Threshold.interval(above, of: ham.count)
        return Rate(
            threshold: threshold, falsePositives: above,
            share: Double(above) / Double(max(ham.count, 1)), low: interval.low,
            high: interval.high)
    }

    private static func recall(_ scored: [(Double, Bool)], _ threshold: Double) -> Double? {
        let spam = scored.filter(\.1)
        return spam.isEmpty
            ? nil : Double(spam.count { $0.0 >= threshold }) / Double(spam.count)
    }

    /// The temperature with the least log loss, both classes counting the same, by golden section
    /// over its logarithm.
    private static func fittedTemperature(_ ham: [Double], _ spam: [Double]) -> Double {
        func loss(_ logTemperature: Double) -> Double {
            let divisor = exp(logTemperature)
            func mean(_ logits: [Double], _ sign: Double) -> Double {
                logits.reduce(0) { sum, logit in
                    let value = sign * logit / divisor
                    return sum + max(value, 0) + log1p(exp(-abs(value)))
                } / Double(logits.count)
            }
            return mean(ham, 1) + mean(spam, -1)
        }
        let ratio = (5.0.squareRoot() - 1) / 2
        var (low, high) = (log(temperatures.lowerBound), log(temperatures.upperBound))
        for _ in 0..<60 {
            let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
            if loss(left) < loss(right) { high = right } else { low = left }
        }
        return exp((low + high) / 2)
    }

    /// The parent's id without an earlier calibration, and digits of what is new.
    private static func newID(_ configuration: ModelConfiguration) throws -> String {
        var unnamed = configuration
        unnamed.id = ""
        let digest = SHA256.hex(Array(try JSONEncoder.siftd(pretty: false).encode(unnamed)))
        let parent = configuration.id.components(separatedBy: "-cal")[0]
        return "\(parent)-cal\(digest.prefix(4))"
    }

    /// Writes the calibration into report and card of the new version.
    private func describe(in bundle: inout ModelBundle, _ date: Date) throws {
        let json = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder.siftd(pretty: false).encode(self))
        var report: [String: JSONValue] = [:]
        if case .object(let object) = bundle.report { report = object }
        report["calibration"] = json
        bundle.report = .object(report)
        bundle.card += """

            ## Calibration of \(date.formatted(.iso8601.year().month().day()))
            \(text)

            """
    }

    /// What was done and what it rests on, human-readable.
    public var text: String {
        func shown(_ rate: Rate) -> String {
            "\(rate.falsePositives) of \(ham) wanted messages at or above \(rate.threshold.fixed(6)) "
                + "(\((100 * rate.share).fixed(2)) %, 95 % interval \((100 * rate.low).fixed(2)) "
                + "to \((100 * rate.high).fixed(2)) %)"
        }
        var lines = [
            "model \(parent) calibrated on \(ham) wanted and \(spam) unwanted messages",
            "before: \(shown(before))", "after:  \(shown(after))",
        ]
        if let basis { lines.insert(contentsOf: basis.lines, at: 1) }
        if let recallBefore, let recallAfter {
            lines.append(
                "recall: \((100 * recallBefore).fixed(1)) % before, "
                    + "\((100 * recallAfter).fixed(1)) % after; temperature "
                    + temperature.fixed(3))
        }
        if after == before { lines.append("the tag threshold need not be raised") }
        return lines.joined(separator: "\n")
    }
}

extension CalibrationMail.Basis {
    /// What the calibration rests on, human-readable.
    fileprivate var lines: [String] {
        var lines: [String] = []
        if labelled + unobjected + unlabelled + leftOut > 0 {
            lines.append(
                "of the history: \(unobjected) verdicts ham to which nobody objected, "
                    + "\(labelled) labelled messages; left out: \(unlabelled) other verdicts "
                    + "without a label, \(leftOut) of other models or too new")
        }
        if labels > 0 {
            lines.append(
                "judged with \(labels) labels of this site, labelled messages without their own")
        }
        return lines
    }
}
