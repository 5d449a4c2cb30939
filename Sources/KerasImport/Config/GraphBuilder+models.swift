import TextCNN

extension GraphBuilder {
    func entries(of model: KerasLayer) throws -> [JSON] {
        guard let entries = model.config["layers"]?.elements ?? model.config.elements else {
            throw model.refusal("has no list of layers")
        }
        guard entries.count <= LayerGraph.Limit.layers else {
            throw model.refusal("has more than \(LayerGraph.Limit.layers) layers")
        }
        return entries
    }

    /// The groups of a container's layers by the index of the layer.
    private func groups(_ entries: [JSON]) throws -> [String?] {
        var counts: [String: Int] = [:]
        return try entries.map { entry in
            guard !KerasLayer.isOperation(entry), let name = entry["class_name"]?.text else {
                return nil
            }
            let snake = GraphBuilder.snakeCase(name)
            let count = counts[snake, default: 0]
            counts[snake] = count + (countsTwice ? (try hasVariables(entry) ? 2 : 1) : 1)
            return count == 0 ? snake : "\(snake)_\(count)"
        }
    }

    private static let weighted: Set<String> = [
        "Embedding", "Conv1D", "Conv2D", "SeparableConv1D", "DepthwiseConv1D", "Dense",
        "BatchNormalization", "LayerNormalization", "PReLU", "LSTM", "GRU", "SimpleRNN",
        "Bidirectional",
    ]

    private func hasVariables(_ entry: JSON, depth: Int = 0) throws -> Bool {
        guard depth < GraphBuilder.deepest else { throw Refusal("has too many models in models") }
        let className = entry["class_name"]?.text ?? ""
        if className == "TimeDistributed", let inner = entry["config"]?["layer"] {
            return try hasVariables(inner, depth: depth + 1)
        }
        if let entries = entry["config"]?["layers"]?.elements {
            return try entries.contains { try hasVariables($0, depth: depth + 1) }
        }
        return GraphBuilder.weighted.contains(className)
    }

    /// A class name as Keras writes it in paths: `GlobalMaxPooling1D` is `global_max_pooling1d`.
    ///
    /// A capital begins a word before a small letter and after one, not after a digit.
    static func snakeCase(_ name: String) -> String {
        let letters = Array(name.unicodeScalars)
        var result = ""
        for (index, letter) in letters.enumerated() {
            if index > 0, ("A"..."Z").contains(letter) {
                let isBeforeSmall =
                    index + 1 < letters.count && ("a"..."z").contains(letters[index + 1])
                if isBeforeSmall || ("a"..."z").contains(letters[index - 1]) { result += "_" }
            }
            result += letter.properties.lowercaseMapping
        }
        return result
    }

    func apply(
        _ model: KerasLayer, to inputs: [Value], path: [String], outermost: String?
    ) throws -> Value {
        guard inputs.count == 1 else { throw model.refusal("is given \(inputs.count) inputs") }
        depth += 1
        defer { depth -= 1 }
        guard depth <= GraphBuilder.deepest else {
            throw model.refusal("has more than \(GraphBuilder.deepest) models in models")
        }
        let entries = try entries(of: model)
        let groups = try groups(entries)
        func place(_ index: Int, _ layer: KerasLayer) -> Place {
            Place(
                layer: layer, path: path + [groups[index] ?? ""],
                outermost: outermost ?? layer.name, container: path)
        }
        if model.className == "Sequential" {
            var value = inputs[0]
            for (index, entry) in entries.enumerated() {
                let layer = try KerasLayer(entry)
                if layer.className == "InputLayer" { continue }
                value = try apply(layer, to: [value], place(index, layer))
            }
            return value
        }
        var walk = Walk(input: inputs[0])
        for (index, entry) in entries.enumerated() {
            guard walk.indices.updateValue(index, forKey: KerasLayer.name(of: entry)) == nil else {
                throw model.refusal("has two layers named \(KerasLayer.name(of: entry))")
            }
        }
        walk.entries = entries
        let inputNames = try references(model, "input_layers")
        guard inputNames.count == 1 else {
            throw model.refusal("has \(inputNames.count) inputs; siftd gives a model one text")
        }
        walk.inputName = inputNames[0].layer
        let outputs = try references(model, "output_layers")
        guard outputs.count == 1 else {
            throw model.refusal("has \(outputs.count) outputs; siftd reads one")
        }
        return try value(outputs[0], &walk, 0) { index, layer in place(index, layer) }
    }

    /// A walk through the nodes of one functional model.
    private struct Walk {
        var input: Value
        var inputName = ""
        var entries: [JSON] = []
        var indices: [String: Int] = [:]
        var known: [String: Value] = [:]
        var open: Set<String> = []

        init(input: Value) { self.input = input }
    }

    /// A reference to a layer's output.
    struct Reference {
        var layer: String
        var node: Int
    }

    private func value(
        _ reference: Reference, _ walk: inout Walk, _ length: Int,
        _ place: (Int, KerasLayer) -> Place
    ) throws -> Value {
        if reference.layer == walk.inputName { return walk.input }
        let key = "\(reference.node) \(reference.layer)"
        if let value = walk.known[key] { return value }
        guard let index = walk.indices[reference.layer] else {
            throw Refusal("config.json refers to a layer \"\(reference.layer)\" that is not there")
        }
        guard length < GraphBuilder.longestPath, walk.open.insert(key).inserted else {
            throw Refusal("layer \"\(reference.layer)\" is part of a circle or of too long a chain")
        }
        let entry = walk.entries[index]
        if KerasLayer.isOperation(entry) {
            throw Refusal(
                layer: reference.layer, entry["class_name"]?.text ?? "",
                "is an operation written between layers; use a layer of Keras, such as Add")
        }
        let layer = try KerasLayer(entry)
        let calls = entry["inbound_nodes"]?.elements ?? []
        var node = reference.node
        // Keras 2 counts the calls of a model from 1.
        if layer.isModel, node > 0, version.major < 3 || node >= calls.count { node -= 1 }
        guard calls.indices.contains(node) else {
            throw layer.refusal("is used in a way that config.json does not say")
        }
        var inputs: [Value] = []
        for input in try GraphBuilder.inputs(calls[node], layer) {
            inputs.append(try value(input, &walk, length + 1, place))
        }
        let result = try apply(layer, to: inputs, place(index, layer))
        walk.known[key] = result
        walk.open.remove(key)
        return result
    }
}
