/// What one layer makes of a batch of texts of equal length.
struct LayerValue {
    /// Texts.
    var count: Int
    /// Sizes for one text, outermost first.
    var sizes: [Int]
    /// `[count] + sizes`, row-major.
    var numbers: [Float]
    /// `[count, positions]`: whether a position counts; nil when all do.
    var mask: [Bool]?

    /// Numbers of one text.
    var size: Int { sizes.reduce(1, *) }
    /// The last size.
    var channels: Int { sizes.last ?? 1 }

    /// A value of zeros.
    init(count: Int, sizes: [Int], mask: [Bool]? = nil) {
        self.count = count
        self.sizes = sizes
        self.mask = mask
        numbers = [Float](repeating: 0, count: count * sizes.reduce(1, *))
    }

    /// A value whose numbers `fill` writes, every one of them.
    init(
        count: Int, sizes: [Int], mask: [Bool]? = nil,
        filledBy fill: (UnsafeMutablePointer<Float>) -> Void
    ) {
        self.count = count
        self.sizes = sizes
        self.mask = mask
        let total = count * sizes.reduce(1, *)
        numbers = [Float](unsafeUninitializedCapacity: total) { buffer, initialized in
            if let base = buffer.baseAddress, total > 0 { fill(base) }
            initialized = total
        }
    }

    /// Calls `body` with the numbers, to read.
    func read(_ body: (UnsafePointer<Float>) -> Void) {
        numbers.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { body(base) }
        }
    }

    /// Calls `body` with the numbers, which a layer changes in place.
    mutating func change(_ body: (UnsafeMutablePointer<Float>, Int) -> Void) {
        numbers.withUnsafeMutableBufferPointer { buffer in
            // An empty array may have no address; then there is nothing to change.
            if let base = buffer.baseAddress { body(base, buffer.count) }
        }
    }
}
