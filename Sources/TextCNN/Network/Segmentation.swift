import Glibc

/// How a message is cut into segments, each of which is scored on its own.
///
/// A maximum over the whole message lets added words vote against what the rest of it says. The few
/// strongest segments decide instead, so text that is added only adds segments. Each holds the
/// front of the message up to its body, and two neighbouring blocks of the body: it looks like a
/// short message. See "Segments" in `docs/model.md`.
public struct Segmentation: Codable, Sendable, Equatable {
    /// Tokens of a block.
    public var block = 32
    /// How many segments decide: the odds of a message are the mean of those of its strongest ones.
    ///
    /// Of many segments one is high by chance, but seldom several.
    public var strongest = 3
    /// What a message's logit loses for each unit of the logarithm of its number of segments.
    public var penalty: Float = 0
    /// How far the facts in front of the subject may lower a segment's logit.
    ///
    /// A sender chooses them freely: a segment counts at least as much as it would without them,
    /// less this.
    public var factBound: Float = 2.5
    /// Which facts tell of a message's layout, and how far they may lower a logit; nil when only
    /// ``factBound`` holds for them.
    public var layout: LayoutFacts?
    /// What facts about the author add; nil when the network alone weighs them.
    public var author: FactTerm?
    /// The id of the token that ends the facts and begins the subject.
    public var subject: Int32
    /// The id of the token that ends the subject and begins the body.
    public var body: Int32

    enum CodingKeys: String, CodingKey {
        case block, strongest, penalty, layout, author, subject, body
        case factBound = "fact_bound"
    }

    /// A segmentation with the default sizes.
    ///
    /// - Parameters:
    ///   - subject: the id of the token in front of the subject.
    ///   - body: the id of the token in front of the body.
    public init(subject: Int32, body: Int32) {
        self.subject = subject
        self.body = body
    }

    /// A segmentation of a file; in those before ``strongest`` one segment decides.
    ///
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        block = try values.decode(Int.self, forKey: .block)
        strongest = try values.decodeIfPresent(Int.self, forKey: .strongest) ?? 1
        penalty = try values.decode(Float.self, forKey: .penalty)
        factBound = try values.decode(Float.self, forKey: .factBound)
        layout = try values.decodeIfPresent(LayoutFacts.self, forKey: .layout)
        author = try values.decodeIfPresent(FactTerm.self, forKey: .author)
        subject = try values.decode(Int32.self, forKey: .subject)
        body = try values.decode(Int32.self, forKey: .body)
    }

    /// Tokens of a block.
    public static let blocks = 16...4_096
    /// What ``strongest`` may be.
    public static let strongestCounts = 1...16
    /// What ``penalty`` may be.
    public static let penalties: ClosedRange<Float> = 0...10
    /// What ``factBound`` may be.
    public static let factBounds: ClosedRange<Float> = 0...1_000

    /// The first number that is out of bounds, in words; nil for a sound segmentation.
    public func defect(vocabulary: Int) -> String? {
        if !Segmentation.blocks.contains(block) { return "segments.block is \(block)" }
        if !Segmentation.strongestCounts.contains(strongest) {
            return "segments.strongest is \(strongest)"
        }
        if !Segmentation.penalties.contains(penalty) { return "segments.penalty is \(penalty)" }
        if !Segmentation.factBounds.contains(factBound) {
            return "segments.fact_bound is \(factBound)"
        }
        if let defect = layout?.defect(vocabulary: vocabulary) { return defect }
        if let defect = author?.defect(vocabulary: vocabulary) { return defect }
        for id in [subject, body] where !(0..<vocabulary).contains(Int(id)) {
            return "segments names the token \(id), which the vocabulary lacks"
        }
        return nil
    }

    /// The parts that the segments of a message are put together from.
    public struct Parts: Sendable, Equatable {
        /// The facts that the network does not read, in front of all others.
        public var unread: Range<Int>
        /// What else stands in front of the subject.
        public var facts: Range<Int>
        /// Those of ``facts`` that tell of the layout, from the first to the last.
        public var layout: Range<Int>
        /// The subject, with the tokens in front of it and of the body.
        public var subject: Range<Int>
        /// Pieces of the body, at least one.
        public var blocks: [Range<Int>]

        /// Segments of the message: a block and the next one, or all there is.
        public var segmentCount: Int { max(1, blocks.count - 1) }

        /// The blocks of a segment.
        public func blocks(ofSegment index: Int) -> ArraySlice<Range<Int>> {
            blocks[index..<min(index + 2, blocks.count)]
        }
    }

    /// Cuts a message into parts.
    ///
    /// Without the tokens that a part begins with the part is empty: text alone has neither facts
    /// nor subject.
    public func parts(of ids: [Int32]) -> Parts {
        let bodyStart = ids.firstIndex(of: body).map { $0 + 1 } ?? 0
        let factsEnd = ids[..<bodyStart].firstIndex(of: subject) ?? 0
        var blocks: [Range<Int>] = []
        var start = bodyStart
        while start < ids.count {
            let end = min(start + block, ids.count)
            blocks.append(start..<end)
            start = end
        }
        if blocks.isEmpty { blocks.append(ids.count..<ids.count) }
        let unreadEnd =
            author.map { author in
                ids[..<factsEnd].firstIndex { !author.unread.contains($0) } ?? factsEnd
            } ?? 0
        let facts = unreadEnd..<factsEnd
        return Parts(
            unread: 0..<unreadEnd, facts: facts, layout: layout?.range(in: ids, facts) ?? 0..<0,
            subject: factsEnd..<bodyStart, blocks: blocks)
    }

    /// One of the ways to score a segment.
    struct Form {
        /// The facts that count beside those of the forms before; none in the first.
        var added: [Range<Int>]
        /// What is taken off the logit.
        var bound: Float
    }

    /// The forms of a message's segments, the highest of which counts: without facts, without those
    /// of the layout, with all.
    func forms(of parts: Parts) -> [Form] {
        let (facts, layout) = (parts.facts, parts.layout)
        if facts.isEmpty { return [Form(added: [], bound: 0)] }
        let bare = Form(added: [], bound: factBound)
        guard let bound = self.layout?.bound, !layout.isEmpty else {
            return [bare, Form(added: [facts], bound: 0)]
        }
        let others = [
            facts.lowerBound..<layout.lowerBound, layout.upperBound..<facts.upperBound,
        ].filter { !$0.isEmpty }
        let full = Form(added: [layout], bound: 0)
        return others.isEmpty
            ? [Form(added: [], bound: min(bound, factBound)), full]
            : [bare, Form(added: others, bound: bound), full]
    }

    /// The front of a message with a random stretch of its body, as long as a segment.
    func stretch(of ids: [Int32], using random: inout RandomSource) -> [Int32] {
        let parts = parts(of: ids)
        let start = parts.subject.upperBound
        let length = min(2 * block, ids.count - start)
        let first = start + random.nextIndex(below: ids.count - start - length + 1)
        return Array(ids[..<start]) + ids[first..<(first + length)]
    }

    /// What is taken off the highest of a message's segments' logits.
    ///
    /// That is what the mean of the odds of the strongest ones is below the highest, and the
    /// penalty for their number.
    func deduction(_ logits: [Float]) -> Float {
        guard logits.count > 1, let highest = logits.max(), highest.isFinite else { return 0 }
        let together =
            strongest < logits.count ? Segmentation.highest(strongest, of: logits) : logits
        let odds = together.reduce(Float(0)) { $0 + expf($1 - highest) }
        return logf(Float(together.count) / odds) + penalty * logf(Float(logits.count))
    }

    /// The highest numbers, the highest first.
    private static func highest(_ count: Int, of numbers: [Float]) -> [Float] {
        var found: [Float] = []
        for number in numbers where found.count < count || number > found[count - 1] {
            if found.count == count { found.removeLast() }
            found.insert(number, at: found.firstIndex { $0 < number } ?? found.count)
        }
        return found
    }
}
