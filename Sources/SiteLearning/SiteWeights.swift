/// One weight for each bucket, and one for the bias, behind the last bucket.
struct SiteWeights: Sendable, Equatable {
    /// `[buckets + 1]`.
    var values: [Float]

    /// All weights 0.
    init() { values = [Float](repeating: 0, count: SiteWeights.count) }

    init(_ values: [Float]) { self.values = values }

    /// Numbers of an array: the buckets and the bias.
    static let count = 1 << SiteLayer.bits + 1
    static let bias = 1 << SiteLayer.bits

    /// The value of the bias feature.
    static let biasValue = 0.5
    /// The value of a sender feature: six of them have the length 2.
    static let senderValue = 2 / 6.0.squareRoot()
    /// The value of each of a message's text features, so that together they have the length 1.
    static func textValue(_ count: Int) -> Double { 1 / Double(max(count, 1)).squareRoot() }

    /// The bucket of a hash.
    @inline(__always)
    static func bucket(_ hash: UInt32) -> Int { Int(hash >> (32 - UInt32(SiteLayer.bits))) }

    /// The sum of a message's features times their weights, by block.
    struct Sums {
        var bias: Double
        var sender: Double
        var text: Double

        var total: Double { bias + sender + text }
    }

    /// The sums of a message, added in the order of its features, so that they have the same bits
    /// at every replay.
    func sums(_ features: SiteFeatures) -> Sums {
        values.withUnsafeBufferPointer { values in
            var sender = 0.0
            for hash in features.sender { sender += Double(values[SiteWeights.bucket(hash)]) }
            var text = 0.0
            features.text.withUnsafeBufferPointer {
                for hash in $0 { text += Double(values[SiteWeights.bucket(hash)]) }
            }
            return Sums(
                bias: Double(values[SiteWeights.bias]) * SiteWeights.biasValue,
                sender: sender * SiteWeights.senderValue,
                text: text * SiteWeights.textValue(features.text.count))
        }
    }
}
