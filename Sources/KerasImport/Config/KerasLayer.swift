import TextCNN

/// One layer as a config describes it.
struct KerasLayer {
    var className: String
    var name: String
    var config: JSON
    /// The whole entry, with `inbound_nodes`.
    var entry: JSON

    /// Reads an entry of a list of layers.
    ///
    /// - Throws: `Refusal` when it is no layer, or one of the author's classes.
    init(_ entry: JSON) throws {
        guard let className = entry["class_name"]?.text, let config = entry["config"] else {
            throw Refusal("config.json has a layer without class_name and config")
        }
        self.className = className
        self.entry = entry
        self.config = config
        name = entry["name"]?.text ?? config["name"]?.text ?? className
        if let registered = entry["registered_name"]?.text, registered.contains(">"),
            !registered.hasPrefix("keras.")
        {
            throw refusal(
                "is a class of the author (\(registered)), whose code is not in the file; "
                    + "use layers of Keras")
        }
        if entry.has("module"), !isFromKeras {
            throw refusal(
                "is a class of the author, whose code is not in the file; use layers of Keras")
        }
    }

    private var isFromKeras: Bool {
        guard let module = entry["module"]?.text else { return false }
        return module == "keras" || module.hasPrefix("keras.")
            || module.hasPrefix("tensorflow.keras") || module.hasPrefix("tf_keras")
            || module.hasPrefix("tensorflow.python.keras")
    }

    /// Whether it is an operation on tensors that Keras 3 lists among the layers.
    static func isOperation(_ entry: JSON) -> Bool {
        entry["module"]?.text?.hasPrefix("keras.src.ops") ?? false
            || entry["module"]?.text?.hasPrefix("keras.ops") ?? false
    }

    /// Whether it is a model of layers.
    var isModel: Bool { ["Sequential", "Functional", "Model"].contains(className) }

    func refusal(_ reason: String) -> Refusal { Refusal(layer: name, className, reason) }

    // MARK: Arguments

    func flag(_ key: String, _ absent: Bool) throws -> Bool {
        guard let value = config[key] else { return absent }
        if let flag = value.flag { return flag }
        if let number = value.integer, number == 0 || number == 1 { return number == 1 }
        throw refusal("has a \(key) that is not true or false")
    }

    func number(_ key: String, _ absent: Double) throws -> Double {
        guard let value = config[key] else { return absent }
        // Keras 3.0 writes some numbers as arrays of one.
        if let number = value.number ?? value.elements?.first?.number
            ?? value["config"]?["value"]?.number, number.isFinite
        {
            return number
        }
        throw refusal("has a \(key) that is no number")
    }

    func integer(_ key: String, _ absent: Int? = nil) throws -> Int {
        guard let value = config[key] else {
            if let absent { return absent }
            throw refusal("lacks \(key)")
        }
        if let integer = value.integer { return integer }
        if let elements = value.elements, elements.count == 1, let integer = elements[0].integer {
            return integer
        }
        throw refusal("has a \(key) that is no whole number")
    }

    /// One or several whole numbers, as many as `count`; one stands for all.
    func integers(_ key: String, _ count: Int, _ absent: Int?) throws -> [Int] {
        guard let value = config[key] else {
            if let absent { return [Int](repeating: absent, count: count) }
            throw refusal("lacks \(key)")
        }
        if let integer = value.integer { return [Int](repeating: integer, count: count) }
        let integers = value.elements?.compactMap(\.integer) ?? []
        guard integers.count == count || integers.count == 1 else {
            throw refusal("has a \(key) that is not \(count) whole numbers")
        }
        return integers.count == count
            ? integers : [Int](repeating: integers[0], count: count)
    }

    /// A list of whole numbers; a single one is a list of one.
    func list(_ key: String) throws -> [Int]? {
        guard let value = config[key] else { return nil }
        if let integer = value.integer { return [integer] }
        guard let elements = value.elements else { throw refusal("has a \(key) that is no list") }
        let integers = elements.compactMap(\.integer)
        guard integers.count == elements.count else {
            throw refusal("has a \(key) that is no list of whole numbers")
        }
        return integers
    }

    func string(_ key: String, _ absent: String) throws -> String {
        guard let value = config[key] else { return absent }
        guard let text = value.text else { throw refusal("has a \(key) that is no text") }
        return text
    }

    /// Refuses values of a key other than the one that siftd computes.
    func require(_ key: String, _ expected: String, _ remedy: String) throws {
        let value = try string(key, expected)
        guard value == expected else { throw refusal("has \(key) \(value); \(remedy)") }
    }

    func refuse(_ key: String, _ remedy: String) throws {
        if try flag(key, false) { throw refusal("has \(key); \(remedy)") }
    }

    func padding(causal: Bool = false) throws -> LayerOperation.Padding {
        let text = try string("padding", "valid")
        guard let padding = LayerOperation.Padding(rawValue: text), causal || padding != .causal
        else { throw refusal("has padding \(text), which siftd does not know") }
        return padding
    }

    // MARK: Activations

    /// The operations of an activation, or nil for one that a layer applies itself.
    enum Activation {
        case plain(LayerActivation)
        /// An activation layer as activation, such as `LeakyReLU(0.1)`.
        case layer(LayerOperation)
    }

    private static let activations: [String: LayerActivation] = [
        "linear": .linear, "relu": .relu, "sigmoid": .sigmoid, "tanh": .tanh,
        "softmax": .softmax, "softmax_v2": .softmax, "elu": .elu, "selu": .selu,
        "softplus": .softplus, "softsign": .softsign, "silu": .silu, "swish": .silu,
        "mish": .mish, "exponential": .exponential, "relu6": .relu6, "gelu": .gelu,
        "hard_silu": .hardSilu, "hard_swish": .hardSilu, "leaky_relu": .leakyRelu,
    ]

    /// The activation under a key.
    func activation(
        _ key: String, _ absent: LayerActivation, _ version: KerasVersion
    ) throws -> Activation {
        guard let value = config[key] else { return .plain(config.has(key) ? .linear : absent) }
        var name = value.text
        if name == nil, let className = value["class_name"]?.text {
            if className == "function" {
                name = value["config"]?.text
                if let registered = value["registered_name"]?.text, registered.contains(">") {
                    name = registered
                }
            } else if let entry = try? KerasLayer(value),
                let operation = try LayerReader.activationLayer(entry, version, rank: nil)
            {
                return .layer(operation)
            } else {
                throw refusal(
                    "has the \(key) \(className), whose code is not in the file or which siftd "
                        + "does not know; use an activation of Keras by name")
            }
        }
        guard let name else { throw refusal("has no readable \(key)") }
        if name == "hard_sigmoid" {
            return .plain(version.major < 3 ? .hardSigmoid2 : .hardSigmoid)
        }
        guard let activation = KerasLayer.activations[name] else {
            throw refusal(
                "has the \(key) \(name), which siftd does not know; use one of "
                    + KerasLayer.activations.keys.sorted().joined(separator: ", "))
        }
        return .plain(activation)
    }

    /// An activation that the layer applies itself.
    func plainActivation(
        _ key: String, _ absent: LayerActivation, _ version: KerasVersion
    ) throws -> LayerActivation {
        guard case .plain(let activation) = try activation(key, absent, version) else {
            throw refusal("has a layer as \(key); use an activation by name")
        }
        return activation
    }
}

extension KerasLayer {
    /// The name of an entry of a list of layers.
    static func name(of entry: JSON) -> String {
        entry["name"]?.text ?? entry["config"]?["name"]?.text ?? ""
    }
}
