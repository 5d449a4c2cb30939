import TextCNN

extension LayerReader {
    static func recurrent(
        _ layer: KerasLayer, _ version: KerasVersion
    ) throws -> LayerOperation.Recurrent {
        try layer.refuse("stateful", "make the layer without it")
        try layer.refuse("return_state", "make the layer without it")
        try layer.refuse("time_major", "make the layer without it")
        let cell: LayerOperation.Recurrent.Cell =
            switch layer.className {
            case "LSTM": .lstm
            case "GRU": try layer.flag("reset_after", true) ? .gruResetAfter : .gru
            default: .simple
            }
        if cell != .simple, !layer.config.has("recurrent_activation"), version.major < 2 {
            throw layer.refusal("is of Keras 1; load and save the model with Keras 2")
        }
        return LayerOperation.Recurrent(
            cell: cell, units: try layer.integer("units"),
            activation: try layer.plainActivation("activation", .tanh, version),
            gateActivation: try layer.plainActivation("recurrent_activation", .sigmoid, version),
            usesBias: try layer.flag("use_bias", true),
            returnsSequences: try layer.flag("return_sequences", false),
            readsBackwards: try layer.flag("go_backwards", false),
            zeroesMasked: try layer.flag("zero_output_for_mask", false))
    }

    private static func inner(_ layer: KerasLayer, _ key: String) throws -> KerasLayer? {
        guard let entry = layer.config[key] else { return nil }
        let inner = try KerasLayer(entry)
        return inner
    }

    static func bidirectional(
        _ layer: KerasLayer, _ version: KerasVersion
    ) throws -> LayerOperation {
        guard let forwardLayer = try inner(layer, "layer") else {
            throw layer.refusal("lacks the layer inside")
        }
        let backwardLayer = try inner(layer, "backward_layer")
        for one in [forwardLayer, backwardLayer].compactMap({ $0 })
        where !["LSTM", "GRU", "SimpleRNN"].contains(one.className) {
            throw layer.refusal(
                "is around \"\(one.name)\" (\(one.className)); use LSTM, GRU or SimpleRNN")
        }
        var forward = try recurrent(forwardLayer, version)
        var backward = try recurrent(backwardLayer ?? forwardLayer, version)
        if backwardLayer == nil { backward.readsBackwards = !forward.readsBackwards }
        // Keras sets this itself, whatever the file says.
        forward.zeroesMasked = forward.returnsSequences
        backward.zeroesMasked = backward.returnsSequences
        for one in [forwardLayer, backwardLayer ?? forwardLayer]
        where forward.returnsSequences {
            try one.refuse("unroll", "make the layer without it")
        }
        let modes: [String: LayerOperation.Merge] = [
            "sum": .add, "mul": .multiply, "ave": .average,
        ]
        guard
            let mode = layer.config.has("merge_mode") ? layer.config["merge_mode"]?.text : "concat"
        else { throw layer.refusal("has two outputs; give it a merge_mode") }
        guard mode == "concat" || modes[mode] != nil else {
            throw layer.refusal("has the merge_mode \(mode); use concat, sum, mul or ave")
        }
        return .bidirectional(forward: forward, backward: backward, merge: modes[mode])
    }

    static func timeDistributed(
        _ layer: KerasLayer, _ version: KerasVersion, _ inputs: [[Int?]],
        _ mask: LayerOperation.MaskRule
    ) throws -> [LayerOperation] {
        guard let inner = try inner(layer, "layer") else {
            throw layer.refusal("lacks the layer inside")
        }
        switch inner.className {
        case "Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "Dropout", "GaussianDropout",
            "GaussianNoise", "Rescaling":
            return try operations(inner, version, inputs: inputs, mask: mask)
        case "Flatten" where inputs[0].count == 2: return [.identity]
        default:
            throw layer.refusal(
                "is around \"\(inner.name)\" (\(inner.className)); use Dense or an activation")
        }
    }
}
