import TextCNN

extension GraphBuilder {
    /// The rule by which masks of several inputs are joined, and what is known of the result.
    func rule(
        _ layer: KerasLayer, _ inputs: [Int]
    ) throws -> (LayerOperation.MaskRule, Mask) {
        guard inputs.count > 1 else { return (.shared, masks[inputs[0]]) }
        let all = inputs.map { masks[$0] }
        if all.allSatisfy({ $0 == .none }) { return (.none, .none) }
        if all.contains(.unclear) { return (.none, .unclear) }
        let isJoiningPositions =
            layer.className == "Concatenate" && shapes[inputs[0]].count == 2
            && (layer.config["axis"]?.integer ?? -1) == 1
        if version.major == 3, version.minor == 0 { return (.none, .none) }
        if all.allSatisfy({ $0 == all[0] }), !isJoiningPositions { return (.shared, all[0]) }
        let here = Mask.from(-1 - layers.count)
        switch (version.major, version.minor) {
        case (...2, _), (3, 1...3): return (.all, here)
        case (3, 4...): return (.any, all.contains(.none) && !isJoiningPositions ? .none : here)
        default: return (.none, .unclear)
        }
    }

    func mask(
        behind operation: LayerOperation, _ inputs: [Mask], merged: Mask, _ index: Int,
        _ layer: KerasLayer
    ) throws -> Mask {
        let input = inputs.first ?? .none
        func readable(_ mask: Mask) throws -> Mask {
            guard mask != .unclear else {
                throw layer.refusal(
                    "reads a mask that was joined from unlike ones, which Keras "
                        + "\(version.major).\(version.minor) does in a way siftd does not know; "
                        + "save the model with the newest Keras")
            }
            return mask
        }
        switch operation {
        case .embedding(_, _, let masksZero): return masksZero ? .from(index) : .none
        case .masking: return .from(index)
        case .dense, .identity, .activation, .rectifier, .elu, .learntRectifier, .normalization,
            .layerNormalization, .unitNormalization, .rescaling:
            return input
        case .softmax:
            guard input == .none else {
                throw layer.refusal(
                    "is a Softmax layer that receives a mask; use activation=\"softmax\"")
            }
            return .none
        case .merge, .concatenate: return merged
        case .recurrent(let form):
            return try form.returnsSequences
                ? readable(input)
                : {
                    _ = try readable(input); return .none
                }()
        case .bidirectional(let forward, _, _):
            let mask = try readable(input)
            return forward.returnsSequences ? mask : .none
        case .globalPooling(.average, _):
            _ = try readable(input)
            return .none
        default: return .none
        }
    }
}
