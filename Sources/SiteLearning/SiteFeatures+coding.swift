extension SiteFeatures {
    /// The features for the store: version, number of sender features, number of text features in
    /// 2 bytes, and 4 bytes for each.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.append(UInt8(SiteFeatures.version))
        writer.append(UInt8(sender.count))
        writer.append(UInt16(text.count))
        for hash in sender { writer.append(hash) }
        for hash in text { writer.append(hash) }
        return writer.bytes
    }

    /// Reads features from the store.
    ///
    /// - Parameter bytes: made by ``encoded``.
    /// - Throws: ``SiteLearningError`` when the bytes are of another version or can't be features.
    public init(encoded bytes: [UInt8]) throws(SiteLearningError) {
        var reader = ByteReader(bytes[...])
        guard let version = reader.next(UInt8.self) else { throw .damagedFeatures("no bytes") }
        guard version == SiteFeatures.version else { throw .featureVersion(Int(version)) }
        guard let senders = reader.next(UInt8.self), let texts = reader.next(UInt16.self) else {
            throw .damagedFeatures("cut after \(bytes.count) bytes")
        }
        guard senders <= SiteFeatures.mostSender, texts <= SiteFeatures.mostText else {
            throw .damagedFeatures("\(senders) sender and \(texts) text features are too many")
        }
        let count = Int(senders) + Int(texts)
        guard reader.remaining == 4 * count else {
            throw .damagedFeatures(
                "\(reader.remaining) bytes where \(count) features have \(4 * count)")
        }
        var hashes: [UInt32] = []
        hashes.reserveCapacity(count)
        while let hash = reader.next(UInt32.self) { hashes.append(hash) }
        let text = Array(hashes[Int(senders)...])
        let isDistinct = HashSet32.withTemporary(capacity: text.count) { seen in
            for hash in text where !seen.insert(hash) { return false }
            return true
        }
        guard isDistinct else { throw .damagedFeatures("a feature occurs twice") }
        self.init(text: text, sender: Array(hashes[..<Int(senders)]))
    }
}
