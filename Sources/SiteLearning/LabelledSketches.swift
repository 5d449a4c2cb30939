/// What tells whether a message is nearly the same as one that somebody has labelled.
///
/// Of each labelled message the smallest hashes of its text are kept: the share of common ones
/// among the smallest of both estimates the share of common features (bottom-k sketch, Broder
/// 1997). A value; copies share their tables until one is changed.
struct LabelledSketches: Sendable {
    /// The most similar labelled messages of each class; 0 where none is similar enough.
    struct Likeness: Sendable, Equatable {
        var ham = 0.0
        var spam = 0.0
    }

    /// The smallest hashes of a text, of a sketch.
    static let size = 24
    /// Minima of the hashes under so many permutations, by which sketches are found: of two
    /// messages with six tenths of their features in common, one at least is the same with a
    /// probability of 0.97.
    static let keys = 4
    /// The share of common features from which on two messages count as nearly the same.
    static let leastShare = 0.5

    /// Labelled messages that are found by one key, the newest: text that all mail of a kind has
    /// must not make a search long.
    private static let longestList = 2
    private static let chunk = 256
    /// The keys, the hashes of a sketch, and the class behind them.
    private static let stride = keys + size + 1
    private static let shardsOfKey = 64

    /// Sketches by the hundred, so that a label copies one chunk after they were shared.
    private(set) var chunks: [[UInt32]] = []
    /// Sketches.
    private(set) var count = 0
    /// By key and its lower bits, the sketches that have it, the oldest first.
    private var shards = [[UInt32: [UInt32]]](repeating: [:], count: keys * shardsOfKey)

    /// Nothing labelled.
    init() {}

    /// Adds a labelled message, unless it has too little text to be known again.
    mutating func add(_ features: SiteFeatures, _ label: SiteLabel.Class) {
        guard features.text.count >= SiteFeatures.leastText else { return }
        let minima = LabelledSketches.minima(features.text)
        add(
            [minima.x, minima.y, minima.z, minima.w]
                + LabelledSketches.smallest(features.text, LabelledSketches.size), label)
    }

    /// Adds keys and a sketch, whose hashes are in ascending order.
    private mutating func add(_ numbers: [UInt32], _ label: SiteLabel.Class) {
        if count % LabelledSketches.chunk == 0 { chunks.append([]) }
        chunks[chunks.count - 1] += numbers
        chunks[chunks.count - 1].append(UInt32(label.rawValue))
        for (index, key) in numbers.prefix(LabelledSketches.keys).enumerated() {
            let shard = LabelledSketches.shard(index, key)
            var list = shards[shard][key] ?? []
            if list.count == LabelledSketches.longestList { list.removeFirst() }
            list.append(UInt32(count))
            shards[shard][key] = list
        }
        count += 1
    }

    @inline(__always)
    private static func shard(_ index: Int, _ key: UInt32) -> Int {
        index * shardsOfKey + Int(key) % shardsOfKey
    }

    /// The labelled messages that a message is most like.
    func likeness(of features: SiteFeatures) -> Likeness {
        var result = Likeness()
        guard count > 0, features.text.count >= SiteFeatures.leastText else { return result }
        let minima = LabelledSketches.minima(features.text)
        var sketch: [UInt32] = []
        // A near copy is found by several of its keys.
        var seen: [UInt32] = []
        for index in 0..<LabelledSketches.keys {
            let key = minima[index]
            guard let list = shards[LabelledSketches.shard(index, key)][key] else { continue }
            if sketch.isEmpty {
                sketch = LabelledSketches.smallest(features.text, LabelledSketches.size)
            }
            for entry in list where !seen.contains(entry) {
                seen.append(entry)
                compare(sketch, Int(entry), &result)
            }
        }
        return result
    }

    private func compare(_ sketch: [UInt32], _ entry: Int, _ result: inout Likeness) {
        chunks[entry / LabelledSketches.chunk].withUnsafeBufferPointer { chunk in
            let start =
                entry % LabelledSketches.chunk * LabelledSketches.stride + LabelledSketches.keys
            let end = start + LabelledSketches.size
            let share = sketch.withUnsafeBufferPointer {
                LabelledSketches.share($0, UnsafeBufferPointer(rebasing: chunk[start..<end]))
            }
            guard share >= LabelledSketches.leastShare else { return }
            if chunk[end] == UInt32(SiteLabel.Class.spam.rawValue) {
                result.spam = max(result.spam, share)
            } else {
                result.ham = max(result.ham, share)
            }
        }
    }

    /// The smallest hash under each of four permutations (MinHash, Broder 1997).
    private static func minima(_ hashes: [UInt32]) -> SIMD4<UInt32> {
        // Hashes are spread evenly, so a changed order of their values is permutation enough.
        let masks = SIMD4<Int32>(0x1E37_79B1, 0x55EB_CA77, -0x3D4D_51C3, -0x682B_1473)
        var result = SIMD4<Int32>(repeating: .max)
        hashes.withUnsafeBufferPointer {
            for hash in $0 {
                let value = SIMD4(repeating: Int32(bitPattern: hash)) ^ masks
                result.replace(with: value, where: value .< result)
            }
        }
        return SIMD4<UInt32>(truncatingIfNeeded: result)
    }

    /// The smallest numbers in ascending order; fewer where there are no more.
    ///
    /// Hashes are spread evenly, so that all but a few are left out by one comparison each, without
    /// a branch.
    static func smallest(_ hashes: [UInt32], _ count: Int) -> [UInt32] {
        let expected = 2 * count + 8
        let limit =
            hashes.count > 2 * expected
            ? UInt32(UInt64(UInt32.max) * UInt64(expected) / UInt64(hashes.count)) : .max
        return smallest(hashes, count, upTo: limit)
            ?? smallest(hashes, count, upTo: .max) ?? []
    }

    /// The smallest numbers; nil when there are more than fit below the limit.
    private static func smallest(
        _ hashes: [UInt32], _ count: Int, upTo limit: UInt32
    ) -> [UInt32]? {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: hashes.count + 1) { few in
            var found = 0
            hashes.withUnsafeBufferPointer { hashes in
                for hash in hashes {
                    few[found] = hash
                    found += hash <= limit ? 1 : 0
                }
            }
            guard found >= count || found == hashes.count else { return nil }
            return [UInt32](unsafeUninitializedCapacity: count) { buffer, written in
                var length = 0
                for position in 0..<found {
                    let hash = few[position]
                    if length == count {
                        guard hash < buffer[count - 1] else { continue }
                    } else {
                        length += 1
                    }
                    var index = length - 1
                    while index > 0, buffer[index - 1] > hash {
                        buffer[index] = buffer[index - 1]
                        index -= 1
                    }
                    buffer[index] = hash
                }
                written = length
            }
        }
    }

    /// The share of common hashes among the smallest of both.
    private static func share(
        _ one: UnsafeBufferPointer<UInt32>, _ other: UnsafeBufferPointer<UInt32>
    ) -> Double {
        var common = 0
        var (left, right) = (0, 0)
        for _ in 0..<size {
            let (first, second) = (one[left], other[right])
            if first == second { common += 1 }
            if first <= second { left += 1 }
            if second <= first { right += 1 }
        }
        return Double(common) / Double(size)
    }
}

extension LabelledSketches {
    /// Writes the sketches in their order.
    func write(to writer: inout ByteWriter) {
        writer.append(UInt32(count))
        for chunk in chunks { for number in chunk { writer.append(number) } }
    }

    /// Reads all that is left.
    ///
    /// - Throws: ``SiteLearningError``.
    init(_ reader: inout ByteReader) throws(SiteLearningError) {
        self.init()
        guard let count = reader.next(UInt32.self),
            reader.remaining == Int(count) * 4 * LabelledSketches.stride
        else { throw .damagedCache("its length is wrong") }
        for _ in 0..<count {
            var numbers: [UInt32] = []
            numbers.reserveCapacity(LabelledSketches.stride)
            while numbers.count < LabelledSketches.stride - 1, let number = reader.next(UInt32.self)
            {
                numbers.append(number)
            }
            let sketch = numbers.dropFirst(LabelledSketches.keys)
            guard zip(sketch, sketch.dropFirst()).allSatisfy({ $0 < $1 }),
                let number = reader.next(UInt32.self), let raw = UInt8(exactly: number),
                let label = SiteLabel.Class(rawValue: raw)
            else { throw .damagedCache("a sketch is not in order") }
            add(numbers, label)
        }
    }
}
