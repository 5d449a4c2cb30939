extension Parameters {
    /// One network whose logits are the mean of those of several networks.
    ///
    /// It holds the embeddings, filters and hidden units of all members side by side, with zero
    /// weights between those of different members. Networks from different random starts err on
    /// different messages, so their mean errs less than each of them (Lakshminarayanan and others
    /// 2017, arXiv:1612.01474). With serving tables the larger embedding costs nothing: only the
    /// number of filters counts.
    ///
    /// - Parameter members: at least one, all of one shape.
    public init(averaging members: [Parameters]) {
        precondition(!members.isEmpty, "no member")
        precondition(members.allSatisfy { $0.shape == members[0].shape }, "members differ in shape")
        let memberShape = members[0].shape
        let count = members.count
        var shape = memberShape
        shape.embedding *= count
        shape.filters *= count
        shape.hidden *= count
        self.init(zeros: shape)
        for (index, member) in members.enumerated() {
            insertEmbedding(of: member, at: index)
            insertFilters(of: member, at: index)
            insertHead(of: member, at: index, weight: 1 / Float(count))
        }
    }

    private mutating func insertEmbedding(of member: Parameters, at index: Int) {
        let size = member.shape.embedding
        for word in 0..<shape.vocabulary {
            let target = word * shape.embedding + index * size
            embedding.replaceSubrange(
                target..<(target + size), with: member.embedding[(word * size)...].prefix(size))
        }
    }

    /// Inserts filters that read only the member's part of the embedding: all other weights stay
    /// zero.
    private mutating func insertFilters(of member: Parameters, at index: Int) {
        let size = member.shape.embedding
        let filters = member.shape.filters
        for slice in 0..<shape.widths.reduce(0, +) {
            for filter in 0..<filters {
                let row = slice * shape.filters + index * filters + filter
                let target = row * shape.embedding + index * size
                let source = (slice * filters + filter) * size
                kernels.replaceSubrange(
                    target..<(target + size), with: member.kernels[source...].prefix(size))
            }
        }
        for feature in 0..<member.shape.features {
            kernelBias[merged(feature, of: member, at: index)] = member.kernelBias[feature]
        }
    }

    private mutating func insertHead(of member: Parameters, at index: Int, weight: Float) {
        let hidden = member.shape.hidden
        for unit in 0..<hidden {
            let row = index * hidden + unit
            hiddenBias[row] = member.hiddenBias[unit]
            for feature in 0..<member.shape.features {
                self.hidden[row * shape.features + merged(feature, of: member, at: index)] =
                    member.hidden[unit * member.shape.features + feature]
            }
        }
        for label in 0..<shape.outputs {
            for input in 0..<member.shape.headInputs {
                let target =
                    hidden > 0 ? index * hidden + input : merged(input, of: member, at: index)
                output[label * shape.headInputs + target] =
                    weight * member.output[label * member.shape.headInputs + input]
            }
            outputBias[label] += weight * member.outputBias[label]
        }
    }

    /// The index of a member's pooled feature among the features of all members.
    private func merged(_ feature: Int, of member: Parameters, at index: Int) -> Int {
        let filters = member.shape.filters
        return feature / filters * shape.filters + index * filters + feature % filters
    }
}
