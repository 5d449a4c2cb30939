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
        var rows: [Float] = []
        rows.reserveCapacity(segments * forms * subject.windows.count)
        var words: [LinearTerm.Sums] = []
        for segment in 0..<segments {
            var windows = subject.windows
            var sums = subject.linear
            func add(_ part: PartSums) {
                precondition(windows.count == part.windows.count)
                for index in windows.indices {
                    windows[index] = max(windows[index], part.windows[index])
                }
                sums.add(part.linear)
            }
            func end() {
                rows += features(windows)
                words.append(sums)
            }
            for block in blocks[segment..<min(segment + 2, blocks.count)] { add(block) }
            end()
            if let facts {
                add(facts)
                end()
            }
        }
        let heads = head(rows, rows: words.count)
        let logits = zip(heads, words).map { $0 + (linear?.logit($1) ?? 0) }
        return (0..<segments).map {
            (logits[$0 * forms], facts == nil ? nil : logits[$0 * forms + 1])
        }
    }
}
