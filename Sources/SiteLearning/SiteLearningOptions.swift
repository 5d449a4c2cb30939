import Checksums

/// The constants of the site layer; two layers with the same options and labels have the same bits.
public struct SiteLearningOptions: Sendable, Equatable {
    /// The step size of AdaGrad.
    public var rate = 1.0
    /// The most that the layer takes from a logit.
    public var lowerBound = 10.0
    /// The most that the layer adds to a logit, 2 to 8.
    ///
    /// With 6, no report of users can tag a message that the model puts below −3.8 (the tag
    /// threshold of 0.90 is a logit of 2.2), unless nearly the same message was reported.
    public var upperBound = 6.0
    /// The weight of a label `ham`; 2 has fewer false positives and a little less recall.
    public var hamWeight = 1.0
    /// Messages of the base data that are learnt with each label, so that the site's labels don't
    /// make the layer forget the rest of the world.
    public var anchors = 5
    /// The weight of an anchor.
    public var anchorWeight = 0.3

    /// The defaults.
    public init() {}

    /// What is wrong with the options, to follow the name of a setting; nil if nothing is.
    public var defect: String? {
        if !(0.01...10).contains(rate) { return "rate is \(rate); it is 0.01 to 10" }
        if !(0...30).contains(lowerBound) {
            return "lower bound is \(lowerBound); it is 0 to 30"
        }
        if !(2...8).contains(upperBound) { return "upper bound is \(upperBound); it is 2 to 8" }
        if !(0.1...10).contains(hamWeight) {
            return "ham weight is \(hamWeight); it is 0.1 to 10"
        }
        if !(0...100).contains(anchors) { return "anchors are \(anchors); they are 0 to 100" }
        if !(0...1).contains(anchorWeight) {
            return "anchor weight is \(anchorWeight); it is 0 to 1"
        }
        return nil
    }

    /// The bounds of what the layer adds to a logit.
    var bounds: ClosedRange<Double> { -lowerBound...upperBound }

    /// SHA-256 of what the weights depend on; the bounds apply at scoring alone.
    var digest: [UInt8] {
        var writer = ByteWriter()
        for value in [rate, hamWeight, Double(anchors), anchorWeight] {
            writer.append(value.bitPattern)
        }
        return SHA256.digest(writer.bytes)
    }
}
