import TextCNN

/// Turns a layer of Keras into operations of the layer engine: the closed list of what siftd
/// computes.
enum LayerReader {
    /// The operations of a layer, one after the other, for inputs of these shapes.
    ///
    /// The first one has the layer's weights.
    ///
    /// - Throws: `Refusal`, which names the layer.
    static func operations(
        _ layer: KerasLayer, _ version: KerasVersion, inputs: [[Int?]],
        mask: LayerOperation.MaskRule
    ) throws -> [LayerOperation] {
        if let operation = try activationLayer(layer, version, rank: inputs[0].count) {
            return [operation]
        }
        switch layer.className {
        case "Embedding": return [try embedding(layer)]
        case "Conv1D", "Convolution1D": return try convolution(layer, version, axes: 1)
        case "Conv2D", "Convolution2D": return try convolution(layer, version, axes: 2)
        case "SeparableConv1D", "SeparableConvolution1D":
            return try separable(layer, version, pointwise: true)
        case "DepthwiseConv1D": return try separable(layer, version, pointwise: false)
        case "Dense": return try dense(layer, version)
        case "MaxPooling1D", "MaxPool1D": return [try pooling(layer, .maximum, axes: 1)]
        case "MaxPooling2D", "MaxPool2D": return [try pooling(layer, .maximum, axes: 2)]
        case "AveragePooling1D", "AvgPool1D": return [try pooling(layer, .average, axes: 1)]
        case "AveragePooling2D", "AvgPool2D": return [try pooling(layer, .average, axes: 2)]
        case "GlobalMaxPooling1D", "GlobalMaxPool1D", "GlobalMaxPooling2D", "GlobalMaxPool2D":
            return [try globalPooling(layer, .maximum)]
        case "GlobalAveragePooling1D", "GlobalAvgPool1D", "GlobalAveragePooling2D",
            "GlobalAvgPool2D":
            return [try globalPooling(layer, .average)]
        case "Flatten":
            try layer.require("data_format", "channels_last", "use channels_last")
            return [.flatten]
        case "Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianDropout",
            "GaussianNoise", "AlphaDropout", "ActivityRegularization":
            return [.identity]
        case "BatchNormalization": return [try batchNormalization(layer, rank: inputs[0].count)]
        case "UnitNormalization":
            return [.unitNormalization(axes: try lastAxes(layer, rank: inputs[0].count))]
        case "LayerNormalization": return [try layerNormalization(layer, rank: inputs[0].count)]
        case "Rescaling":
            let scale = LayerOperation.rescaling(
                scale: Float(try layer.number("scale", 1)),
                offset: Float(try layer.number("offset", 0)))
            return version.major < 3 ? [scale, .dropMask] : [scale]
        case "Reshape":
            guard let target = try layer.list("target_shape") else {
                throw layer.refusal("lacks target_shape")
            }
            return [.reshape(target)]
        case "Permute":
            guard let order = try layer.list("dims") else { throw layer.refusal("lacks dims") }
            return [.permute(order.map { $0 - 1 })]
        case "RepeatVector": return [.repeated(count: try layer.integer("n"))]
        case "ZeroPadding1D":
            let sides = try layer.integers("padding", 2, 1)
            return [.zeroPadding(front: sides[0], back: sides[1])]
        case "Cropping1D":
            let sides = try layer.integers("cropping", 2, 1)
            return [.cropping(front: sides[0], back: sides[1])]
        case "UpSampling1D": return [.upsampling(size: try layer.integer("size", 2))]
        case "Concatenate", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum":
            guard inputs.count > 1 else {
                throw layer.refusal(
                    "gets one input; where it is arithmetic written between layers, use a layer "
                        + "such as Rescaling")
            }
            return [try merge(layer, version, rank: inputs[0].count, mask)]
        case "LSTM", "GRU", "SimpleRNN": return [.recurrent(try recurrent(layer, version))]
        case "Bidirectional": return [try bidirectional(layer, version)]
        case "TimeDistributed": return try timeDistributed(layer, version, inputs, mask)
        case "Masking": return [.masking(value: Float(try layer.number("mask_value", 0)))]
        default: throw unknown(layer)
        }
    }

    /// An activation as a layer; nil for other layers.
    ///
    /// The rank is the number of the input's axes without the batch, nil for an activation that
    /// stands in another layer.
    static func activationLayer(
        _ layer: KerasLayer, _ version: KerasVersion, rank: Int?
    ) throws -> LayerOperation? {
        switch layer.className {
        case "Activation":
            switch try layer.activation("activation", .linear, version) {
            case .plain(let activation): return .activation(activation)
            case .layer(let operation): return operation
            }
        case "ReLU":
            let maximum =
                layer.config["max_value"] == nil ? nil : Float(try layer.number("max_value", 0))
            return .rectifier(
                slope: Float(try layer.number("negative_slope", 0)),
                threshold: Float(try layer.number("threshold", 0)), maximum: maximum)
        case "LeakyReLU":
            let key = layer.config.has("negative_slope") ? "negative_slope" : "alpha"
            return .rectifier(
                slope: Float(try layer.number(key, 0.3)), threshold: 0, maximum: nil)
        case "ELU": return .elu(alpha: Float(try layer.number("alpha", 1)))
        case "ThresholdedReLU": throw layer.refusal("is not known to siftd; use ReLU(threshold=…)")
        case "PReLU":
            guard rank != nil else { throw layer.refusal("stands in another layer") }
            return .learntRectifier(shared: (try layer.list("shared_axes") ?? []).map { $0 - 1 })
        case "Softmax":
            guard let rank else { return .activation(.softmax) }
            let axes = try layer.list("axis") ?? [-1]
            guard axes.count == 1 else { throw layer.refusal("has several axes; use one") }
            return .softmax(axis: try axis(axes[0], rank, layer))
        default: return nil
        }
    }

    private static func unknown(_ layer: KerasLayer) -> Refusal {
        switch layer.className {
        case "Lambda":
            return layer.refusal(
                "holds Python code, which siftd never runs; replace it by a layer of Keras")
        case "Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention":
            return layer.refusal(
                "is attention, which siftd does not compute; use convolutions or an LSTM")
        case "RNN":
            let cell = layer.config["cell"]?["class_name"]?.text ?? "of the author"
            if ["LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells"].contains(cell) {
                return layer.refusal(
                    "is an RNN over \(cell), which siftd does not compute; use the layers LSTM, "
                        + "GRU or SimpleRNN, one behind the other")
            }
            return layer.refusal(
                "is an RNN over the class \(cell), whose code is not in the file; "
                    + "use LSTM, GRU or SimpleRNN")
        case "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D":
            return layer.refusal("is not computed by siftd; use Conv1D and LSTM")
        case "CuDNNLSTM", "CuDNNGRU":
            return layer.refusal(
                "has weights of an old form; load the model and save it with LSTM or GRU")
        case "TextVectorization", "StringLookup", "IntegerLookup", "Hashing":
            return layer.refusal("must be the first layer, and read the text")
        default:
            return layer.refusal(
                "is of a class that siftd does not compute; docs/keras.md lists those it does")
        }
    }

    /// An axis numbered from 0 without the batch.
    static func axis(_ axis: Int, _ rank: Int, _ layer: KerasLayer) throws -> Int {
        let index = axis < 0 ? axis + rank : axis - 1
        guard (0..<rank).contains(index) else {
            throw layer.refusal("has axis \(axis), which its input lacks")
        }
        return index
    }

    private static func embedding(_ layer: KerasLayer) throws -> LayerOperation {
        try layer.refuse("sparse", "use a dense Embedding")
        if layer.config["quantization_config"] != nil {
            throw layer.refusal("is quantised; save the model before quantising it")
        }
        return .embedding(
            vocabulary: try layer.integer("input_dim"), size: try layer.integer("output_dim"),
            masksZero: try layer.flag("mask_zero", false))
    }

    /// The activation of a layer as part of its operation, or as an operation behind it.
    private static func split(
        _ layer: KerasLayer, _ version: KerasVersion
    ) throws -> (LayerActivation, [LayerOperation]) {
        if layer.config["quantization_config"] != nil {
            throw layer.refusal("is quantised; save the model before quantising it")
        }
        switch try layer.activation("activation", .linear, version) {
        case .plain(let activation): return (activation, [])
        case .layer(let operation): return (.linear, [operation])
        }
    }

    private static func form(
        _ layer: KerasLayer, axes: Int, filters: Int, _ activation: LayerActivation
    ) throws -> LayerOperation.Convolution {
        try layer.require("data_format", "channels_last", "use channels_last")
        return LayerOperation.Convolution(
            filters: filters, kernel: try layer.integers("kernel_size", axes, nil),
            strides: try layer.integers("strides", axes, 1),
            dilation: try layer.integers("dilation_rate", axes, 1),
            groups: try layer.integer("groups", 1),
            padding: try layer.padding(causal: axes == 1),
            usesBias: try layer.flag("use_bias", true), activation: activation)
    }

    private static func convolution(
        _ layer: KerasLayer, _ version: KerasVersion, axes: Int
    ) throws -> [LayerOperation] {
        if layer.config.has("nb_filter") {
            throw layer.refusal("is of Keras 1; load and save the model with Keras 2")
        }
        let (activation, rest) = try split(layer, version)
        let form = try form(
            layer, axes: axes, filters: try layer.integer("filters"), activation)
        return [.convolution(form)] + rest
    }

    private static func separable(
        _ layer: KerasLayer, _ version: KerasVersion, pointwise: Bool
    ) throws -> [LayerOperation] {
        let (activation, rest) = try split(layer, version)
        let filters = pointwise ? try layer.integer("filters") : 1
        var form = try form(layer, axes: 1, filters: filters, activation)
        form.groups = 1
        return [
            .separable(
                form, multiplier: try layer.integer("depth_multiplier", 1), pointwise: pointwise)
        ] + rest
    }

    private static func dense(
        _ layer: KerasLayer, _ version: KerasVersion
    ) throws -> [LayerOperation] {
        let (activation, rest) = try split(layer, version)
        return [
            .dense(
                units: try layer.integer("units"), usesBias: try layer.flag("use_bias", true),
                activation: activation)
        ] + rest
    }

    private static func pooling(
        _ layer: KerasLayer, _ kind: LayerOperation.Pooling.Kind, axes: Int
    ) throws -> LayerOperation {
        try layer.require("data_format", "channels_last", "use channels_last")
        let size = try layer.integers("pool_size", axes, 2)
        let strides =
            layer.config["strides"] == nil ? size : try layer.integers("strides", axes, nil)
        return .pooling(
            LayerOperation.Pooling(
                kind: kind, size: size, strides: strides, padding: try layer.padding()))
    }

    private static func globalPooling(
        _ layer: KerasLayer, _ kind: LayerOperation.Pooling.Kind
    ) throws -> LayerOperation {
        try layer.require("data_format", "channels_last", "use channels_last")
        return .globalPooling(kind, keepsDimensions: try layer.flag("keepdims", false))
    }

    private static func batchNormalization(
        _ layer: KerasLayer, rank: Int
    ) throws -> LayerOperation {
        let axes = try layer.list("axis") ?? [-1]
        guard axes.count == 1 else { throw layer.refusal("has several axes; use one") }
        return .normalization(
            axis: try axis(axes[0], rank, layer), epsilon: try layer.number("epsilon", 1e-3),
            center: try layer.flag("center", true), scale: try layer.flag("scale", true))
    }

    /// The number of the normalised axes, which must be the last ones.
    private static func lastAxes(_ layer: KerasLayer, rank: Int) throws -> Int {
        let axes = try (try layer.list("axis") ?? [-1]).map { try axis($0, rank, layer) }.sorted()
        guard axes == Array((rank - axes.count)..<rank) else {
            throw layer.refusal("normalises axes other than the last ones; use axis -1")
        }
        return axes.count
    }

    private static func layerNormalization(
        _ layer: KerasLayer, rank: Int
    ) throws -> LayerOperation {
        try layer.refuse("rms_scaling", "use LayerNormalization without it")
        return .layerNormalization(
            axes: try lastAxes(layer, rank: rank), epsilon: try layer.number("epsilon", 1e-3),
            center: try layer.flag("center", true), scale: try layer.flag("scale", true))
    }

    private static let merges: [String: LayerOperation.Merge] = [
        "Add": .add, "Subtract": .subtract, "Multiply": .multiply, "Average": .average,
        "Maximum": .maximum, "Minimum": .minimum,
    ]

    private static func merge(
        _ layer: KerasLayer, _ version: KerasVersion, rank: Int, _ mask: LayerOperation.MaskRule
    ) throws -> LayerOperation {
        if let merge = merges[layer.className] {
            let fillsMasked =
                version.major == 3 && version.minor >= 4
                && [.multiply, .maximum, .minimum].contains(merge)
            return .merge(merge, mask: mask, fillsMasked: fillsMasked)
        }
        return .concatenate(
            axis: try axis(try layer.integer("axis", -1), rank, layer), mask: mask)
    }
}
