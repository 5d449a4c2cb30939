import TextCNN

extension GraphBuilder {
    func apply(
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

    private func append(_ layer: KerasLayer, _ inputs: [Int], _ place: Place) throws -> Int {
        let policy =
            layer.config["dtype"]?.text ?? layer.config["dtype"]?["config"]?["name"]?.text
        if shortFloats == nil, let policy, policy.hasSuffix("float16") { shortFloats = policy }
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
}
