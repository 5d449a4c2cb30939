import Archives
import CHDF5
import Foundation
import Models
import TextCNN

/// A `.keras` archive of a network of siftd's own.
struct KerasArchive {
    private let network: Network
    private var isSegmented: Bool { network.segmentation != nil }
    private var layers: [JSONValue] = []
    private var weights: [(path: String, sizes: [Int], values: [Float])] = []
    private var counts: [String: Int] = [:]
    /// The shape and type of each layer's output.
    private var outputs: [String: (shape: [Int?], dtype: String)] = [:]

    /// The version whose form is written.
    private static let version = "3.15.1"
    /// Keeps the root of a message without buckets from being 0.
    private static let leastSquare = 1e-30

    init(_ network: Network) { self.network = network }

    /// The bytes of the archive.
    ///
    /// - Throws: `KerasImportError` when there is no memory for it.
    func bytes() throws -> [UInt8] {
        var archive = self
        return try archive.build()
    }

    private mutating func build() throws -> [UInt8] {
        let shape = network.parameters.shape
        let widest = shape.widths.max() ?? 1
        addInput("ids")
        add(
            "Embedding", "embedding", ["ids"], [nil, shape.embedding],
            [
                "input_dim": .number(Double(shape.vocabulary)),
                "output_dim": .number(Double(shape.embedding)),
            ],
            [([shape.vocabulary, shape.embedding], network.parameters.embedding)])
        // A window of padding alone takes part in every maximum.
        add(
            "ZeroPadding1D", "padding", ["embedding"], [nil, shape.embedding],
            ["padding": .array([.number(0), .number(Double(widest))])])
        if isSegmented { addInput("blocked", shape: [nil, 1], "float32") }
        var pooled: [String] = []
        for (index, width) in shape.widths.enumerated() {
            var windows = "convolution_\(width)_\(index)"
            add(
                "Conv1D", windows, ["padding"], [nil, shape.filters],
                [
                    "filters": .number(Double(shape.filters)),
                    "kernel_size": .array([.number(Double(width))]),
                    "activation": .string(isSegmented ? "linear" : "relu"),
                    "padding": .string("valid"),
                ],
                [
                    ([width, shape.embedding, shape.filters], network.kernel(ofWidthAt: index)),
                    ([shape.filters], network.bias(ofWidthAt: index)),
                ])
            if isSegmented { windows = addBarrier(windows, index, padding: widest - width + 1) }
            pooled.append("maximum_\(width)_\(index)")
            add("GlobalMaxPooling1D", pooled[index], [windows], [shape.filters], [:])
        }
        var last = pooled[0]
        if pooled.count > 1 {
            last = "features"
            add("Concatenate", last, pooled, [shape.features], ["axis": .number(-1)], merges: true)
        }
        if shape.hidden > 0 {
            addDense(
                "hidden", last, inputs: shape.features, units: shape.hidden, "relu",
                network.parameters.hidden, network.parameters.hiddenBias)
            last = "hidden"
        }
        addDense(
            "output", last, inputs: shape.hidden > 0 ? shape.hidden : shape.features,
            units: shape.outputs, "linear", network.parameters.output,
            network.parameters.outputBias)
        var inputs = isSegmented ? ["ids", "blocked"] : ["ids"]
        last = "output"
        if let linear = network.linear {
            addLinear(linear)
            inputs.append("buckets")
            add("Add", "logits", ["output", "linear"], [1], [:], merges: true)
            last = "logits"
        }
        let config = JSONValue.object([
            "module": .string("keras.src.models.functional"), "class_name": .string("Functional"),
            "registered_name": .string("Functional"), "compile_config": .object([:]),
            "build_config": .object(["input_shape": .null]),
            "config": .object([
                "name": .string("siftd"), "trainable": .bool(true), "layers": .array(layers),
                "input_layers": .array(inputs.map(KerasArchive.reference)),
                "output_layers": KerasArchive.reference(last),
            ]),
        ])
        let metadata = JSONValue.object([
            "keras_version": .string(KerasArchive.version),
            "date_saved": .string("1970-01-01@00:00:00"),
        ])
        let encoder = JSONEncoder.siftd(pretty: false)
        return try ZipWriter.archive([
            ("metadata.json", Array(try encoder.encode(metadata))),
            ("config.json", Array(try encoder.encode(config))),
            ("model.weights.h5", try hdf5()),
        ])
    }

    private static func reference(_ layer: String) -> JSONValue {
        .array([.string(layer), .number(0), .number(0)])
    }

    private mutating func addInput(
        _ name: String, shape: [Int?] = [nil], _ dtype: String = "int32"
    ) {
        outputs[name] = ([nil] + shape, dtype)
        layers.append(
            entry(
                "keras.layers", "InputLayer", name,
                [
                    "batch_shape": KerasArchive.shape([nil] + shape), "dtype": .string(dtype),
                    "sparse": .bool(false), "ragged": .bool(false), "name": .string(name),
                ], []))
    }

    private func entry(
        _ module: String, _ className: String, _ name: String, _ config: [String: JSONValue],
        _ calls: [JSONValue]
    ) -> JSONValue {
        .object([
            "module": .string(module), "class_name": .string(className), "name": .string(name),
            "config": .object(config), "inbound_nodes": .array(calls),
            "registered_name": module == "keras.layers" ? .null : .string(className),
        ])
    }

    private func tensor(_ name: String) -> JSONValue {
        let output = outputs[name] ?? ([], "float32")
        let shape = output.shape.map { $0.map { JSONValue.number(Double($0)) } ?? .null }
        return .object([
            "class_name": .string("__keras_tensor__"),
            "config": .object([
                "shape": .array(shape), "dtype": .string(output.dtype),
                "keras_history": KerasArchive.reference(name),
            ]),
        ])
    }

    /// Adds a layer, and its weights below the path that Keras reads.
    private mutating func add(
        _ className: String, _ name: String, _ inputs: [String], _ shape: [Int?],
        _ config: [String: JSONValue], _ variables: [(sizes: [Int], values: [Float])] = [],
        merges: Bool = false
    ) {
        let tensors = inputs.map(tensor)
        let arguments = merges ? [JSONValue.array(tensors)] : tensors
        var config = config
        config["name"] = .string(name)
        config["dtype"] = .string("float32")
        outputs[name] = ([nil] + shape, "float32")
        let build: JSONValue = .object([
            "input_shape": merges
                ? .array(inputs.map { KerasArchive.shape(outputs[$0]?.shape ?? []) })
                : KerasArchive.shape(outputs[inputs[0]]?.shape ?? [])
        ])
        guard
            case .object(var members) = entry(
                "keras.layers", className, name, config,
                [.object(["args": .array(arguments), "kwargs": .object([:])])])
        else { return }
        members["build_config"] = build
        layers.append(.object(members))
        let snake = GraphBuilder.snakeCase(className)
        let count = embeddings.firstIndex(of: name) ?? counts[snake, default: 0]
        counts[snake] = count + 1
        let group = count == 0 ? snake : "\(snake)_\(count)"
        for (index, variable) in variables.enumerated() {
            weights.append(("layers/\(group)/vars/\(index)", variable.sizes, variable.values))
        }
    }

    /// The embeddings in the order in which Keras numbers their groups.
    ///
    /// That with the longest way to the output comes first. Layers of other classes come in this
    /// order anyway.
    private var embeddings: [String] {
        let shape = network.parameters.shape
        guard network.linear != nil else { return ["embedding"] }
        let isLast = shape.hidden == 0 && shape.widths.count == 1
        return isLast
            ? ["linear_squares", "embedding", "linear_products"]
            : ["embedding", "linear_squares", "linear_products"]
    }

    private static func shape(_ sizes: [Int?]) -> JSONValue {
        .array(sizes.map { $0.map { .number(Double($0)) } ?? .null })
    }

    private mutating func addDense(
        _ name: String, _ input: String, inputs: Int, units: Int, _ activation: String,
        _ rows: [Float], _ bias: [Float]
    ) {
        add(
            "Dense", name, [input], [units],
            ["units": .number(Double(units)), "activation": .string(activation)],
            [([inputs, units], Network.transposed(rows, rows: units)), ([units], bias)])
    }

    /// Adds an operation of `keras.ops`.
    private mutating func addOperation(
        _ className: String, _ name: String, _ inputs: [String], _ shape: [Int?],
        _ config: [String: JSONValue] = [:], _ arguments: [JSONValue] = []
    ) {
        var config = config
        config["name"] = .string(name)
        outputs[name] = ([nil] + shape, "float32")
        layers.append(
            entry(
                "keras.src.ops.numpy", className, name, config,
                [
                    .object([
                        "args": .array(inputs.map(tensor) + arguments), "kwargs": .object([:]),
                    ])
                ]))
    }

    /// Lowers the sums of windows that must not begin where they do, and takes no sum below 0.
    ///
    /// - Returns: the name of the last layer.
    private mutating func addBarrier(_ windows: String, _ index: Int, padding: Int) -> String {
        let filters = network.parameters.shape.filters
        add(
            "ZeroPadding1D", "barrier_\(index)", ["blocked"], [nil, 1],
            ["padding": .array([.number(0), .number(Double(padding))])])
        add(
            "Add", "allowed_\(index)", [windows, "barrier_\(index)"], [nil, filters], [:],
            merges: true)
        add(
            "Activation", "active_\(index)", ["allowed_\(index)"], [nil, filters],
            ["activation": .string("relu")])
        return "active_\(index)"
    }

    /// The sum of the buckets' products, divided by the root of the sum of their squares.
    private mutating func addLinear(_ linear: LinearTerm) {
        addInput("buckets")
        let rows = linear.weights.count + 1
        let sums = [
            ("products", zip(linear.weights, linear.rarity).map { $0 * $1 } + [0]),
            ("squares", linear.rarity.map { $0 * $0 } + [0]),
        ]
        for (name, values) in sums {
            add(
                "Embedding", "linear_\(name)", ["buckets"], [nil, 1],
                ["input_dim": .number(Double(rows)), "output_dim": .number(1)],
                [([rows, 1], values)])
            addOperation(
                "Sum", "sum_of_\(name)", ["linear_\(name)"], [1],
                ["axis": .number(1), "keepdims": .bool(false)])
        }
        addOperation(
            "Maximum", "square", ["sum_of_squares"], [1], [:],
            [.number(KerasArchive.leastSquare)])
        addOperation("Sqrt", "root", ["square"], [1])
        addOperation("TrueDivide", "direction", ["sum_of_products", "root"], [1])
        addDense("linear", "direction", inputs: 1, units: 1, "linear", [1], [linear.bias])
    }

    private func hdf5() throws -> [UInt8] {
        try HDF5Library.run { name in try hdf5(name) }
    }

    private func hdf5(_ name: String) throws -> [UInt8] {
        let failure = KerasImportError(file: "model.weights.h5", reason: "can't be written")
        let file = siftd_hdf5_create(name)
        guard file >= 0 else { throw failure }
        defer { H5Fclose(file) }
        for (path, sizes, values) in weights {
            guard
                siftd_hdf5_write_floats(
                    file, path, Int32(sizes.count), sizes.map { UInt64($0) }, values) == 0
            else { throw failure }
        }
        let size = siftd_hdf5_image(file, nil, 0)
        guard size > 0 else { throw failure }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        guard siftd_hdf5_image(file, &bytes, bytes.count) == size else { throw failure }
        return bytes
    }
}
