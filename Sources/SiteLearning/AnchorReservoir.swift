import Checksums

/// Messages of the base data, some of which are learnt again with each label.
///
/// They keep what the site's labels say about a word from spreading to all mail: a few hams of a
/// shop must not make "offer" a word of ham.
public struct AnchorReservoir: Sendable {
    /// One message of the base data.
    public struct Anchor: Sendable, Equatable {
        /// Hashed with the site's secret; without a sender.
        public var features: SiteFeatures
        /// As in the base data.
        public var label: SiteLabel.Class
        /// Of the model in force, calibrated.
        public var logit: Float

        /// An anchor.
        public init(features: SiteFeatures, label: SiteLabel.Class, logit: Float) {
            self.features = features
            self.label = label
            self.logit = logit
        }
    }

    /// How many messages are worth keeping: more betters nothing.
    public static let recommendedCount = 1_500

    /// The messages.
    public let anchors: [Anchor]
    /// SHA-256 of the anchors, for the cache.
    public let digest: [UInt8]

    /// A reservoir of these messages; without any, labels are learnt alone.
    public init(_ anchors: [Anchor] = []) {
        self.anchors = anchors
        var writer = ByteWriter()
        for anchor in anchors {
            writer.append(anchor.label.rawValue)
            writer.append(anchor.logit.bitPattern)
            writer.append(anchor.features.encoded)
        }
        digest = SHA256.digest(writer.bytes)
    }

    /// The indices of the anchors that are learnt with a label, the same ones at every replay.
    func draw(_ count: Int, for number: Int64) -> [Int] {
        guard !anchors.isEmpty else { return [] }
        var state = UInt64(bitPattern: number)
        return (0..<count).map { _ in
            // SplitMix64 (Steele, Lea and Flood 2014), and a product instead of a remainder.
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            value ^= value >> 31
            return Int(value.multipliedFullWidth(by: UInt64(anchors.count)).high)
        }
    }
}
