/// What facts about a message add to its logit, whatever its text is.
///
/// Of mail that training knows the text says nearly everything, so the network gives facts less
/// weight than they deserve on mail of others. The weights of this term are learnt on mail that a
/// network has not seen, see ``FactTrainer``.
public struct FactTerm: Codable, Sendable, Equatable {
    /// The weights by the id of the fact.
    public let weights: [Int32: Float]
    /// The ids of facts that the network does not read; they stand in front of all others.
    public let unread: Set<Int32>
    /// How far all facts of a message together may lower its logit.
    ///
    /// A sender chooses them freely. How far they raise it is not bounded.
    public let bound: Float

    /// What ``bound`` may be.
    public static let bounds: ClosedRange<Float> = 0...10
    /// What a weight may be.
    public static let weightRange: ClosedRange<Float> = -10...10

    private enum CodingKeys: String, CodingKey {
        case ids, weights, unread, bound
    }

    /// A term of these weights.
    public init(weights: [Int32: Float], unread: Set<Int32> = [], bound: Float) {
        self.weights = weights
        self.unread = unread
        self.bound = bound
    }

    /// A term of a file: ids and their weights in the same order.
    ///
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let ids = try values.decode([Int32].self, forKey: .ids)
        let numbers = try values.decode([Float].self, forKey: .weights)
        unread = Set(try values.decode([Int32].self, forKey: .unread))
        guard ids.count == numbers.count, Set(ids).count == ids.count, unread.isSubset(of: ids)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .ids, in: values, debugDescription: "ids and weights don't belong together")
        }
        weights = Dictionary(uniqueKeysWithValues: zip(ids, numbers))
        bound = try values.decode(Float.self, forKey: .bound)
    }

    /// Writes the ids in ascending order.
    ///
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        let sorted = weights.sorted { $0.key < $1.key }
        try values.encode(sorted.map(\.key), forKey: .ids)
        try values.encode(sorted.map(\.value), forKey: .weights)
        try values.encode(unread.sorted(), forKey: .unread)
        try values.encode(bound, forKey: .bound)
    }

    /// The first number that is out of bounds, in words; nil for a sound term.
    public func defect(vocabulary: Int) -> String? {
        if !FactTerm.bounds.contains(bound) { return "segments.author.bound is \(bound)" }
        for (id, weight) in weights.sorted(by: { $0.key < $1.key }) {
            if !(0..<vocabulary).contains(Int(id)) {
                return "segments.author names the token \(id), which the vocabulary lacks"
            }
            if !FactTerm.weightRange.contains(weight) {
                return "segments.author gives the token \(id) the weight \(weight)"
            }
        }
        return nil
    }

    /// Adds up what the facts of a message weigh.
    ///
    /// - Parameter facts: the ids of the tokens in front of the subject.
    /// - Returns: what they add to its logit, at least `-bound`.
    func sum(_ facts: some Sequence<Int32>) -> Float {
        max(facts.reduce(0) { $0 + (weights[$1] ?? 0) }, -bound)
    }

    /// What each fact adds: the shares add up to ``sum(_:)``.
    ///
    /// Where the bound holds, those that lower the logit lower it less, each by the same factor.
    ///
    /// - Parameter facts: the ids of the tokens in front of the subject.
    /// - Returns: the index among them and the share of each that has a weight.
    func shares(_ facts: some Sequence<Int32>) -> [(index: Int, share: Float)] {
        let all = facts.enumerated().compactMap { index, id in
            weights[id].map { (index: index, share: $0) }
        }
        let raised = all.reduce(0) { $0 + max($1.share, 0) }
        let lowered = all.reduce(0) { $0 + min($1.share, 0) }
        guard raised + lowered < -bound else { return all }
        let factor = (-bound - raised) / lowered
        return all.map { ($0.index, $0.share < 0 ? $0.share * factor : $0.share) }
    }
}
