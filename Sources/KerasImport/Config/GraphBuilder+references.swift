extension GraphBuilder {
    /// `["a", 0, 0]`, or a list of such.
    func references(_ model: KerasLayer, _ key: String) throws -> [Reference] {
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
    static func inputs(_ call: JSON, _ layer: KerasLayer) throws -> [Reference] {
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
}
