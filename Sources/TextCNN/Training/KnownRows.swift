/// Rows of the embedding that are known before training, such as vectors of words that were learnt
/// from other text.
public struct KnownRows: Sendable {
    /// The rows by id, `[embedding]` each.
    public let rows: [Int32: [Float]]
    /// The factor of the learning rate of these rows: what is known should change less than what
    /// began at random, else a word that is rare in the training mail keeps little of it.
    public let rate: Float

    /// - Parameters:
    ///   - rows: by id; rows of other lengths, ids beyond the vocabulary and that of `<pad>` are
    ///     passed over.
    ///   - rate: the factor of their learning rate.
    public init(_ rows: [Int32: [Float]], rate: Float) {
        self.rows = rows
        self.rate = rate
    }

    /// Puts the rows into an embedding.
    func write(into parameters: inout Parameters) {
        let size = parameters.shape.embedding
        for (id, row) in rows where id > 0 && id < parameters.shape.vocabulary {
            guard row.count == size else { continue }
            let start = Int(id) * size
            parameters.embedding.replaceSubrange(start..<(start + size), with: row)
        }
    }

    /// The factor of each row's learning rate, `[vocabulary]`.
    func rates(vocabulary: Int) -> [Float] {
        (0..<Int32(vocabulary)).map { rows[$0] == nil ? 1 : rate }
    }
}
