import Glibc

/// A linear model of words and pairs of words, whose logit is added to that of the convolution.
///
/// The filters of a convolution generalise to other wordings of a phrase; a linear model over all
/// words and pairs remembers the mail it was trained on better. They err on different messages
/// (wide and deep learning; Cheng and others 2016, arXiv:1606.07792).
///
/// The ids of a word or pair are hashed to a bucket (Weinberger and others 2009, arXiv:0902.2206),
/// which counts once in a message, however often it occurs. The values of a message are the
/// rarities of its buckets, scaled to length 1; see "Linear term" in `docs/model.md`. Immutable,
/// for any thread.
public struct LinearTerm: Sendable, Equatable {
    /// The numbers of a bucket that the sum needs, side by side: one look-up of 8 bytes.
    private struct Cell: Equatable {
        /// Weight times rarity.
        var contribution: Float
        /// Rarity squared.
        var square: Float
    }

    /// The number of buckets, as a power of two.
    public let bits: Int
    /// The weight of each bucket, `[buckets]`.
    public let weights: [Float]
    /// The value of each bucket in a message before scaling, `[buckets]`:
    /// `1 + ln((1 + messages) / (1 + messages with the bucket))`.
    public let rarity: [Float]
    /// Added to the logit of every message.
    public let bias: Float
    private let cells: [Cell]

    /// The allowed values of ``bits``; the largest term takes 268 MB.
    public static let allowedBits = 8...24

    /// A term of these weights.
    ///
    /// - Parameters:
    ///   - weights: `[buckets]`; the number of buckets is a power of two in ``allowedBits``.
    ///   - rarity: `[buckets]`.
    ///   - bias: added to the logit of every message.
    public init(weights: [Float], rarity: [Float], bias: Float) {
        precondition(weights.count == rarity.count, "a weight for each rarity")
        precondition(weights.count.nonzeroBitCount == 1, "buckets are a power of two")
        bits = weights.count.trailingZeroBitCount
        self.weights = weights
        self.rarity = rarity
        self.bias = bias
        cells = zip(weights, rarity).map { Cell(contribution: $0 * $1, square: $1 * $1) }
    }

    /// The term with a logit that is multiplied by a factor.
    public func scaled(by factor: Float) -> LinearTerm {
        LinearTerm(weights: weights.map { $0 * factor }, rarity: rarity, bias: bias * factor)
    }

    /// What the distinct words and pairs of a part of a message add up to.
    struct Sums {
        /// Weights times rarities.
        var sum: Float = 0
        /// Rarities squared.
        var square: Float = 0

        mutating func add(_ other: Sums) {
            sum += other.sum
            square += other.square
        }
    }

    /// The term's logit for one message; the same ids give the same bits.
    public func logit(_ ids: [Int32]) -> Float { logit(sums(ids, [ids.indices])[0]) }

    /// The term's logit for a message, or for parts of one, with these sums.
    func logit(_ sums: Sums) -> Float {
        bias + (sums.square > 0 ? sums.sum / sums.square.squareRoot() : 0)
    }

    /// The sums of parts of a message, of each on its own.
    ///
    /// - Parameters:
    ///   - ids: the message.
    ///   - ranges: its parts: their words, and the pairs whose first word is in them.
    /// - Returns: for each part the sums over its distinct buckets.
    func sums(_ ids: [Int32], _ ranges: [Range<Int>]) -> [Sums] {
        var sums = [Sums](repeating: Sums(), count: ranges.count)
        cells.withUnsafeBufferPointer { cells in
            // A bucket is below 2^bits, the number of cells. Repeated buckets are multiplied by 0
            // rather than skipped: the processor can't predict which are repeated, and a wrong
            // prediction costs more than the sum. The sums of a part stay in registers.
            var current = Sums()
            var currentPart = 0
            Self.forEachBucket(of: ids, ranges, bits: bits) { part, bucket, isNew, _, _ in
                if part != currentPart {
                    sums[currentPart] = current
                    current = Sums()
                    currentPart = part
                }
                let cell = cells[bucket]
                let factor = Float(isNew)
                current.sum += factor * cell.contribution
                current.square += factor * cell.square
            }
            if currentPart < sums.count { sums[currentPart] = current }
        }
        return sums
    }

    /// The contribution of each word and pair, at its first occurrence; with ``bias`` they add up
    /// to the logit.
    ///
    /// - Parameters:
    ///   - ids: the message.
    ///   - ranges: its parts; a word counts once in each.
    /// - Returns: the contributions of the parts together.
    func windows(_ ids: [Int32], _ ranges: [Range<Int>]) -> [LogitShares.Window] {
        var windows: [LogitShares.Window] = []
        var square = 0.0
        Self.forEachBucket(of: ids, ranges, bits: bits) { _, bucket, isNew, start, width in
            guard isNew != 0 else { return }
            square += Double(cells[bucket].square)
            guard cells[bucket].contribution != 0 else { return }
            windows.append(
                .init(start: start, width: width, share: Double(cells[bucket].contribution)))
        }
        let length = square.squareRoot()
        for index in windows.indices { windows[index].share /= length }
        return windows
    }

    /// The buckets of a message, each once, in the order of their first occurrence.
    package static func buckets(of ids: [Int32], bits: Int) -> [UInt32] {
        var buckets: [UInt32] = []
        buckets.reserveCapacity(2 * ids.count)
        forEachBucket(of: ids, [ids.indices], bits: bits) { _, bucket, isNew, _, _ in
            if isNew != 0 { buckets.append(UInt32(bucket)) }
        }
        return buckets
    }

    /// Calls `body` with each word and pair of parts of a message: the number of the part, the
    /// bucket, 1 at the bucket's first occurrence in the part and 0 later, the index of the first
    /// word, and the number of words.
    @inline(__always)
    private static func forEachBucket(
        of ids: [Int32], _ ranges: [Range<Int>], bits: Int,
        _ body: (_ part: Int, _ bucket: Int, _ isNew: UInt32, _ start: Int, _ width: Int) -> Void
    ) {
        let words = (1 << bits) / 64
        // One bit for each bucket that occurred: a `Set` would take longer than the rest of the
        // sum.
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { seen in
            seen.initialize(repeating: 0)
            for (part, range) in ranges.enumerated() {
                visit(ids, range, bits) { bucket, start, width in
                    let shift = UInt64(bucket & 63)
                    let before = seen[bucket >> 6]
                    seen[bucket >> 6] = before | 1 &<< shift
                    let isNew = UInt32(truncatingIfNeeded: ~(before &>> shift) & 1)
                    body(part, bucket, isNew, start, width)
                }
                // Parts are short, and all bits are many more than those of a part.
                guard part + 1 < ranges.count else { break }
                visit(ids, range, bits) { bucket, _, _ in seen[bucket >> 6] = 0 }
            }
        }
    }

    /// Calls `body` with the bucket, the index of the first word and the number of words of each
    /// word of a part, and of each pair whose first word is in it.
    @inline(__always)
    private static func visit(
        _ ids: [Int32], _ range: Range<Int>, _ bits: Int,
        _ body: (_ bucket: Int, _ start: Int, _ width: Int) -> Void
    ) {
        func bucket(_ hash: UInt64) -> Int {
            // The highest bits of the product with 2⁶⁴/φ (Fibonacci hashing): below 2^bits.
            Int((hash &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
        }
        func word(_ index: Int) -> UInt64 { UInt64(UInt32(bitPattern: ids[index])) + 1 }
        func visitPair(_ first: UInt64, _ second: UInt64, _ start: Int) {
            // The prime of FNV-1a makes the order count, the offset keeps pairs apart from words.
            body(bucket(first &* 0x100_0000_01B3 ^ (second + 7_919)), start, 2)
        }
        var previous: UInt64?
        for index in range {
            let next = word(index)
            if let previous { visitPair(previous, next, index - 1) }
            body(bucket(next), index, 1)
            previous = next
        }
        if let previous, range.upperBound < ids.count {
            visitPair(previous, word(range.upperBound), range.upperBound - 1)
        }
    }
}

extension LinearTerm {
    /// The numbers of the term as named tensors, for a file.
    public var named: [NamedTensor] {
        [
            NamedTensor(name: "linear.weight", dimensions: [weights.count], values: weights),
            NamedTensor(name: "linear.rarity", dimensions: [rarity.count], values: rarity),
            NamedTensor(name: "linear.bias", dimensions: [1], values: [bias]),
        ]
    }

    /// Reads a term of `2^bits` buckets.
    ///
    /// - Parameters:
    ///   - bits: one of ``allowedBits``.
    ///   - values: returns the numbers of a tensor by name and dimensions, or throws.
    /// - Throws: what `values` throws.
    public init(bits: Int, values: (String, [Int]) throws -> [Float]) rethrows {
        self.init(
            weights: try values("linear.weight", [1 << bits]),
            rarity: try values("linear.rarity", [1 << bits]),
            bias: try values("linear.bias", [1])[0])
    }
}
