import TextCNN

/// Turns the config of a model, with the models inside it, into one graph of layers.
final class GraphBuilder {
    /// Where a layer's weights are in the file.
    struct Place {
        /// The layer.
        var layer: KerasLayer
        /// The path of its group in weights of the new form.
        var path: [String]
        /// The name of the layer of the outermost model, whose group has them in the legacy form.
        var outermost: String
        /// The group's container and class, to look for it when the path is wrong.
        var container: [String]
    }

    /// What a layer gets.
    private enum Value {
        case text
        /// A value of the graph.
        case number(Int)
    }

    /// What is known of the mask of a value.
    private enum Mask: Equatable {
        case none
        /// The one that began at a layer.
        case from(Int)
        /// One that this version of Keras may or may not keep.
        case unclear
    }

    private(set) var layers: [LayerGraph.Node] = []
    /// The place of the weights, by the index of the layer.
    private(set) var places: [Int: Place] = [:]
    /// The layer that reads the text, and its group.
    private(set) var textLayer: Place?
    private(set) var length: Int?
    private let version: KerasVersion
    /// The group that holds the layers of a container: `layers`, or Keras 2.13's name.
    private let layersGroup: String
    private var countsTwice: Bool { layersGroup != "layers" }
    private var shapes: [[Int?]] = []
    private var masks: [Mask] = [.none]
    private var uses: [String: Int] = [:]
    private var depth = 0

    /// Models in models, and layers on a path, at most.
    private static let deepest = 16
    private static let longestPath = 500

    /// - Parameters:
    ///   - version: the version of Keras that wrote the config.
    ///   - length: ids of a text, where the text step says so.
    ///   - layersGroup: the group of the layers at the root of the weights.
    init(_ version: KerasVersion, length: Int?, layersGroup: String) {
        self.version = version
        self.length = length
        self.layersGroup = layersGroup
    }

    /// Builds the graph of a whole model.
    ///
    /// - Throws: `Refusal`.
    func build(_ config: JSON) throws -> LayerGraph {
        let model = try KerasLayer(config)
        guard model.isModel else {
            throw model.refusal("is no Sequential or Functional model; build it from these")
        }
        let input = try inputOf(model)
        shapes = [[length]]
        guard
            case .number(let output) = try apply(
                model, to: [input], path: [layersGroup], outermost: nil)
        else { throw Refusal("the model has no layer that computes numbers") }
        guard output == layers.count || output > 0 else {
            throw Refusal("the model has no layers")
        }
        return LayerGraph(length: length, layers: ordered(output))
    }

    /// The layers with that of the output last; others that nothing reads are left in front.
    private func ordered(_ output: Int) -> [LayerGraph.Node] {
        guard output < layers.count else { return layers }
        return layers + [
            LayerGraph.Node(
                name: layers[output - 1].name, inputs: [output], operation: .identity,
                layer: layers.count)
        ]
    }

    // MARK: Input

    /// What goes into a model: text, or ids of a length.
    private func inputOf(_ model: KerasLayer, depth: Int = 0) throws -> Value {
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

    // MARK: Models

    private func entries(of model: KerasLayer) throws -> [JSON] {
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

    private func apply(
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

    // MARK: References

    /// `["a", 0, 0]`, or a list of such.
    private func references(_ model: KerasLayer, _ key: String) throws -> [Reference] {
        guard let elements = model.config[key]?.elements else {
            throw model.refusal("lacks \(key)")
        }
        if let one = GraphBuilder.reference(elements) { return [one] }
        return try elements.map { element in
            guard let parts = element.elements, let one = GraphBuilder.reference(parts) else {
                throw model.refusal("has \(key) that siftd can't read")
            }
            return one
        }
    }

    private static func reference(_ parts: [JSON]) -> Reference? {
        guard parts.count >= 3, let layer = parts[0].text, let node = parts[1].integer,
            let tensor = parts[2].integer, tensor == 0, node >= 0
        else { return nil }
        return Reference(layer: layer, node: node)
    }

    /// The inputs of one call of a layer.
    private static func inputs(_ call: JSON, _ layer: KerasLayer) throws -> [Reference] {
        if call["args"] != nil || call["kwargs"] != nil {
            for member in call["kwargs"]?.members ?? []
            where member.key != Array("mask".utf8) && holdsTensor(member.value) {
                throw layer.refusal(
                    "is called with \(String(decoding: member.key, as: UTF8.self)); "
                        + "call it with its input alone")
            }
            return try tensors(call["args"] ?? .null, layer, depth: 0)
        }
        // One reference that is not in a list of its own, or several.
        let elements = call.elements ?? []
        if let one = reference(elements) {
            try refuseArguments(elements, layer)
            return [one]
        }
        return try elements.map { element in
            guard let parts = element.elements, let one = reference(parts) else {
                throw layer.refusal("has inputs that siftd can't read")
            }
            try refuseArguments(parts, layer)
            return one
        }
    }

    private static func refuseArguments(_ parts: [JSON], _ layer: KerasLayer) throws {
        guard parts.count > 3 else { return }
        for member in parts[3].members ?? [] where !member.value.isNull {
            let key = String(decoding: member.key, as: UTF8.self)
            guard ["mask", "training"].contains(key) else {
                throw layer.refusal("is called with \(key); call it with its input alone")
            }
        }
    }

    private static func holdsTensor(_ json: JSON, depth: Int = 0) -> Bool {
        guard depth < deepest else { return true }
        if json["class_name"]?.text == "__keras_tensor__" { return true }
        switch json {
        case .array(let elements): return elements.contains { holdsTensor($0, depth: depth + 1) }
        case .object(let members):
            return members.contains { holdsTensor($0.value, depth: depth + 1) }
        default: return false
        }
    }

    private static func tensors(
        _ json: JSON, _ layer: KerasLayer, depth: Int
    ) throws -> [Reference] {
        guard depth < deepest else { throw layer.refusal("has inputs nested too deeply") }
        if json["class_name"]?.text == "__keras_tensor__" {
            guard let history = json["config"]?["keras_history"]?.elements,
                let one = reference(history)
            else { throw layer.refusal("has an input that siftd can't read") }
            return [one]
        }
        guard case .array(let elements) = json else { return [] }
        return try elements.flatMap { try tensors($0, layer, depth: depth + 1) }
    }

    // MARK: Layers

    private func apply(
        _ layer: KerasLayer, to inputs: [Value], _ place: Place
    ) throws -> Value {
        if layer.isModel {
            return try apply(
                layer, to: inputs, path: place.path + [layersGroup], outermost: place.outermost)
        }
        if layer.className == "InputLayer", inputs.count == 1 { return inputs[0] }
        if case .text? = inputs.first {
            guard layer.className == "TextVectorization", inputs.count == 1 else {
                if ["Lambda"].contains(layer.className) {
                    _ = try LayerReader.operations(layer, version, inputs: [[nil]], mask: .none)
                }
                throw layer.refusal("reads text; only TextVectorization may")
            }
            guard textLayer == nil || textLayer?.path == place.path else {
                throw layer.refusal("is a second TextVectorization; siftd reads one")
            }
            textLayer = place
            return .number(0)
        }
        let numbers = try inputs.map { value in
            guard case .number(let number) = value else {
                throw layer.refusal("reads text; only TextVectorization may")
            }
            return number
        }
        guard !numbers.isEmpty else { throw layer.refusal("has no input") }
        return .number(try append(layer, numbers, place))
    }

    /// Sets the length that a text layer gives, before the layers behind it are read.
    func setLength(_ length: Int?) { if let length { self.length = length } }

    private func append(_ layer: KerasLayer, _ inputs: [Int], _ place: Place) throws -> Int {
        let (rule, mask) = try rule(layer, inputs)
        let operations = try LayerReader.operations(
            layer, version, inputs: inputs.map { shapes[$0] }, mask: rule)
        let key = place.path.joined(separator: "/") + "\u{0}" + layer.name
        var inputs = inputs
        for (number, operation) in operations.enumerated() {
            guard layers.count < LayerGraph.Limit.layers else {
                throw layer.refusal("is one layer too many")
            }
            let index = layers.count
            let use = "\(key)\u{0}\(number)"
            let first = uses[use] ?? index
            uses[use] = first
            do {
                let read = inputs.map { shapes[$0] }
                shapes.append(try operation.shape(of: read))
            } catch let misfit as LayerOperation.Misfit {
                throw layer.refusal(misfit.reason)
            }
            layers.append(
                LayerGraph.Node(
                    name: layer.name, inputs: inputs, operation: operation, layer: first))
            if number == 0, first == index { places[index] = place }
            masks.append(
                try self.mask(
                    behind: operation, inputs.map { masks[$0] }, merged: mask, index, layer))
            inputs = [layers.count]
        }
        return layers.count
    }

    /// The rule by which masks of several inputs are joined, and what is known of the result.
    private func rule(
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

    private func mask(
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
            .layerNormalization, .rescaling:
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

extension KerasLayer {
    /// The name of an entry of a list of layers.
    static func name(of entry: JSON) -> String {
        entry["name"]?.text ?? entry["config"]?["name"]?.text ?? ""
    }
}
