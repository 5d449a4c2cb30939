/// Which segment of a message is the strongest, and the message's logit.
struct SegmentScore: Equatable {
    /// The logit of the message.
    var logit: Float
    /// The number of segments of the message.
    var segments: Int
    /// What was taken off the segment's own logit.
    var deduction: Float
    /// The parts of the segment, in the order of the message.
    var ranges: [Range<Int>]
    /// All facts, those that the network does not read first.
    var facts: Range<Int>
}

extension Network {
    /// Scores all segments of a message and finds the strongest.
    ///
    /// - Parameters:
    ///   - ids: the message.
    ///   - segmentation: how to cut it.
    ///   - features: the pooled features of parts of the message, `[parts, features]`: of the
    ///     windows that begin in a range.
    /// - Returns: the first of the segments with the highest logit.
    func segmentScore(
        _ ids: [Int32], _ segmentation: Segmentation, features: ([Range<Int>]) -> [Float]
    ) -> SegmentScore {
        let parts = segmentation.parts(of: ids)
        let forms = segmentation.forms(of: parts)
        let ranges = forms.flatMap(\.added) + [parts.subject] + parts.blocks
        let logits = segmentLogits(parts, forms, features(ranges), linear?.sums(ids, ranges))
        var best = (logit: -Float.infinity, segment: 0, form: 0)
        let counted = (0..<parts.segmentCount).map { segment in
            var highest = -Float.infinity
            // With more facts it must be higher to count.
            for (number, form) in forms.enumerated() {
                let logit = logits[segment * forms.count + number] - form.bound
                highest = max(highest, logit)
                if logit > best.logit { best = (logit, segment, number) }
            }
            return highest
        }
        let deduction = segmentation.deduction(counted)
        let facts = forms[...best.form].flatMap(\.added).sorted { $0.lowerBound < $1.lowerBound }
        return SegmentScore(
            logit: best.logit - deduction
                + (segmentation.author?.sum(ids[..<parts.facts.upperBound]) ?? 0),
            segments: parts.segmentCount, deduction: deduction + forms[best.form].bound,
            ranges: facts + [parts.subject] + parts.blocks(ofSegment: best.segment),
            facts: 0..<parts.facts.upperBound)
    }

    /// The logits of each segment in each form.
    ///
    /// The head reads its weights once for all of them.
    ///
    /// - Parameters:
    ///   - parts: of the message.
    ///   - forms: of its segments.
    ///   - features: of what the forms add, the subject and the blocks, `[ranges, features]`.
    ///   - words: the sums of the linear term for the same ranges.
    /// - Returns: `[segments, forms]`.
    private func segmentLogits(
        _ parts: Segmentation.Parts, _ forms: [Segmentation.Form], _ features: [Float],
        _ words: [LinearTerm.Sums]?
    ) -> [Float] {
        let segments = parts.segmentCount
        let subject = forms.reduce(0) { $0 + $1.added.count }
        let rows = segmentFeatures(
            features, blocks: parts.blocks.count, segments: segments,
            added: forms.map(\.added.count))
        var logits = head(rows, rows: segments * forms.count)
        guard let linear, let words else { return logits }
        for segment in 0..<segments {
            var sums = words[subject]
            sums.add(words[subject + 1 + segment])
            if parts.blocks.count > 1 { sums.add(words[subject + 2 + segment]) }
            var next = 0
            for (number, form) in forms.enumerated() {
                for part in next..<(next + form.added.count) { sums.add(words[part]) }
                next += form.added.count
                logits[segment * forms.count + number] += linear.logit(sums)
            }
        }
        return logits
    }

    /// The features of each segment in each form: the largest of its parts.
    ///
    /// Bias and rectifier keep the order of window sums, so parts can be rectified before.
    ///
    /// - Parameters:
    ///   - features: of what the forms add, the subject and the blocks, `[ranges, features]`.
    ///   - blocks: their number.
    ///   - segments: their number.
    ///   - added: how many ranges each form adds, the first none and the others one or two.
    /// - Returns: `[segments, forms, features]`.
    private func segmentFeatures(
        _ features: [Float], blocks: Int, segments: Int, added: [Int]
    ) -> [Float] {
        let width = parameters.shape.features
        let subject = added.reduce(0, +)
        precondition(features.count == (subject + 1 + blocks) * width)
        precondition(segments <= max(1, blocks - 1))
        precondition(added[0] == 0 && added.dropFirst().allSatisfy((1...2).contains))
        let size = segments * added.count * width
        return [Float](unsafeUninitializedCapacity: size) { rows, count in
            features.withUnsafeBufferPointer { features in
                guard let start = features.baseAddress, var row = rows.baseAddress else { return }
                for segment in 0..<segments {
                    let first = start + (subject + 1 + segment) * width
                    let second = segment + 1 < blocks ? first + width : first
                    Network.raise(start + subject * width, first, second, into: row, width)
                    var part = start
                    for parts in added.dropFirst() {
                        let last = part + (parts - 1) * width
                        Network.raise(row, part, last, into: row + width, width)
                        row += width
                        part = last + width
                    }
                    row += width
                }
            }
            count = size
        }
    }

    /// The largest of three numbers at each index.
    ///
    /// Its pointers are its own, which lets the compiler turn the loop into vector code.
    private static func raise(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
        _ third: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        for index in 0..<count {
            result[index] = max(first[index], max(second[index], third[index]))
        }
    }
}
