/// A set of hashes for one message, in memory of the stack.
struct HashSet32: ~Copyable {
    /// A power of two of them; 0 is free.
    private let slots: UnsafeMutableBufferPointer<UInt32>
    private let shift: UInt32

    private init(_ slots: UnsafeMutableBufferPointer<UInt32>, shift: UInt32) {
        self.slots = slots
        self.shift = shift
    }

    /// Calls `body` with an empty set.
    ///
    /// - Parameters:
    ///   - capacity: insertions at most.
    ///   - body: may use the set until it returns.
    /// - Returns: what `body` returns.
    @inline(__always)
    static func withTemporary<Result>(
        capacity: Int, _ body: (inout HashSet32) -> Result
    ) -> Result {
        // At most half full.
        let bits = UInt32(Int.bitWidth - (max(2 * capacity, 16) - 1).leadingZeroBitCount)
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << Int(bits)) { slots in
            slots.initialize(repeating: 0)
            var set = HashSet32(slots, shift: 32 - bits)
            return body(&set)
        }
    }

    /// Adds a hash; false when it is there already.
    ///
    /// The hash 0 counts as 1.
    @inline(__always)
    mutating func insert(_ hash: UInt32) -> Bool {
        let key = max(hash, 1)
        let mask = slots.count - 1
        var index = Int(key >> shift)
        while slots[index] != 0 {
            if slots[index] == key { return false }
            index = (index + 1) & mask
        }
        slots[index] = key
        return true
    }
}
