import Glibc

/// A linear judge of words and pairs of words beside the convolution; their logits add up.
///
/// Filters see phrases and tell what was written with other words; a linear model over all words and
/// pairs knows the mail it was trained on better. They err on different messages (wide and deep
/// learning; Cheng and others 2016, arXiv:1606.07792).
///
/// A word or pair stands for the bucket that its ids are hashed to (Weinberger and others 2009,
/// arXiv:0902.2206) and counts once, however often it is written; the values of a message are the
/// rarities of its buckets, scaled to length 1. Immutable, for any thread.
public struct LinearTerm: Sendable, Equatable {
    /// A bucket as the sum needs it: one look-up of 8 bytes.
    private struct Cell: Equatable {
        /// Weight times rarity.
        var worth: Float
        /// Rarity squared.
        var square: Float
    }

    /// Buckets, as a power of two.
    public let bits: Int
    /// Of each bucket, `[buckets]`.
    public let weights: [Float]
    /// What one occurrence counts, `[buckets]`: `1 + log((1 + messages) / (1 + messages with it))`.
    public let rarity: [Float]
    public let bias: Float
    private let cells: [Cell]

    public static let allowedBits = 8...24

    /// - Parameters:
    ///   - weights: `[buckets]`, a power of two in ``allowedBits``.
    ///   - rarity: as many.
    public init(weights: [Float], rarity: [Float], bias: Float) {
        precondition(weights.count == rarity.count, "a weight for each rarity")
        precondition(weights.count.nonzeroBitCount == 1, "buckets are a power of two")
        bits = weights.count.trailingZeroBitCount
        self.weights = weights
        self.rarity = rarity
        self.bias = bias
        cells = zip(weights, rarity).map { Cell(worth: $0 * $1, square: $1 * $1) }
    }

    /// The same judgement, counting less or more.
    public func scaled(by factor: Float) -> LinearTerm {
        LinearTerm(weights: weights.map { $0 * factor }, rarity: rarity, bias: bias * factor)
    }

    /// What the term adds to the logit of one message. The same ids give the same bits.
    public func logit(_ ids: [Int32]) -> Float {
        var sum: Float = 0
        var square: Float = 0
        cells.withUnsafeBufferPointer { cells in
            // Buckets are below 2^bits by their making, and there are as many cells. Multiplied by
            // 0 or 1 instead of skipped: whether a word was met can't be guessed by the processor,
            // and guessing wrong costs more than the sum.
            Self.forEachBucket(of: ids, bits: bits) { bucket, isNew, _, _ in
                let cell = cells[bucket]
                let counts = Float(isNew)
                sum += counts * cell.worth
                square += counts * cell.square
            }
        }
        return bias + (square > 0 ? sum / square.squareRoot() : 0)
    }

    /// What each word and pair adds, where it is first written; with ``bias`` they add up to the
    /// logit.
    func windows(_ ids: [Int32]) -> [LogitShares.Window] {
        var windows: [LogitShares.Window] = []
        var square = 0.0
        Self.forEachBucket(of: ids, bits: bits) { bucket, isNew, start, width in
            guard isNew != 0 else { return }
            square += Double(cells[bucket].square)
            guard cells[bucket].worth != 0 else { return }
            windows.append(
                .init(start: start, width: width, share: Double(cells[bucket].worth)))
        }
        let length = square.squareRoot()
        for index in windows.indices { windows[index].share /= length }
        return windows
    }

    /// The buckets of a message, each once, in the order of reading.
    static func buckets(of ids: [Int32], bits: Int) -> [UInt32] {
        var buckets: [UInt32] = []
        buckets.reserveCapacity(2 * ids.count)
        forEachBucket(of: ids, bits: bits) { bucket, isNew, _, _ in
            if isNew != 0 { buckets.append(UInt32(bucket)) }
        }
        return buckets
    }

    /// - Parameter body: told the bucket of each word and pair, 1 if it is met for the first time and
    ///   0 otherwise, the place of its first word and the number of words.
    @inline(__always)
    private static func forEachBucket(
        of ids: [Int32], bits: Int,
        _ body: (_ bucket: Int, _ isNew: UInt32, _ start: Int, _ width: Int) -> Void
    ) {
        let words = (1 << bits) / 64
        // One bit a bucket says whether it was met. A set would take longer than all the rest.
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { met in
            met.initialize(repeating: 0)
            func meet(_ hash: UInt64, _ start: Int, _ width: Int) {
                // The highest bits of the product, so that the bucket is below 2^bits.
                let product = hash &* 0x9E37_79B9_7F4A_7C15
                let bucket = Int(product >> UInt64(64 - bits))
                let shift = UInt64(bucket & 63)
                let before = met[bucket >> 6]
                met[bucket >> 6] = before | 1 &<< shift
                body(bucket, UInt32(truncatingIfNeeded: ~(before &>> shift) & 1), start, width)
            }
            var previous: UInt64?
            for (place, id) in ids.enumerated() {
                let word = UInt64(UInt32(bitPattern: id)) + 1
                if let previous { meet(previous &* 0x100_0000_01B3 ^ (word + 7_919), place - 1, 2) }
                meet(word, place, 1)
                previous = word
            }
        }
    }
}

extension LinearTerm {
    /// As named arrays, for a file.
    public var named: [NamedTensor] {
        [
            NamedTensor(name: "linear.weight", dimensions: [weights.count], values: weights),
            NamedTensor(name: "linear.rarity", dimensions: [rarity.count], values: rarity),
            NamedTensor(name: "linear.bias", dimensions: [1], values: [bias]),
        ]
    }

    /// Takes a term of `2^bits` buckets from a file.
    ///
    /// - Parameter values: gives the numbers of a tensor by name and dimensions, or throws.
    public init(bits: Int, values: (String, [Int]) throws -> [Float]) rethrows {
        self.init(
            weights: try values("linear.weight", [1 << bits]),
            rarity: try values("linear.rarity", [1 << bits]),
            bias: try values("linear.bias", [1])[0])
    }
}
