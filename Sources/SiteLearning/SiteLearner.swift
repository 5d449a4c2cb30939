/// Learns labels one by one, by AdaGrad (Duchi, Hazan and Singer 2011) on the logistic loss, with
/// the model's logit as a fixed offset.
///
/// A value of one thread. ``layer`` is what other threads score with.
public struct SiteLearner: Sendable {
    /// The constants.
    public let options: SiteLearningOptions
    /// The base data that are learnt with each label.
    public let anchors: AnchorReservoir
    var weights = SiteWeights()
    /// For each weight the sum of its squared gradients.
    var squares = SiteWeights()
    var senders = SenderCounts()
    var sketches = LabelledSketches()
    /// Labels learnt.
    public internal(set) var count = 0
    /// The number of the last label; nil before the first.
    public internal(set) var lastNumber: Int64?

    /// A gradient below this changes nothing that matters.
    private static let smallestGradient = 1e-4
    /// Keeps the first step of a weight finite.
    private static let smallestSquare: Float = 1e-12

    /// A learner without labels.
    public init(
        options: SiteLearningOptions = SiteLearningOptions(),
        anchors: AnchorReservoir = AnchorReservoir()
    ) {
        self.options = options
        self.anchors = anchors
    }

    /// A learner of these labels: the replay after a label was changed or taken back.
    ///
    /// The same labels in the same order give the same bits.
    ///
    /// - Parameters:
    ///   - labels: ascending by number.
    ///   - options: the constants.
    ///   - anchors: the base data.
    /// - Throws: ``SiteLearningError/labelOrder(number:last:)``.
    public init(
        replaying labels: some Sequence<SiteLabel>,
        options: SiteLearningOptions = SiteLearningOptions(),
        anchors: AnchorReservoir = AnchorReservoir()
    ) throws(SiteLearningError) {
        self.init(options: options, anchors: anchors)
        for label in labels { try learn(label) }
    }

    /// Learns one label, and some anchors with it.
    ///
    /// - Parameter label: behind all labels before.
    /// - Throws: ``SiteLearningError/labelOrder(number:last:)``; then nothing is learnt.
    public mutating func learn(_ label: SiteLabel) throws(SiteLearningError) {
        if let lastNumber, label.number <= lastNumber {
            throw .labelOrder(number: label.number, last: lastNumber)
        }
        lastNumber = label.number
        count += 1
        let weight = label.weight * (label.label == .ham ? options.hamWeight : 1)
        step(label.features, label.label, logit: label.logit, weight: weight)
        for index in anchors.draw(options.anchors, for: label.number) {
            let anchor = anchors.anchors[index]
            step(
                anchor.features, anchor.label, logit: anchor.logit, weight: options.anchorWeight)
        }
        senders.add(label.features.sender, label.label)
        sketches.add(label.features, label.label)
    }

    /// What all threads can score with, as of the last label.
    ///
    /// The layer shares the weights with the learner; the next label copies them, 1 MiB.
    public var layer: SiteLayer {
        SiteLayer(
            weights: weights, senders: senders, sketches: sketches, labels: count,
            lastNumber: lastNumber, bounds: options.bounds)
    }

    /// One step of AdaGrad on one message.
    private mutating func step(
        _ features: SiteFeatures, _ label: SiteLabel.Class, logit: Float, weight: Double
    ) {
        // Not clipped: a label must be able to lead the sum back between the bounds.
        let margin = label.sign * (Double(logit) + weights.sums(features).total)
        let gradient = weight * Logistic.sigmoid(-margin)
        guard gradient.isFinite, gradient >= SiteLearner.smallestGradient else { return }
        let rate = Float(options.rate * label.sign)
        weights.values.withUnsafeMutableBufferPointer { weights in
            squares.values.withUnsafeMutableBufferPointer { squares in
                func move(_ index: Int, _ step: Float) {
                    squares[index] += step * step
                    weights[index] +=
                        rate * step / (squares[index] + SiteLearner.smallestSquare).squareRoot()
                }
                move(SiteWeights.bias, Float(gradient * SiteWeights.biasValue))
                let senderStep = Float(gradient * SiteWeights.senderValue)
                for hash in features.sender { move(SiteWeights.bucket(hash), senderStep) }
                let textStep = Float(gradient * SiteWeights.textValue(features.text.count))
                for hash in features.text { move(SiteWeights.bucket(hash), textStep) }
            }
        }
    }
}
