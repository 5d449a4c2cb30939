/// The facts that tell of the layout of a message, such as how many tables it has.
///
/// Whoever copies the markup of a newsletter has all of its layout, and none of its header. So what
/// the layout takes off is bounded on its own, closer than what all facts take off.
public struct LayoutFacts: Codable, Sendable, Equatable {
    /// The ids of the facts.
    public let ids: Set<Int32>
    /// How far all of them may lower a segment's logit below what it is without them, with the
    /// other facts there.
    public let bound: Float

    private enum CodingKeys: String, CodingKey {
        case ids, bound
    }

    /// The facts with these ids.
    public init(ids: Set<Int32>, bound: Float) {
        self.ids = ids
        self.bound = bound
    }

    /// Writes the ids in ascending order.
    ///
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(ids.sorted(), forKey: .ids)
        try values.encode(bound, forKey: .bound)
    }

    /// The first number that is out of bounds, in words; nil for sound facts.
    func defect(vocabulary: Int) -> String? {
        if !Segmentation.factBounds.contains(bound) { return "segments.layout.bound is \(bound)" }
        if let id = ids.sorted().first(where: { !(0..<vocabulary).contains(Int($0)) }) {
            return "segments.layout names the token \(id), which the vocabulary lacks"
        }
        return nil
    }

    /// From the first to the last of these facts.
    ///
    /// A window belongs to the part that it begins in. In a model that does not read the facts in
    /// front of these, no window of other facts reaches into them.
    ///
    /// - Parameters:
    ///   - tokens: the ids of a message.
    ///   - facts: where its facts stand that the network reads.
    /// - Returns: an empty range when there is none.
    func range(in tokens: [Int32], _ facts: Range<Int>) -> Range<Int> {
        guard let first = facts.first(where: { ids.contains(tokens[$0]) }),
            let last = facts.last(where: { ids.contains(tokens[$0]) })
        else { return facts.lowerBound..<facts.lowerBound }
        return first..<(last + 1)
    }
}
