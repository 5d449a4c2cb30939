import Checksums

/// Weights, accumulators, sender counts and sketches as bytes, so that a start need not replay all
/// labels.
///
/// Whatever is odd about them is an error, and the labels are replayed: nothing is lost with a
/// cache.
extension SiteLearner {
    /// The first bytes of a cache.
    private static let magic: [UInt8] = Array("siftSL".utf8)
    /// The version of the form.
    private static let cacheVersion: UInt16 = 2
    /// Bytes of an entry of the sender counts.
    private static let entrySize = 12
    private static let checksumSize = 32

    /// The state as bytes, about 2 MiB.
    ///
    /// - Parameter revision: of the label store: another number whenever a label that was learnt
    ///   has been changed or taken back.
    /// - Returns: what ``init(cache:options:anchors:revision:)`` reads.
    public func cache(revision: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(SiteLearner.magic)
        writer.append(SiteLearner.cacheVersion)
        writer.append(contents)
        writer.append(revision)
        writer.append(Int64(count))
        writer.append(lastNumber ?? .min)
        let entries = senders.shards.joined().sorted { $0.key < $1.key }
        writer.append(UInt32(entries.count))
        for (hash, count) in entries {
            writer.append(hash)
            writer.append(count.ham)
            writer.append(count.spam)
        }
        writer.append(weights.values)
        writer.append(squares.values)
        sketches.write(to: &writer)
        writer.append(SHA256.digest(writer.bytes))
        return writer.bytes
    }

    /// What the weights depend on beside the labels: feature version, buckets, options, anchors.
    private var contents: [UInt8] {
        [UInt8(SiteFeatures.version), UInt8(SiteLayer.bits)] + options.digest + anchors.digest
    }

    /// The revision that a cache names, whatever else is in it; nil when it is too short for one.
    public static func revision(ofCache bytes: [UInt8]) -> UInt64? {
        let contents = SiteLearner(options: SiteLearningOptions(), anchors: AnchorReservoir())
            .contents.count
        var reader = ByteReader(bytes[...])
        guard reader.next(count: magic.count + MemoryLayout<UInt16>.size + contents) != nil else {
            return nil
        }
        return reader.next(UInt64.self)
    }

    /// Continues from a cache.
    ///
    /// - Parameters:
    ///   - bytes: made by ``cache(revision:)``.
    ///   - options: must be those of the cache, the bounds apart.
    ///   - anchors: must be those of the cache.
    ///   - revision: of the label store.
    /// - Throws: ``SiteLearningError``; the labels must be replayed then.
    public init(
        cache bytes: [UInt8], options: SiteLearningOptions, anchors: AnchorReservoir,
        revision: UInt64
    ) throws(SiteLearningError) {
        self.init(options: options, anchors: anchors)
        let end = bytes.count - SiteLearner.checksumSize
        guard end > 0 else { throw .damagedCache("it has \(bytes.count) bytes") }
        guard SHA256.digest(Array(bytes[..<end])) == Array(bytes[end...]) else {
            throw .damagedCache("its checksum is wrong")
        }
        var reader = ByteReader(bytes[..<end])
        guard reader.next(count: SiteLearner.magic.count).map(Array.init) == SiteLearner.magic,
            reader.next(UInt16.self) == SiteLearner.cacheVersion
        else { throw .staleCache("another version of siftd wrote it") }
        let contents = self.contents
        guard reader.next(count: contents.count).map(Array.init) == contents else {
            throw .staleCache("features, options or base mail have changed")
        }
        guard reader.next(UInt64.self) == revision else {
            throw .staleCache("a label was changed or taken back")
        }
        try read(&reader)
    }

    private mutating func read(_ reader: inout ByteReader) throws(SiteLearningError) {
        guard let count = reader.next(Int64.self), count >= 0,
            let last = reader.next(Int64.self), let entries = reader.next(UInt32.self),
            reader.remaining
                >= Int(entries) * SiteLearner.entrySize + 2 * 4 * SiteWeights.count
        else { throw .damagedCache("its length is wrong") }
        self.count = Int(count)
        lastNumber = count > 0 ? last : nil
        for _ in 0..<entries {
            guard let hash = reader.next(UInt32.self), let ham = reader.next(UInt32.self),
                let spam = reader.next(UInt32.self)
            else { throw .damagedCache("its length is wrong") }
            senders[hash] = SenderCounts.Count(ham: ham, spam: spam)
        }
        guard let weights = reader.nextFloats(SiteWeights.count),
            let squares = reader.nextFloats(SiteWeights.count)
        else { throw .damagedCache("a weight is not finite") }
        self.weights = SiteWeights(weights)
        self.squares = SiteWeights(squares)
        sketches = try LabelledSketches(&reader)
    }
}
