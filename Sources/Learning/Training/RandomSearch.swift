import ASCIIText
import Corpora
import Glibc
import Models
import TextCNN

/// Trains with random options around given ones and keeps the model that is best on dev.
///
/// Bergstra and Bengio 2012, Random search for hyper-parameter optimization. The same seed tries
/// the same options.
public struct RandomSearch: Sendable {
    /// One training run and its result.
    public struct Trial: Sendable {
        /// The options of the run.
        public var options: TrainingJob.Options
        /// The area under the ROC curve for spam, micro-F1 for other labels, on dev.
        public var score: Double
        /// The model.
        public var bundle: ModelBundle
        /// The measures of the test part as a table; nil if there is no test part.
        public var test: String?
        /// Wall time of the run.
        public var seconds: Double

        /// A run with this result.
        public init(
            options: TrainingJob.Options, score: Double, bundle: ModelBundle, test: String? = nil,
            seconds: Double
        ) {
            self.options = options
            self.score = score
            self.bundle = bundle
            self.test = test
            self.seconds = seconds
        }
    }

    /// The options of the first trial, which the others vary.
    public let center: TrainingJob.Options
    /// The number of trials.
    public let count: Int
    /// Added to the seed, so that the search draws other numbers than the training: "pune".
    private static let seedOffset: UInt64 = 0x7075_6E65

    /// A search of `count` trials.
    public init(around center: TrainingJob.Options, count: Int) {
        self.center = center
        self.count = count
    }

    /// The options of each trial; the first are the given ones.
    public var candidates: [TrainingJob.Options] {
        var random = RandomSource(seed: center.training.seed &+ RandomSearch.seedOffset)
        return [center] + (1..<max(count, 1)).map { _ in sample(&random) }
    }

    private func sample(_ random: inout RandomSource) -> TrainingJob.Options {
        var options = center
        func between(_ low: Float, _ high: Float) -> Float {
            low + (high - low) * random.nextUniform()
        }
        func one<Value>(of values: [Value]) -> Value {
            values[random.nextIndex(below: values.count)]
        }
        // What matters is the logarithm of the learning rate.
        options.training.learningRate *= expf(between(-1, 1))
        options.training.weightDecay = one(of: [0, 1e-4, 1e-3])
        options.training.batch = one(of: [32, 64, 128])
        options.training.featureDropout = between(0.2, 0.6)
        options.training.shapeReplacement = between(0, 0.25)
        options.embedding = one(of: [32, 48, 64, 96])
        options.filters = one(of: [64, 96, 128, 192, 256])
        options.widths = one(of: [[1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5], [1, 2, 3, 5, 7]])
        if options.labelling == .spam {
            options.hidden = one(of: [0, 32, 64, 128])
            options.training.pasteIntoSpam = between(0.1, 0.5)
            options.training.pasteIntoHam = between(0, 0.3)
            options.training.excerpts = between(0, 0.15)
            options.linear.share = one(of: [0, 0.2, 0.3, 0.4, 0.5])
        } else {
            options.hidden = one(of: [0, 0, 64])
        }
        return options
    }

    /// Runs all trials, one after the other.
    ///
    /// - Parameters:
    ///   - run: one training run.
    ///   - finished: called at the end of each trial with its index; nil for a trial that failed.
    /// - Returns: the trial with the highest score, the first of equal ones.
    /// - Throws: what the last failed trial threw, when all of them failed.
    public func run(
        _ run: (TrainingJob.Options) throws -> Trial, finished: (Int, Trial?) -> Void
    ) throws -> Trial {
        var best: Trial?
        var failure: (any Error)?
        for (index, options) in candidates.enumerated() {
            do {
                let trial = try run(options)
                finished(index, trial)
                if trial.score > best?.score ?? -1 { best = trial }
            } catch {
                // Training diverges when the learning rate is too high; other trials may succeed.
                failure = error
                finished(index, nil)
            }
        }
        if let best { return best }
        throw failure ?? TrainingError(.noTrial, "--tune", reason: "no trial ended with a score")
    }
}

extension RandomSearch.Trial {
    /// The score and the options that the search varies, as a human-readable line.
    public var line: String {
        let training = options.training
        let widths = options.widths.map(String.init).joined(separator: ",")
        var text =
            "dev \(score.fixed(4))  \(Int(seconds.rounded())) s  filters \(options.filters), "
            + "embedding \(options.embedding), widths \(widths), hidden \(options.hidden), batch "
            + "\(training.batch), rate \(training.learningRate), decay \(training.weightDecay), "
            + "dropout \(Double(training.featureDropout).fixed(4)), shapes "
            + "\(Double(training.shapeReplacement).fixed(4))"
        if options.labelling == .spam {
            text +=
                ", paste \(Double(training.pasteIntoSpam).fixed(4))/"
                + "\(Double(training.pasteIntoHam).fixed(4)), excerpts "
                + "\(Double(training.excerpts).fixed(4)), linear \(options.linear.share)"
        }
        return text
    }
}
