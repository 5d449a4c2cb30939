/// One named array of numbers, row-major, as a weights file stores it.
public struct NamedTensor: Sendable {
    public var name: String
    public var dimensions: [Int]
    public var values: [Float]

    public init(name: String, dimensions: [Int], values: [Float]) {
        self.name = name
        self.dimensions = dimensions
        self.values = values
    }
}

extension Network {
    /// All weights, the linear term's included, in a fixed order.
    public var tensors: [NamedTensor] { parameters.named + (linear?.named ?? []) }
}
