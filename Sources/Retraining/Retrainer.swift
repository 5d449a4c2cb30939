import Corpora
import Foundation
import Learning
import Models
import SiteLearning
import SiteMemory
import TextCNN
import TextFeatures

/// A candidate for the model of a site, and what the guard says of it.
public struct RetrainedModel: Sendable {
    /// The candidate.
    public var bundle: ModelBundle
    /// The guard's decision.
    public var report: GuardReport
    /// The way that dev decided for.
    public var method: RetrainingOptions.Method
    /// Labels that the candidate was made with.
    public var labels: Int

    /// Gives the candidate another id.
    mutating func rename(_ id: String) {
        bundle.configuration.id = id
        report.candidate = id
    }
}

/// Makes a candidate from the current model, base data and labels, and judges it.
///
/// Values in, values out: it knows neither the store nor the registry.
public struct Retrainer {
    private let options: RetrainingOptions
    private let version: String
    private let current: ModelBundle
    private let reservoir: Reservoir
    private let site: SiteMail
    private let secret: SiteSecret
    private let layerOptions: SiteLearningOptions

    /// A retraining.
    ///
    /// - Parameters:
    ///   - options: what is trained and what the guard demands.
    ///   - version: of siftd, for the candidate's report.
    ///   - current: the model in force.
    ///   - reservoir: the base data.
    ///   - site: the labels.
    ///   - secret: the key of the labels' features.
    ///   - layerOptions: the constants of the site layer.
    public init(
        options: RetrainingOptions, version: String, current: ModelBundle, reservoir: Reservoir,
        site: SiteMail, secret: SiteSecret, layerOptions: SiteLearningOptions = .init()
    ) {
        self.options = options
        self.version = version
        self.current = current
        self.reservoir = reservoir
        self.site = site
        self.secret = secret
        self.layerOptions = layerOptions
    }

    /// Trains and judges.
    ///
    /// - Parameters:
    ///   - date: the end of training, for the bundle.
    ///   - progress: called on this thread; what it throws ends the run.
    /// - Returns: the candidate, whatever the guard says of it.
    /// - Throws: ``RetrainingError``, `TrainingError`, and what `progress` throws.
    public func run(
        date: Date, progress: @escaping (RetrainingProgress) throws -> Void
    ) throws -> RetrainedModel {
        try check()
        let data = DataSet(reservoir, site)
        var best: (method: RetrainingOptions.Method, bundle: ModelBundle, loss: Double)?
        for method in options.methods {
            let bundle = try train(method, on: data, date: date, progress: progress)
            let loss = devLoss(ScoringModel(bundle), data)
            if loss < best?.loss ?? .infinity { best = (method, bundle, loss) }
        }
        guard let best else {
            throw RetrainingError(.unfitModel, "no way of training gave a model that can be scored")
        }
        var bundle = best.bundle
        try progress(RetrainingProgress("comparing candidate and current model"))
        let sides = try [current, bundle].map { try Side(ScoringModel($0), self) }
        bundle.configuration.thresholds = thresholds(of: bundle, sides[0], sides[1], data)
        let report = try report(sides[0], sides[1], bundle, data)
        return RetrainedModel(
            bundle: bundle, report: report, method: best.method,
            labels: site.messages.count { $0.part != .test })
    }

    private func check() throws {
        let configuration = current.configuration
        guard configuration.labels == ["spam"] else {
            throw RetrainingError(
                .unfitModel,
                "model \(configuration.id) has other labels than spam; only a spam "
                    + "filter learns from its site")
        }
        guard current.pipeline.spec.hasTokens(of: .standard) else {
            throw RetrainingError(
                .unfitModel,
                "model \(configuration.id) has another text pipeline than the default "
                    + "one; train it anew with siftd train")
        }
        guard !reservoir.messages.isEmpty else {
            throw RetrainingError(.noBaseData, "the reservoir of base data holds no message")
        }
        guard !site.messages.isEmpty else {
            let why =
                site.withoutContent > 0
                ? "; \(site.withoutContent) labels have no content (learn.keep = \"tokens\" keeps "
                    + "it)" : ""
            throw RetrainingError(.tooFewLabels, "there is no label to learn from\(why)")
        }
    }

    // MARK: Training

    private func train(
        _ method: RetrainingOptions.Method, on data: DataSet, date: Date,
        progress: (RetrainingProgress) throws -> Void
    ) throws -> ModelBundle {
        var failure: (any Error)?
        let job = TrainingJob(
            trainingOptions(method, data), version: version, author: AuthorWeights(of: current))
        let step = method == .refine ? "training the current model further" : "training anew"
        let report = { (event: TrainingJob.Event) in
            guard case .training(let fraction, _, _) = event, failure == nil else { return }
            do { try progress(RetrainingProgress(step, fraction)) } catch { failure = error }
        }
        let trial =
            switch method {
            case .refine: try job.refine(current, on: data, date: date, progress: report)
            case .anew: try job.run(on: data, date: date, progress: report)
            }
        if let failure { throw failure }
        var bundle = trial.bundle
        // A reservoir has tokens alone, by which no language is found.
        bundle.configuration.languages = current.configuration.languages
        if method == .refine {
            // Fitted on mail that the current model had not seen, as most of this dev part is not.
            bundle.configuration.calibration = current.configuration.calibration
        }
        return bundle
    }

    /// The options that the current model was trained with, as far as its report has them.
    private func trainingOptions(
        _ method: RetrainingOptions.Method, _ data: DataSet
    ) -> TrainingJob.Options {
        var training = TrainingJob.Options()
        if case .object(let report) = current.report, let recorded = report["options"],
            let bytes = try? JSONEncoder.siftd(pretty: false).encode(recorded),
            let options = try? JSONDecoder().decode(TrainingJob.Options.self, from: bytes)
        {
            training = options
        } else if let shape = current.configuration.architecture, let network = current.network {
            training.vocabulary = shape.vocabulary
            training.embedding = shape.embedding
            training.widths = shape.widths
            training.filters = shape.filters
            training.hidden = shape.hidden
            training.linear.share = network.linear == nil ? 0 : training.linear.share
        }
        // What facts weigh is known; the reservoir has too little mail to learn it again.
        training.factGroups = []
        training.members = method == .anew ? training.members : 1
        training.training.seed = options.seed
        switch method {
        case .refine:
            training.training.epochs = options.refiningEpochs
            training.training.learningRate = options.refiningRate
            training.training.warmUpUpdates = Retrainer.refiningWarmUp
        case .anew:
            let batches = max(1, data.part(.train).count / max(training.training.batch, 1))
            training.training.epochs = max(
                training.training.epochs,
                min(Retrainer.mostEpochs, (options.updates + batches - 1) / batches))
        }
        return training
    }

    /// More passes over few messages learn them by heart.
    private static let mostEpochs = 24
    private static let refiningWarmUp = 20

    /// The mean log loss of the base data's dev part and of the labels', each counting half.
    private func devLoss(_ model: ScoringModel, _ data: DataSet) -> Double {
        let dev = data.part(.dev)
        let parts = [dev.filter { !DataSet.isOfSite($0) }, dev.filter(DataSet.isOfSite)]
        let losses = parts.filter { !$0.isEmpty }.map { items in
            items.reduce(0.0) { sum, item in
                let logit = Retrainer.logit(model, item.tokens)
                let signed = item.label == "spam" ? -logit : logit
                return sum + max(signed, 0) + log1p(exp(-abs(signed)))
            } / Double(items.count)
        }
        return losses.reduce(0, +) / Double(max(losses.count, 1))
    }

    static func logit(_ model: ScoringModel, _ tokens: TokenStream) -> Double {
        let ids = model.pipeline.ids(of: tokens, in: model.vocabulary)
        return model.spamLogit(model.score(ids).logits)
    }

    static func probability(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

    // MARK: Comparing

    /// A model with the site's layer as it would be with it, without what it may not have seen.
    private struct Side {
        let model: ScoringModel
        /// Of all labels but the held-out ones.
        let layer: SiteLayer
        /// Of the labels that are trained on alone.
        let trainLayer: SiteLayer

        init(_ model: ScoringModel, _ retrainer: Retrainer) throws {
            let anchors = AnchorReservoir(
                retrainer.reservoir, model: model, secret: retrainer.secret)
            self.model = model
            layer = try retrainer.site.layer(
                without: [.test], options: retrainer.layerOptions, anchors: anchors)
            trainLayer = try retrainer.site.layer(
                without: [.test, .dev], options: retrainer.layerOptions, anchors: anchors)
        }

        func probability(_ message: SiteMail.Message, by layer: SiteLayer) -> Double {
            Retrainer.probability(
                layer.score(message.label.features)
                    .applied(to: Retrainer.logit(model, message.tokens)))
        }
    }

    /// The candidate's thresholds: those of the base data's dev part, those of this site's ham if
    /// there is enough, and never lower than the current ones.
    ///
    /// The base data's dev part is small: a share that permits not one of its ham would leave the
    /// threshold to a single message, whose label may be wrong. As many as the current model calls
    /// spam there are permitted. Ham of the site is judged with its labels, as it will be: by the
    /// model alone some of it has high scores, which would raise the thresholds for nothing.
    private func thresholds(
        of candidate: ModelBundle, _ before: Side, _ side: Side, _ data: DataSet
    ) -> [String: Threshold] {
        var thresholds = candidate.configuration.thresholds
        let dev = data.part(.dev).filter { !DataSet.isOfSite($0) }
        func scored(_ model: ScoringModel) -> [(probability: Double, isSpam: Bool)] {
            dev.map {
                (Retrainer.probability(Retrainer.logit(model, $0.tokens)), $0.label == "spam")
            }
        }
        let (past, base) = (scored(before.model).filter { !$0.isSpam }, scored(side.model))
        let local = site.part(.dev).map {
            (side.probability($0, by: side.trainLayer), $0.isSpam)
        }
        let isEnough = local.count { !$0.1 } >= options.leastThresholdHam
        for (name, rate, least) in Threshold.kinds {
            let floor = current.configuration.thresholds[name]?.probability ?? least
            // Half a message more, so that the share gives this number again.
            let knownCount = past.count { $0.probability >= floor }
            let knownShare = (Double(knownCount) + 0.5) / Double(max(past.count, 1))
            var threshold = Threshold(
                falsePositiveRate: max(rate, knownShare), minimum: floor, scored: base)
            threshold.targetFalsePositiveRate = rate
            if isEnough {
                threshold = Threshold(
                    falsePositiveRate: rate, minimum: threshold.probability, scored: local)
            }
            thresholds[name] = threshold
        }
        return thresholds
    }

    private func report(
        _ before: Side, _ after: Side, _ candidate: ModelBundle, _ data: DataSet
    ) throws -> GuardReport {
        let held = site.part(.test).map { message in
            GuardComparison.Pair(
                digest: message.digest, isSpam: message.isSpam,
                current: before.probability(message, by: before.layer),
                candidate: after.probability(message, by: after.layer))
        }
        let base = data.part(.test).map { item in
            GuardComparison.Pair(
                digest: "", isSpam: item.label == "spam",
                current: Retrainer.probability(Retrainer.logit(before.model, item.tokens)),
                candidate: Retrainer.probability(Retrainer.logit(after.model, item.tokens)))
        }
        func tag(_ bundle: ModelBundle) -> Double {
            bundle.configuration.thresholds["tag"]?.probability ?? Threshold.leastTagProbability
        }
        return GuardReport(
            site: held, base: base, current: (current.configuration.id, tag(current)),
            candidate: (candidate.configuration.id, tag(candidate)), limits: options.limits)
    }
}

extension Threshold {
    /// The thresholds of a spam filter: name, permitted share of ham, and lowest probability.
    static let kinds = [
        ("tag", tagFalsePositiveRate, leastTagProbability),
        ("reject", rejectFalsePositiveRate, leastRejectProbability),
    ]
}
