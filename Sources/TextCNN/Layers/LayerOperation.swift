/// What one layer computes: a closed list, as data.
///
/// Shapes are those of one text, without the batch: `[positions, channels]` after an embedding.
/// Kernels and vectors have the layout of Keras.
public enum LayerOperation: Codable, Sendable, Equatable {
    /// Rows of a matrix by id, `[positions] → [positions, size]`; marks the ids other than 0 if
    /// `masksZero`.
    case embedding(vocabulary: Int, size: Int, masksZero: Bool)
    /// A convolution over one or two axes in front of the channels.
    case convolution(Convolution)
    /// A convolution of each channel alone, then a product with a matrix if `pointwise` is above 0.
    case separable(Convolution, multiplier: Int, pointwise: Bool)
    /// The maximum or mean of windows.
    case pooling(Pooling)
    /// The maximum or mean over all positions.
    case globalPooling(Pooling.Kind, keepsDimensions: Bool)
    /// One row of all numbers.
    case flatten
    /// A product with a matrix at every position.
    case dense(units: Int, usesBias: Bool, activation: LayerActivation)
    /// Nothing: layers that act in training alone.
    case identity
    /// Nothing, but the mask ends here.
    case dropMask
    /// Scale and shift of each index along an axis, numbered from 0.
    case normalization(axis: Int, epsilon: Double, center: Bool, scale: Bool)
    /// Mean 0 and variance 1 over the last `axes` axes, then scale and shift.
    case layerNormalization(axes: Int, epsilon: Double, center: Bool, scale: Bool)
    /// Length 1 over the last `axes` axes.
    case unitNormalization(axes: Int)
    /// A function of each number.
    case activation(LayerActivation)
    /// Softmax along an axis, numbered from 0.
    case softmax(axis: Int)
    /// Keras' ReLU with all its arguments; no maximum if nil.
    case rectifier(slope: Float, threshold: Float, maximum: Float?)
    /// `alpha · (eˣ − 1)` below 0.
    case elu(alpha: Float)
    /// `alpha · x` below 0 with a learnt alpha, which is shared along some axes.
    case learntRectifier(shared: [Int])
    /// `scale · x + offset`.
    case rescaling(scale: Float, offset: Float)
    /// The same numbers in another shape; one size may be -1.
    case reshape([Int])
    /// Axes in another order, numbered from 0.
    case permute([Int])
    /// `[channels] → [count, channels]`.
    case repeated(count: Int)
    /// Zeros before and after the positions.
    case zeroPadding(front: Int, back: Int)
    /// Positions left out at both ends.
    case cropping(front: Int, back: Int)
    /// Each position several times.
    case upsampling(size: Int)
    /// Numbers of several inputs put together one by one. With `fillsMasked`, products, maxima and
    /// minima leave out the numbers of masked positions, as Keras does from 3.4 on.
    case merge(Merge, mask: MaskRule, fillsMasked: Bool)
    /// Inputs side by side along an axis, numbered from 0.
    case concatenate(axis: Int, mask: MaskRule)
    /// A recurrent layer.
    case recurrent(Recurrent)
    /// Two recurrent layers, one of which reads backwards.
    case bidirectional(forward: Recurrent, backward: Recurrent, merge: Merge?)
    /// Marks the positions at which any number differs from a value, and sets the others to 0.
    case masking(value: Float)

    /// How numbers of several inputs become one.
    public enum Merge: String, Codable, Sendable {
        /// The sum.
        case add
        /// The first minus the second.
        case subtract
        /// The product.
        case multiply
        /// The mean.
        case average
        /// The largest.
        case maximum
        /// The smallest.
        case minimum
    }

    /// The mask of a layer with several inputs; Keras changed it between versions.
    public enum MaskRule: String, Codable, Sendable {
        /// None.
        case none
        /// The one that all inputs carry.
        case shared
        /// Marked in all inputs that have a mask.
        case all
        /// Marked in any input; none if an input has no mask.
        case any
    }

    /// The sizes of a convolution.
    public struct Convolution: Codable, Sendable, Equatable {
        /// Filters; for a separable convolution those of the last product.
        public var filters: Int
        /// Kernel size along each axis, one or two.
        public var kernel: [Int]
        /// Step along each axis.
        public var strides: [Int]
        /// Distance of a kernel's entries along each axis.
        public var dilation: [Int]
        /// Parts of the channels that are convolved apart.
        public var groups: Int
        /// What lies beyond the ends.
        public var padding: Padding
        /// Whether a number is added to each filter.
        public var usesBias: Bool
        /// Applied to the sums.
        public var activation: LayerActivation

        /// A convolution of these sizes.
        public init(
            filters: Int, kernel: [Int], strides: [Int], dilation: [Int], groups: Int,
            padding: Padding, usesBias: Bool, activation: LayerActivation
        ) {
            self.filters = filters
            self.kernel = kernel
            self.strides = strides
            self.dilation = dilation
            self.groups = groups
            self.padding = padding
            self.usesBias = usesBias
            self.activation = activation
        }
    }

    /// What lies beyond the ends of the input.
    public enum Padding: String, Codable, Sendable {
        /// Nothing: windows lie within the input.
        case valid
        /// As many zeros as make the output as long as the input divided by the step.
        case same
        /// Zeros in front alone, so that a position depends on those before it.
        case causal
    }

    /// The sizes of a pooling layer.
    public struct Pooling: Codable, Sendable, Equatable {
        /// What of a window is kept.
        public enum Kind: String, Codable, Sendable {
            /// The largest number.
            case maximum
            /// The mean of the numbers, without those of padding.
            case average
        }
        /// What of a window is kept.
        public var kind: Kind
        /// Size of a window along each axis, one or two.
        public var size: [Int]
        /// Step along each axis.
        public var strides: [Int]
        /// ``LayerOperation/Padding/valid`` or ``LayerOperation/Padding/same``.
        public var padding: Padding

        /// A pooling layer of these sizes.
        public init(kind: Kind, size: [Int], strides: [Int], padding: Padding) {
            self.kind = kind
            self.size = size
            self.strides = strides
            self.padding = padding
        }
    }

    /// The form of a recurrent layer.
    public struct Recurrent: Codable, Sendable, Equatable {
        /// The equations.
        public enum Cell: String, Codable, Sendable {
            /// One state, no gates.
            case simple
            /// Long short-term memory (Hochreiter and Schmidhuber 1997).
            case lstm
            /// Gated recurrent unit (Cho and others 2014, arXiv:1406.1078).
            case gru
            /// The same with the reset gate behind the recurrent product, as cuDNN has it.
            case gruResetAfter = "gru_reset_after"

            /// Blocks of `units` columns in the kernels.
            public var blocks: Int {
                switch self {
                case .simple: 1
                case .lstm: 4
                case .gru, .gruResetAfter: 3
                }
            }
        }
        /// The equations.
        public var cell: Cell
        /// Numbers of the state.
        public var units: Int
        /// Of the candidate state.
        public var activation: LayerActivation
        /// Of the gates.
        public var gateActivation: LayerActivation
        /// Whether there is a bias.
        public var usesBias: Bool
        /// Whether the output of every position is kept, or that of the last one alone.
        public var returnsSequences: Bool
        /// Whether positions are read from the last to the first; outputs stay in this order.
        public var readsBackwards: Bool
        /// Whether the output at a masked position is zero instead of the one before.
        public var zeroesMasked: Bool

        /// A recurrent layer of this form.
        public init(
            cell: Cell, units: Int, activation: LayerActivation, gateActivation: LayerActivation,
            usesBias: Bool, returnsSequences: Bool, readsBackwards: Bool, zeroesMasked: Bool
        ) {
            self.cell = cell
            self.units = units
            self.activation = activation
            self.gateActivation = gateActivation
            self.usesBias = usesBias
            self.returnsSequences = returnsSequences
            self.readsBackwards = readsBackwards
            self.zeroesMasked = zeroesMasked
        }
    }
}
