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

    /// Tokens of a vocabulary.
    public static let vocabularies = 2...5_000_000
    /// Numbers of a token.
    public static let embeddings = 1...1_024
    /// Different widths.
    public static let widthCounts = 1...16
    /// Tokens of a window; the table kernels hold its rows in 16 pointers (WIDEST in
    /// best_sums.inc).
    public static let windows = 1...16
    /// Filters of each width.
    public static let filterCounts = 1...4_096
    /// Units of the hidden layer.
    public static let hiddenUnits = 0...4_096

    /// The first size that is out of bounds, in words; nil for a sound shape.
    ///
    /// The bounds keep a hostile model file from asking for absurd memory.
    public var defect: String? {
        if !NetworkShape.vocabularies.contains(vocabulary) { return "vocabulary is \(vocabulary)" }
        if !NetworkShape.embeddings.contains(embedding) { return "embedding is \(embedding)" }
        if !NetworkShape.widthCounts.contains(widths.count) {
            return "widths has \(widths.count) entries"
        }
        if let width = widths.first(where: { !NetworkShape.windows.contains($0) }) {
            return "a width is \(width)"
        }
        if !NetworkShape.filterCounts.contains(filters) { return "filters is \(filters)" }
        if !NetworkShape.hiddenUnits.contains(hidden) { return "hidden is \(hidden)" }
        if !(1...10_000).contains(outputs) { return "outputs is \(outputs)" }
        return nil
    }
}
