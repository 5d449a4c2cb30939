import TextCNN

/// Finds the weights of layers in a file.
protocol WeightSource {
    /// The numbers of one weight of a layer.
    ///
    /// The name is that of `LayerOperation.weights(of:)`, the index its number among the weights of
    /// the layer, or of one direction of it.
    func numbers(
        of place: GraphBuilder.Place, name: String, index: Int, _ dimensions: [Int]
    ) throws -> [Float]
}

extension GraphBuilder.Place {
    /// Whether the weights belong to a layer inside of the layer.
    var isDistributed: Bool { layer.className == "TimeDistributed" }

    /// Whether the weights belong to a cell.
    var isRecurrent: Bool { ["LSTM", "GRU", "SimpleRNN"].contains(layer.className) }
}
