extension GraphBuilder {
    /// What goes into a model: text, or ids of a length.
    func inputOf(_ model: KerasLayer, depth: Int = 0) throws -> Value {
        guard let first = try firstLayer(of: model) else { return .number(0) }
        let config = first.config
        if first.className == "TextVectorization" { return .text }
        let isString = config["dtype"]?.text == "string"
        if first.isModel {
            guard depth < GraphBuilder.deepest else {
                throw Refusal("has too many models in models")
            }
            return try inputOf(first, depth: depth + 1)
        }
        if isString { return .text }
        try first.refuse("sparse", "use a dense input")
        try first.refuse("ragged", "use a dense input")
        let shape =
            config["batch_shape"] ?? config["batch_input_shape"]
            ?? model.config["build_input_shape"] ?? model.entry["build_config"]?["input_shape"]
        if let elements = shape?.elements {
            // An open length is null; scalar inputs have no second size.
            guard elements.count == 2 else {
                throw first.refusal(
                    "takes \(elements.count - 1) axes of numbers, not one text; give the model "
                        + "one input of ids or text")
            }
            if let size = elements[1].integer { try fix(size, first) }
        }
        if let size = config["input_length"]?.integer { try fix(size, first) }
        return .number(0)
    }

    private func firstLayer(of model: KerasLayer) throws -> KerasLayer? {
        let entries = try entries(of: model)
        if model.className == "Sequential" { return try entries.first.map { try KerasLayer($0) } }
        let names = try references(model, "input_layers")
        guard names.count == 1 else {
            throw model.refusal("has \(names.count) inputs; siftd gives a model one text")
        }
        return try entries.first { KerasLayer.name(of: $0) == names[0].layer }
            .map { try KerasLayer($0) }
    }

    private func fix(_ size: Int, _ layer: KerasLayer) throws {
        if let length, length != size {
            throw layer.refusal("takes \(size) ids, and the text step gives \(length)")
        }
        length = size
    }
}
