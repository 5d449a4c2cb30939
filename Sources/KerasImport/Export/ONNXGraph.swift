import TextCNN

/// A network of siftd's own as a graph of ONNX (https://onnx.ai/onnx/intro), in protocol buffers.
struct ONNXGraph {
    private let network: Network
    private var graph = ProtocolBuffer()
    private var isSegmented: Bool { network.segmentation != nil }

    private static let graphVersion = 9
    private static let operatorVersion = 17
    private static let leastSquare: Float = 1e-30

    /// Types of tensors in `TensorProto`.
    private enum DataType: Int {
        case float = 1
        case int64 = 7
    }

    init(_ network: Network) { self.network = network }

    /// The bytes of a `ModelProto`.
    func bytes() -> [UInt8] {
        var graph = self
        return graph.build()
    }

    private mutating func build() -> [UInt8] {
        let shape = network.parameters.shape
        let parameters = network.parameters
        let widest = shape.widths.max() ?? 1
        constant("embedding", [shape.vocabulary, shape.embedding], parameters.embedding)
        node("Gather", ["embedding", "ids"], "rows")
        node("Transpose", ["rows"], "columns", integers: ["perm": [0, 2, 1]])
        if isSegmented { node("Transpose", ["blocked"], "barrier", integers: ["perm": [0, 2, 1]]) }
        var pooled: [String] = []
        for (index, width) in shape.widths.enumerated() {
            // [filters, embedding, width]
            let kernel = network.kernel(ofWidthAt: index)
            var turned = [Float](repeating: 0, count: kernel.count)
            for position in kernel.indices {
                let filter = position % shape.filters
                let channel = position / shape.filters % shape.embedding
                let offset = position / shape.filters / shape.embedding
                turned[(filter * shape.embedding + channel) * width + offset] = kernel[position]
            }
            constant("kernel\(index)", [shape.filters, shape.embedding, width], turned)
            constant("bias\(index)", [shape.filters], network.bias(ofWidthAt: index))
            // A window of padding alone takes part in every maximum.
            node(
                "Conv", ["columns", "kernel\(index)", "bias\(index)"], "sums\(index)",
                integers: ["pads": [0, widest]])
            let allowed =
                isSegmented ? addBarrier(index, padding: widest - width + 1) : "sums\(index)"
            node("Relu", [allowed], "active\(index)")
            node("GlobalMaxPool", ["active\(index)"], "pooled\(index)")
            pooled.append("pooled\(index)")
        }
        node("Concat", pooled, "pooled", integer: ("axis", 1))
        node("Flatten", ["pooled"], "features")
        var last = "features"
        if shape.hidden > 0 {
            dense("hidden", last, units: shape.hidden, parameters.hidden, parameters.hiddenBias)
            node("Relu", ["hidden"], "units")
            last = "units"
        }
        let name = network.linear == nil ? "logits" : "output"
        dense(name, last, units: shape.outputs, parameters.output, parameters.outputBias)
        if let linear = network.linear { addLinear(linear) }
        return model(outputs: shape.outputs)
    }

    /// Lowers the sums of windows that must not begin where they do.
    ///
    /// - Returns: the name of the sums.
    private mutating func addBarrier(_ index: Int, padding: Int) -> String {
        constant("ends\(index)", [6], integers: [0, 0, 0, 0, 0, Int64(padding)])
        node("Pad", ["barrier", "ends\(index)"], "barrier\(index)")
        node("Add", ["sums\(index)", "barrier\(index)"], "allowed\(index)")
        return "allowed\(index)"
    }

    private mutating func addLinear(_ linear: LinearTerm) {
        let rows = linear.weights.count + 1
        constant("axis", [1], integers: [1])
        for (name, values) in [
            ("products", zip(linear.weights, linear.rarity).map { $0 * $1 } + [0]),
            ("squares", linear.rarity.map { $0 * $0 } + [0]),
        ] {
            constant("linear_\(name)", [rows], values)
            node("Gather", ["linear_\(name)", "buckets"], "bucket_\(name)")
            node("ReduceSum", ["bucket_\(name)", "axis"], "sum_of_\(name)")
        }
        constant("least", [], [ONNXGraph.leastSquare])
        constant("linear_bias", [], [linear.bias])
        node("Max", ["sum_of_squares", "least"], "square")
        node("Sqrt", ["square"], "root")
        node("Div", ["sum_of_products", "root"], "direction")
        node("Add", ["direction", "linear_bias"], "linear")
        node("Add", ["output", "linear"], "logits")
    }

    private mutating func dense(
        _ name: String, _ input: String, units: Int, _ rows: [Float], _ bias: [Float]
    ) {
        constant(
            "\(name)_kernel", [rows.count / units, units], Network.transposed(rows, rows: units))
        constant("\(name)_bias", [units], bias)
        node("Gemm", [input, "\(name)_kernel", "\(name)_bias"], name)
    }

    // MARK: Messages

    private mutating func node(
        _ type: String, _ inputs: [String], _ output: String, integers: [String: [Int]] = [:],
        integer: (name: String, value: Int)? = nil
    ) {
        var node = ProtocolBuffer()
        for input in inputs { node.add(1, input) }
        node.add(2, output)
        node.add(3, output)
        node.add(4, type)
        for (name, values) in integers {
            var attribute = ProtocolBuffer()
            attribute.add(1, name)
            for value in values { attribute.add(8, value) }
            attribute.add(20, 7)
            node.add(5, attribute.bytes)
        }
        if let integer {
            var attribute = ProtocolBuffer()
            attribute.add(1, integer.name)
            attribute.add(3, integer.value)
            attribute.add(20, 2)
            node.add(5, attribute.bytes)
        }
        graph.add(1, node.bytes)
    }

    private mutating func constant(_ name: String, _ sizes: [Int], _ values: [Float]) {
        constant(name, sizes, .float, values.withUnsafeBytes { Array($0) })
    }

    private mutating func constant(_ name: String, _ sizes: [Int], integers: [Int64]) {
        constant(name, sizes, .int64, integers.withUnsafeBytes { Array($0) })
    }

    private mutating func constant(
        _ name: String, _ sizes: [Int], _ type: DataType, _ raw: [UInt8]
    ) {
        var tensor = ProtocolBuffer()
        for size in sizes { tensor.add(1, size) }
        tensor.add(2, type.rawValue)
        tensor.add(8, name)
        tensor.add(9, raw)
        graph.add(5, tensor.bytes)
    }

    /// A `ValueInfoProto`; nil stands for a size by name.
    private static func value(_ name: String, _ type: DataType, _ sizes: [(String, Int?)])
        -> [UInt8]
    {
        var shape = ProtocolBuffer()
        for (name, size) in sizes {
            var dimension = ProtocolBuffer()
            if let size { dimension.add(1, size) } else { dimension.add(2, name) }
            shape.add(1, dimension.bytes)
        }
        var tensor = ProtocolBuffer()
        tensor.add(1, type.rawValue)
        tensor.add(2, shape.bytes)
        var kind = ProtocolBuffer()
        kind.add(1, tensor.bytes)
        var value = ProtocolBuffer()
        value.add(1, name)
        value.add(2, kind.bytes)
        return value.bytes
    }

    private mutating func model(outputs: Int) -> [UInt8] {
        graph.add(2, "siftd")
        graph.add(11, ONNXGraph.value("ids", .int64, [("batch", nil), ("tokens", nil)]))
        if isSegmented {
            let sizes = [("batch", nil), ("tokens", nil), ("one", 1)]
            graph.add(11, ONNXGraph.value("blocked", .float, sizes))
        }
        if network.linear != nil {
            graph.add(11, ONNXGraph.value("buckets", .int64, [("batch", nil), ("entries", nil)]))
        }
        graph.add(12, ONNXGraph.value("logits", .float, [("batch", nil), ("labels", outputs)]))
        var operators = ProtocolBuffer()
        operators.add(1, "")
        operators.add(2, ONNXGraph.operatorVersion)
        var model = ProtocolBuffer()
        model.add(1, ONNXGraph.graphVersion)
        model.add(2, "siftd")
        model.add(7, graph.bytes)
        model.add(8, operators.bytes)
        return model.bytes
    }
}

/// A message of protocol buffers that is written field by field
/// (https://protobuf.dev/programming-guides/encoding).
private struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    private mutating func append(variableLength value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    mutating func add(_ field: Int, _ value: Int) {
        append(variableLength: UInt64(field) << 3)
        append(variableLength: UInt64(bitPattern: Int64(value)))
    }

    mutating func add(_ field: Int, _ content: [UInt8]) {
        append(variableLength: UInt64(field) << 3 | 2)
        append(variableLength: UInt64(content.count))
        bytes += content
    }

    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }
}
