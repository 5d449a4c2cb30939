extension Parameters {
    /// One network that gives the mean of the logits of several: their embeddings, filters and hidden
    /// units side by side, and no weight between those of different members.
    ///
    /// Networks that began with other random weights err on other messages; their mean errs less
    /// than each (Lakshminarayanan and others 2017, arXiv:1612.01474). Tables make its price that
    /// of its filters alone.
    ///
    /// - Parameter members: of one shape, at least one.
    public init(averaging members: [Parameters]) {
        precondition(!members.isEmpty, "no member")
        precondition(members.allSatisfy { $0.shape == members[0].shape }, "members differ in shape")
        let own = members[0].shape
        let count = members.count
        var shape = own
        shape.embedding *= count
        shape.filters *= count
        shape.hidden *= count
        self.init(zeros: shape)
        for (place, member) in members.enumerated() {
            insertEmbedding(of: member, at: place)
            insertFilters(of: member, at: place)
            insertHead(of: member, at: place, weight: 1 / Float(count))
        }
    }

    private mutating func insertEmbedding(of member: Parameters, at place: Int) {
        let size = member.shape.embedding
        for word in 0..<shape.vocabulary {
            let target = word * shape.embedding + place * size
            embedding.replaceSubrange(
                target..<(target + size), with: member.embedding[(word * size)...].prefix(size))
        }
    }

    /// A member's filters read its own part of the embedding; their other weights stay zero.
    private mutating func insertFilters(of member: Parameters, at place: Int) {
        let size = member.shape.embedding
        let filters = member.shape.filters
        for slice in 0..<shape.widths.reduce(0, +) {
            for filter in 0..<filters {
                let row = slice * shape.filters + place * filters + filter
                let target = row * shape.embedding + place * size
                let source = (slice * filters + filter) * size
                kernels.replaceSubrange(
                    target..<(target + size), with: member.kernels[source...].prefix(size))
            }
        }
        for feature in 0..<member.shape.features {
            kernelBias[merged(feature, of: member, at: place)] = member.kernelBias[feature]
        }
    }

    private mutating func insertHead(of member: Parameters, at place: Int, weight: Float) {
        let hidden = member.shape.hidden
        for unit in 0..<hidden {
            let row = place * hidden + unit
            hiddenBias[row] = member.hiddenBias[unit]
            for feature in 0..<member.shape.features {
                self.hidden[row * shape.features + merged(feature, of: member, at: place)] =
                    member.hidden[unit * member.shape.features + feature]
            }
        }
        for label in 0..<shape.outputs {
            for input in 0..<member.shape.headInputs {
                let target =
                    hidden > 0 ? place * hidden + input : merged(input, of: member, at: place)
                output[label * shape.headInputs + target] =
                    weight * member.output[label * member.shape.headInputs + input]
            }
            outputBias[label] += weight * member.outputBias[label]
        }
    }

    /// Where a member's pooled feature stands among all.
    private func merged(_ feature: Int, of member: Parameters, at place: Int) -> Int {
        let filters = member.shape.filters
        return feature / filters * shape.filters + place * filters + feature % filters
    }
}
