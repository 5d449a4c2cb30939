import CKernels
import Glibc

/// A function that a layer applies to each number, or to the numbers of a row for ``softmax``.
///
/// The formulas are those of Keras; where Keras 2 and 3 differ there are two cases.
public enum LayerActivation: String, Codable, Sendable, CaseIterable {
    /// x.
    case linear
    /// max(x, 0).
    case relu
    /// 1 / (1 + e⁻ˣ).
    case sigmoid
    /// The hyperbolic tangent.
    case tanh
    /// eˣ divided by the sum over the row.
    case softmax
    /// eˣ − 1 below 0.
    case elu
    /// A scaled ELU (Klambauer and others 2017, arXiv:1706.02515).
    case selu
    /// ln(1 + eˣ).
    case softplus
    /// x / (1 + |x|).
    case softsign
    /// x · sigmoid(x), also called swish.
    case silu
    /// x · tanh(softplus(x)).
    case mish
    /// eˣ.
    case exponential
    /// min(max(x, 0), 6).
    case relu6
    /// x · Φ(x), Φ being the normal distribution's function.
    case gelu
    /// The approximation of GELU by the hyperbolic tangent.
    case geluTanh = "gelu_tanh"
    /// 0.2 x + 0.5 within 0…1, as Keras 2 has it.
    case hardSigmoid2 = "hard_sigmoid_2"
    /// x / 6 + 0.5 within 0…1, as Keras 3 has it.
    case hardSigmoid = "hard_sigmoid"
    /// x · ``hardSigmoid``.
    case hardSilu = "hard_silu"
    /// x, or 0.2 x below 0.
    case leakyRelu = "leaky_relu"
    /// ln(x / (1 − x)): a probability back to its logit, at most ±100.
    case logit
    /// ln x, at least −100.
    case log

    /// Whether a larger input never gives a smaller output, so that the function may be applied
    /// after a maximum.
    public var isNondecreasing: Bool {
        switch self {
        case .linear, .relu, .sigmoid, .tanh, .elu, .selu, .softplus, .softsign, .exponential,
            .relu6, .hardSigmoid2, .hardSigmoid, .leakyRelu, .logit, .log:
            true
        case .softmax, .silu, .mish, .gelu, .geluTanh, .hardSilu: false
        }
    }

    private static let seluScale: Float = 1.050_700_987_355_480_5
    private static let seluAlpha: Float = 1.673_263_242_354_377_2
    private static let leakySlope: Float = 0.2
    private static let largestLogit: Float = 100

    /// Replaces `count` numbers by their results; rows of `width` numbers matter to softmax alone.
    func apply(_ values: UnsafeMutablePointer<Float>, _ count: Int, width: Int) {
        apply(values, rows: 1, stride: 0, count: count, width: width)
    }

    /// The same for the first `count` numbers of some rows, which begin `stride` numbers behind one
    /// another.
    func apply(
        _ values: UnsafeMutablePointer<Float>, rows: Int, stride: Int, count: Int, width: Int
    ) {
        if let function {
            siftd_map(LayerKernels.unit, function, values, rows, stride, count)
            return
        }
        guard self != .linear else { return }
        for row in 0..<rows {
            let values = values + row * stride
            guard self == .softmax else {
                for index in 0..<count { values[index] = value(values[index]) }
                continue
            }
            var start = 0
            while start < count {
                LayerActivation.softmax(values + start, width, stride: 1)
                start += width
            }
        }
    }

    /// The function of the kernels; nil for those that they lack.
    private var function: siftd_function? {
        switch self {
        case .relu: siftd_relu
        case .sigmoid: siftd_sigmoid
        case .tanh: siftd_tanh
        case .silu: siftd_silu
        case .gelu: siftd_gelu
        case .exponential: siftd_exponential
        default: nil
        }
    }

    @inline(__always)
    static func sigmoid(_ value: Float) -> Float { 1 / (1 + expf(-value)) }

    /// Softmax over `count` numbers, `stride` apart.
    static func softmax(_ values: UnsafeMutablePointer<Float>, _ count: Int, stride: Int) {
        var largest = -Float.infinity
        for index in 0..<count { largest = max(largest, values[index * stride]) }
        var sum: Float = 0
        for index in 0..<count {
            let power = expf(values[index * stride] - largest)
            values[index * stride] = power
            sum += power
        }
        for index in 0..<count { values[index * stride] /= sum }
    }

    /// The result for one number; softmax of one number is 1.
    func value(_ x: Float) -> Float {
        switch self {
        case .linear: x
        case .relu: max(x, 0)
        case .sigmoid: LayerActivation.sigmoid(x)
        case .tanh: tanhf(x)
        case .softmax: 1
        case .elu: x > 0 ? x : expm1f(x)
        case .selu:
            LayerActivation.seluScale * (x > 0 ? x : LayerActivation.seluAlpha * expm1f(x))
        case .softplus: LayerActivation.softplus(x)
        case .softsign: x / (1 + abs(x))
        case .silu: x * LayerActivation.sigmoid(x)
        case .mish: x * tanhf(LayerActivation.softplus(x))
        case .exponential: expf(x)
        case .relu6: min(max(x, 0), 6)
        case .gelu: 0.5 * x * (1 + erff(x * Float(0.5).squareRoot()))
        case .geluTanh:
            0.5 * x * (1 + tanhf(Float(2 / Double.pi).squareRoot() * (x + 0.044_715 * x * x * x)))
        case .hardSigmoid2: min(max(0.2 * x + 0.5, 0), 1)
        case .hardSigmoid: min(max(x / 6 + 0.5, 0), 1)
        case .hardSilu: x * min(max(x / 6 + 0.5, 0), 1)
        case .leakyRelu: x > 0 ? x : LayerActivation.leakySlope * x
        case .logit:
            min(max(logf(x / (1 - x)), -LayerActivation.largestLogit), LayerActivation.largestLogit)
        case .log: max(logf(x), -LayerActivation.largestLogit)
        }
    }

    /// In the form that can't overflow.
    private static func softplus(_ x: Float) -> Float { max(x, 0) + log1pf(expf(-abs(x))) }
}
