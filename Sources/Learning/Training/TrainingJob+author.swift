import Corpora
import TextCNN
import TextFeatures

extension TrainingJob {
    /// Learns what facts about the author weigh, on mail that a network has not seen.
    ///
    /// For each group of data sets a network is trained without them and judges their train and dev
    /// parts. What it misjudges there shows how much more the facts know.
    ///
    /// - Parameters:
    ///   - learnt: the network that the weights are for.
    ///   - data: what it learnt from.
    ///   - steps: the run.
    ///   - progress: called on this thread.
    /// - Returns: the weights, by ids of the network's vocabulary.
    /// - Throws: ``TrainingError``.
    func authorTerm(
        _ learnt: Learnt, _ data: DataSet, _ steps: inout TrainingSteps,
        _ progress: (Event) -> Void
    ) throws -> FactTerm {
        var rows: [FactTrainer.Row] = []
        let doubtful = Set(options.doubtful)
        let items = data.items.filter { $0.part != .test && !doubtful.contains($0.path) }
        let numbers = DataSet.numbers(of: items)
        let facts = learnt.vocabulary.authorFacts
        let known = Set(facts.keys)
        for group in options.factGroups {
            let (seen, _, _) = try learn(
                DataSet(data.items.filter { !group.contains($0.set) }), members: 1, &steps,
                progress)
            let network = ServingNetwork(seen.network, precision: .int8)
            let unread = seen.vocabulary.factsBesideNetwork
            rows += Parallel.map(items.filter { group.contains($0.set) }) { item in
                let ids = seen.pipeline.ids(of: item.tokens, in: seen.vocabulary)
                return FactTrainer.Row(
                    logit: network.logits(ids.filter { !unread.contains($0) })[0],
                    facts: learnt.pipeline.ids(of: item.tokens, in: learnt.vocabulary)
                        .filter(known.contains),
                    isSpam: item.isSpam, source: numbers[item.set] ?? 0)
            }
        }
        let term = FactTrainer.train(
            rows, of: facts, unread: learnt.vocabulary.factsBesideNetwork,
            bound: options.authorBound)
        guard let term else {
            throw TrainingError(
                .tooFewLabels, "the fact groups",
                reason: "tell nothing of facts: their messages need ham and spam that networks "
                    + "trained without them can mostly tell apart")
        }
        return term
    }

    /// Each group must name data sets of the train part, and leave mail of both labels to learn
    /// from; a mistake is told before the first network is trained.
    func checkFactGroups(_ data: DataSet) throws(TrainingError) {
        let sets = Set(data.part(.train).map(\.set))
        for group in options.factGroups {
            let name = group.joined(separator: ",")
            for set in group where !sets.contains(set) {
                throw TrainingError(
                    .noData, "the fact group \(name)",
                    reason: "names \(set), which is no data set with messages to train on; the "
                        + "sets are \(sets.sorted().joined(separator: ", "))")
            }
            for part in [DataSplit.train, .dev] {
                let rest = data.part(part).filter { !group.contains($0.set) }
                for label in Label.allCases
                where !rest.contains(where: { $0.isSpam == (label == .spam) }) {
                    throw TrainingError(
                        .tooFewLabels, "the \(part.rawValue) part without the fact group \(name)",
                        reason: "holds no \(label.rawValue): leave some data sets out of the group")
                }
            }
        }
    }
}

extension Vocabulary {
    /// What the weights of facts about the author may be and are expected to be, by id.
    var authorFacts: [Int32: FactTrainer.Prior] {
        var priors: [Int32: FactTrainer.Prior] = [:]
        for fact in ModelToken.Header.allCases {
            guard let sign = fact.signOfAuthor, let id = id(fact.token) else { continue }
            priors[id] = FactTrainer.Prior(
                sign == .honest ? -.infinity...0 : 0 ... .infinity, expected: fact.expectedLogOdds)
        }
        return priors
    }

    /// The ids of those that a network with a fact term does not read.
    var factsBesideNetwork: Set<Int32> {
        Set(ModelToken.Header.allCases.filter(\.isBesideNetwork).compactMap { id($0.token) })
    }
}
