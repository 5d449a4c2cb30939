/// Which segment of a message decides, and the message's logit.
struct SegmentScore: Equatable {
    /// The logit of the message.
    var logit: Float
    /// The index of the segment.
    var segment: Int
    /// False when the segment counts for more without the facts in front of the subject.
    var hasFacts: Bool
    /// What was taken off the segment's own logit.
    var deduction: Float
    /// The parts of the segment, in the order of the message.
    var ranges: [Range<Int>]
}

/// What the windows and the words of one part of a message add to a segment.
private struct PartSums {
    /// The features of the part's own windows, `[features]`.
    ///
    /// Those of several parts together are the largest of each: bias and rectifier keep the order
    /// of window sums.
    var features: [Float]
    var linear: LinearTerm.Sums

    init(_ features: [Float], _ linear: LinearTerm.Sums) {
        self.features = features
        self.linear = linear
    }

    /// Raises the row of features that begins there to the part's.
    ///
    /// Pointers let the compiler turn the loop into vector code; the range is checked before.
    func raise(_ rows: inout [Float], at first: Int) {
        precondition(first >= 0 && first + features.count <= rows.count)
        rows.withUnsafeMutableBufferPointer { rows in
            let row = UnsafeMutableBufferPointer(rebasing: rows[first..<(first + features.count)])
            features.withUnsafeBufferPointer { features in
                for index in 0..<features.count { row[index] = max(row[index], features[index]) }
            }
        }
    }
}

extension Network {
    /// Scores all segments of a message and finds the one that decides.
    ///
    /// - Parameters:
    ///   - ids: the message.
    ///   - segmentation: how to cut it.
    ///   - windowSums: the largest window sum of each filter, at least 0, `[features]`, of the
    ///     windows that begin in a range.
    /// - Returns: the first of the segments with the highest logit.
    func segmentScore(
        _ ids: [Int32], _ segmentation: Segmentation, windowSums: (Range<Int>) -> [Float]
    ) -> SegmentScore {
        let parts = segmentation.parts(of: ids)
        let ranges = [parts.facts, parts.subject] + parts.blocks
        let words = linear?.sums(ids, ranges)
        let sums = ranges.indices.map {
            PartSums(features(windowSums(ranges[$0])), words?[$0] ?? LinearTerm.Sums())
        }
        let facts = parts.facts.isEmpty ? nil : sums[0]
        let (subject, blocks) = (sums[1], Array(sums[2...]))
        let logits = segmentLogits(facts, subject, blocks, segments: parts.segmentCount)
        var best = (logit: -Float.infinity, segment: 0, hasFacts: facts != nil)
        for (segment, logit) in logits.enumerated() {
            // Without facts first: with them it must be higher to count.
            let bare = logit.bare - (facts == nil ? 0 : segmentation.factBound)
            if bare > best.logit { best = (bare, segment, facts == nil) }
            if let full = logit.full, full > best.logit { best = (full, segment, true) }
        }
        let deduction = segmentation.deduction(segments: parts.segmentCount)
        let hasBound = !best.hasFacts && facts != nil
        let front = best.hasFacts ? [parts.facts, parts.subject] : [parts.subject]
        return SegmentScore(
            logit: best.logit - deduction, segment: best.segment, hasFacts: best.hasFacts,
            deduction: deduction + (hasBound ? segmentation.factBound : 0),
            ranges: front + parts.blocks(ofSegment: best.segment))
    }

    /// The logits of each segment without and, where there are any, with the facts.
    ///
    /// The head reads its weights once for all of them.
    private func segmentLogits(
        _ facts: PartSums?, _ subject: PartSums, _ blocks: [PartSums], segments: Int
    ) -> [(bare: Float, full: Float?)] {
        let forms = facts == nil ? 1 : 2
        let width = subject.features.count
        var rows = [Float](repeating: 0, count: segments * forms * width)
        var words: [LinearTerm.Sums] = []
        words.reserveCapacity(segments * forms)
        for segment in 0..<segments {
            let own = blocks[segment..<min(segment + 2, blocks.count)]
            var sums = own.reduce(into: subject.linear) { $0.add($1.linear) }
            for form in 0..<forms {
                let row = (segment * forms + form) * width
                subject.raise(&rows, at: row)
                for block in own { block.raise(&rows, at: row) }
                if form == 1, let facts {
                    facts.raise(&rows, at: row)
                    sums.add(facts.linear)
                }
                words.append(sums)
            }
        }
        let heads = head(rows, rows: words.count)
        let logits = zip(heads, words).map { $0 + (linear?.logit($1) ?? 0) }
        return (0..<segments).map {
            (logits[$0 * forms], facts == nil ? nil : logits[$0 * forms + 1])
        }
    }
}
