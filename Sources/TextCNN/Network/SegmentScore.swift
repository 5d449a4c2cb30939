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
        let ranges = [parts.facts, parts.subject] + parts.blocks
        let logits = segmentLogits(parts, features(ranges), linear?.sums(ids, ranges))
        let hasFacts = !parts.facts.isEmpty
        var best = (logit: -Float.infinity, segment: 0, hasFacts: hasFacts)
        let counted = logits.enumerated().map { segment, logit -> Float in
            // Without facts first: with them it must be higher to count.
            let bare = logit.bare - (hasFacts ? segmentation.factBound : 0)
            if bare > best.logit { best = (bare, segment, !hasFacts) }
            guard let full = logit.full else { return bare }
            if full > best.logit { best = (full, segment, true) }
            return max(bare, full)
        }
        let deduction = segmentation.deduction(counted)
        let hasBound = !best.hasFacts && hasFacts
        let front = best.hasFacts ? [parts.facts, parts.subject] : [parts.subject]
        return SegmentScore(
            logit: best.logit - deduction
                + (segmentation.author?.sum(ids[..<parts.facts.upperBound]) ?? 0),
            segments: parts.segmentCount,
            deduction: deduction + (hasBound ? segmentation.factBound : 0),
            ranges: front + parts.blocks(ofSegment: best.segment), facts: 0..<parts.facts.upperBound
        )
    }

    /// The logits of each segment without and, where there are any, with the facts.
    ///
    /// The head reads its weights once for all of them. Facts, subject and blocks are the parts, in
    /// this order.
    private func segmentLogits(
        _ parts: Segmentation.Parts, _ features: [Float], _ words: [LinearTerm.Sums]?
    ) -> [(bare: Float, full: Float?)] {
        let segments = parts.segmentCount
        let forms = parts.facts.isEmpty ? 1 : 2
        let rows = segmentFeatures(
            features, parts: parts.blocks.count + 2, segments: segments, forms: forms)
        let heads = head(rows, rows: segments * forms)
        return (0..<segments).map { segment in
            var bare = heads[segment * forms]
            var full = heads[segment * forms + forms - 1]
            if let linear, let words {
                var sums = words[1]
                sums.add(words[2 + segment])
                if parts.blocks.count > 1 { sums.add(words[3 + segment]) }
                bare += linear.logit(sums)
                sums.add(words[0])
                full += linear.logit(sums)
            }
            return (bare, forms == 2 ? full : nil)
        }
    }

    /// The features of each segment, without and with the facts: the largest of its parts.
    ///
    /// Bias and rectifier keep the order of window sums, so parts can be rectified before.
    ///
    /// - Returns: `[segments, forms, features]`.
    private func segmentFeatures(
        _ features: [Float], parts: Int, segments: Int, forms: Int
    ) -> [Float] {
        let width = parameters.shape.features
        precondition(features.count == parts * width && segments <= max(1, parts - 3))
        return [Float](unsafeUninitializedCapacity: segments * forms * width) { rows, count in
            features.withUnsafeBufferPointer { features in
                guard let facts = features.baseAddress, var row = rows.baseAddress else { return }
                let subject = facts + width
                for segment in 0..<segments {
                    let first = facts + (segment + 2) * width
                    let second = facts + min(segment + 3, parts - 1) * width
                    Network.raise(subject, first, second, into: row, width)
                    if forms == 2 { Network.raise(row, row, facts, into: row + width, width) }
                    row += forms * width
                }
            }
            count = segments * forms * width
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
