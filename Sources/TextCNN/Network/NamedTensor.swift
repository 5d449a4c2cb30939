/// One named array of numbers, row-major, as a weights file stores it.
public struct NamedTensor: Sendable {
    /// Its name in the file, such as `convolution.weight`.
    public var name: String
    /// Sizes from the outermost dimension to the innermost.
    public var dimensions: [Int]
    /// As many numbers as the product of ``dimensions``.
    public var values: [Float]

    /// A tensor of these numbers.
    public init(name: String, dimensions: [Int], values: [Float]) {
        self.name = name
        self.dimensions = dimensions
        self.values = values
    }
}

extension Network {
    /// All weights, those of the linear term included, in a fixed order.
    public var tensors: [NamedTensor] { parameters.named + (linear?.named ?? []) }
}
