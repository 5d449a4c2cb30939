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
    /// The largest window sums, `[features]`.
    var windows: [Float]
    var linear: LinearTerm.Sums

    init(_ windows: [Float], _ linear: LinearTerm.Sums) {
        self.windows = windows
        self.linear = linear
    }

    mutating func raise(to other: PartSums) {
        precondition(windows.count == other.windows.count)
        for index in windows.indices { windows[index] = max(windows[index], other.windows[index]) }
        linear.add(other.linear)
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
        func sums(_ range: Range<Int>) -> PartSums {
            PartSums(windowSums(range), linear?.sums(ids, range) ?? LinearTerm.Sums())
        }
        let facts = parts.facts.isEmpty ? nil : sums(parts.facts)
        let subject = sums(parts.subject)
        let blocks = parts.blocks.map(sums)
        var best = (logit: -Float.infinity, segment: 0, hasFacts: facts != nil)
        for segment in 0..<parts.segmentCount {
            var all = subject
            for block in blocks[segment..<min(segment + 2, blocks.count)] { all.raise(to: block) }
            // Without facts first: with them it must be higher to count.
            let bound = facts == nil ? 0 : segmentation.factBound
            let bare = logit(all) - bound
            if bare > best.logit { best = (bare, segment, facts == nil) }
            guard let facts else { continue }
            all.raise(to: facts)
            let full = logit(all)
            if full > best.logit { best = (full, segment, true) }
        }
        let deduction = segmentation.deduction(segments: parts.segmentCount)
        let hasBound = !best.hasFacts && facts != nil
        let front = best.hasFacts ? [parts.facts, parts.subject] : [parts.subject]
        return SegmentScore(
            logit: best.logit - deduction, segment: best.segment, hasFacts: best.hasFacts,
            deduction: deduction + (hasBound ? segmentation.factBound : 0),
            ranges: front + parts.blocks(ofSegment: best.segment))
    }

    private func logit(_ sums: PartSums) -> Float {
        head(features(sums.windows))[0] + (linear?.logit(sums.linear) ?? 0)
    }
}
