/// The sizes of a text CNN (Kim 2014, arXiv:1408.5882).
///
/// Embedding → parallel convolutions → ReLU → maximum over all windows → optional hidden layer with
/// ReLU → one logit for each label.
public struct NetworkShape: Codable, Sendable, Equatable {
    /// Tokens of the vocabulary, `<pad>` (id 0, whose row is zero) included.
    public var vocabulary: Int
    /// Numbers of a token's embedding.
    public var embedding: Int
    /// Window widths in tokens, one for each kind of filter.
    public var widths: [Int]
    /// Filters of each width.
    public var filters: Int
    /// Units of the hidden layer; 0 for a linear head.
    public var hidden: Int
    /// Logits: one for each label.
    public var outputs: Int

    /// A shape with these sizes; see ``defect`` for their bounds.
    public init(
        vocabulary: Int, embedding: Int = 64, widths: [Int] = [2, 3, 4, 5], filters: Int = 64,
        hidden: Int = 64, outputs: Int = 1
    ) {
        self.vocabulary = vocabulary
        self.embedding = embedding
        self.widths = widths
        self.filters = filters
        self.hidden = hidden
        self.outputs = outputs
    }

    /// Pooled values of a message: one for each filter.
    ///
    /// The feature of filter f of the width with index w is `w · filters + f`.
    public var features: Int { widths.count * filters }

    /// Rows of the kernel matrix: one for each width, window offset and filter, in this order.
    public var kernelRows: Int { widths.reduce(0, +) * filters }

    /// The first kernel row of the width with this index in ``widths``.
    public func firstRow(ofWidthAt index: Int) -> Int {
        widths[..<index].reduce(0, +) * filters
    }

    /// Inputs of the output layer.
    var headInputs: Int { hidden > 0 ? hidden : features }

    /// The first size that is out of bounds, in words; nil for a sound shape.
    ///
    /// The bounds keep a hostile model file from asking for absurd memory.
    public var defect: String? {
        if !(2...5_000_000).contains(vocabulary) { return "vocabulary is \(vocabulary)" }
        if !(1...1_024).contains(embedding) { return "embedding is \(embedding)" }
        if widths.isEmpty || widths.count > 16 { return "widths has \(widths.count) entries" }
        // The table kernels hold a window's rows in 16 pointers (WIDEST in best_sums.inc).
        if let width = widths.first(where: { !(1...16).contains($0) }) {
            return "a width is \(width)"
        }
        if !(1...4_096).contains(filters) { return "filters is \(filters)" }
        if !(0...4_096).contains(hidden) { return "hidden is \(hidden)" }
        if !(1...10_000).contains(outputs) { return "outputs is \(outputs)" }
        return nil
    }
}
