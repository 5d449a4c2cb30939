import Glibc

/// Changes the messages in each epoch, so that the network learns to withstand what spammers try.
///
/// Text of ham messages is pasted in, facts are left out or taken from another message, with or
/// without the words at its front and end, a message is shown as plain text, and words are replaced
/// by their shape tokens, as if they were unknown. Short excerpts teach the network how little a
/// few words say. See "Augmentation" in `docs/model.md`.
public struct Augmentation: Sendable {
    /// The tokens of a vocabulary that the changes need to know.
    public struct Tokens: Sendable {
        /// The id after which the text of a message begins; nil for pipelines without one.
        public var body: Int32?
        /// The shape token of each id, 0 for ids that aren't words, `[vocabulary]`; empty to
        /// replace none.
        public var shapes: [Int32] = []
        /// True for the ids of facts about a message, which its sender chooses freely,
        /// `[vocabulary]`; empty to leave all as they are.
        public var isFact: [Bool] = []
        /// True for the ids of links and pictures and of the facts about them and the layout,
        /// `[vocabulary]`; empty to leave all as they are.
        public var isMarkup: [Bool] = []
        /// The fact that most messages without structure have; nil for none.
        public var plainFact: Int32?

        /// No tokens: text is pasted and cut alone.
        public init() {}
    }

    /// A message as one epoch shows it.
    struct Changed {
        var ids: [Int32]
        /// False for text of another message, `[ids]`.
        var isOwn: [Bool]
    }

    /// Draws other messages.
    struct Others {
        /// The ids of some ham message; nil if there is none.
        var ham: (inout RandomSource) -> [Int32]?
        /// The ids of any message.
        var any: (inout RandomSource) -> [Int32]?
    }

    private let options: TrainingOptions
    private let tokens: Tokens

    /// The share of messages without facts that get ``Tokens/plainFact``.
    private static let plainFactShare: Float = 0.7
    /// The share of messages with the facts of a ham that get some of its text as well.
    private static let dressShare: Float = 0.5
    /// Tokens of that text in front and behind, each.
    private static let dressTokens: (least: Float, most: Float) = (10, 150)
    /// Messages of which one padding is put together at most.
    private static let mostPasted = 16

    /// An augmentation for one pipeline and vocabulary.
    ///
    /// - Parameters:
    ///   - options: the chances of each change.
    ///   - tokens: of the vocabulary.
    public init(options: TrainingOptions, tokens: Tokens) {
        self.options = options
        self.tokens = tokens
    }

    /// A message to learn from in one epoch.
    ///
    /// - Parameters:
    ///   - example: the message.
    ///   - others: draws other messages.
    ///   - random: decides on the changes.
    /// - Returns: the ids, changed or not.
    func changed(
        _ example: TrainingExample, _ others: Others, using random: inout RandomSource
    ) -> Changed {
        var ids = example.ids
        let isSpam = example.targets[0] > 0.5
        var dress: [Int32]?
        if options.markupDropping > 0, !tokens.isMarkup.isEmpty,
            random.nextUniform() < options.markupDropping
        {
            ids.removeAll { tokens.isMarkup[Int($0)] }
        } else {
            dress = changeFacts(of: &ids, isSpam: isSpam, others, using: &random)
        }
        var result = Changed(ids: ids, isOwn: [Bool](repeating: true, count: ids.count))
        if random.nextUniform() < options.excerpts {
            result.ids = excerpt(of: ids, using: &random)
            result.isOwn = [Bool](repeating: true, count: result.ids.count)
        } else if let dress, random.nextUniform() < Augmentation.dressShare {
            wrap(&result, in: dress, using: &random)
        } else if random.nextUniform() < (isSpam ? options.pasteIntoSpam : options.pasteIntoHam) {
            paste(into: &result, others, using: &random)
        }
        if !tokens.shapes.isEmpty, random.nextUniform() < options.shapeReplacement {
            let share = 0.05 + 0.45 * random.nextUniform()
            for (index, id) in result.ids.enumerated() where tokens.shapes[Int(id)] != 0 {
                if random.nextUniform() < share { result.ids[index] = tokens.shapes[Int(id)] }
            }
        }
        cut(&result)
        return result
    }

    /// The offset at which the text of a message begins.
    private func bodyStart(of ids: [Int32]) -> Int {
        (tokens.body.flatMap { ids.firstIndex(of: $0) } ?? -1) + 1
    }

    /// Leaves the facts out, or takes those of another message.
    ///
    /// Spam gets those of ham alone: what a spammer would copy. The marks of tricks stay, because
    /// nobody copies those.
    ///
    /// - Returns: The ham whose facts the message has now; nil if they are its own or nobody's.
    private func changeFacts(
        of ids: inout [Int32], isSpam: Bool, _ others: Others, using random: inout RandomSource
    ) -> [Int32]? {
        guard !tokens.isFact.isEmpty else { return nil }
        var dress: [Int32]?
        let chance = random.nextUniform()
        var facts: [Int32] = []
        if chance < options.factDropping {
            if random.nextUniform() < Augmentation.plainFactShare {
                facts = tokens.plainFact.map { [$0] } ?? []
            }
        } else if chance < options.factDropping + options.factSwapping {
            let isHam = isSpam || random.nextUniform() < 0.5
            guard let other = isHam ? others.ham(&random) : others.any(&random) else {
                return nil
            }
            facts = other.filter { tokens.isFact[Int($0)] }
            dress = isHam ? other : nil
        } else {
            return nil
        }
        let first = ids.firstIndex { tokens.isFact[Int($0)] } ?? 0
        ids.removeAll { tokens.isFact[Int($0)] }
        ids.insert(contentsOf: facts, at: min(first, ids.count))
        return dress
    }

    /// Puts the first and the last words of a ham around the text, as if its layout held another's
    /// words.
    private func wrap(
        _ message: inout Changed, in dress: [Int32], using random: inout RandomSource
    ) {
        let text = dress[bodyStart(of: dress)...]
        let (least, most) = Augmentation.dressTokens
        let wanted = Int(least * powf(most / least, random.nextUniform()))
        let count = min(wanted, text.count / 2)
        insert(text.suffix(count), into: &message, at: message.ids.count)
        insert(text.prefix(count), into: &message, at: bodyStart(of: message.ids))
    }

    /// Three to sixty tokens of the text; half of the excerpts lack the facts and the subject, as
    /// if somebody had asked about a sentence.
    private func excerpt(of ids: [Int32], using random: inout RandomSource) -> [Int32] {
        let text = bodyStart(of: ids)
        guard text < ids.count else { return ids }
        let wanted = Int(3 * powf(20, random.nextUniform()))
        let start = text + random.nextIndex(below: max(1, ids.count - text - wanted + 1))
        let stretch = ids[start..<min(start + wanted, ids.count)]
        let front = random.nextUniform() < 0.5 ? ids[..<text] : tokens.body.map { [$0] } ?? []
        return Array(front) + stretch
    }

    /// Pastes text of ham messages in, 0.3 to 5 times as long as the message's own: behind it, in
    /// front of it, around it, or somewhere inside.
    private func paste(
        into message: inout Changed, _ others: Others, using random: inout RandomSource
    ) {
        let start = bodyStart(of: message.ids)
        let own = message.ids.count - start
        let wanted = Int(Float(max(own, 1)) * 0.3 * powf(5 / 0.3, random.nextUniform())) + 1
        let padding = padding(wanted, others, using: &random)
        guard !padding.isEmpty else { return }
        let place = random.nextUniform()
        if place < 0.35 {
            insert(padding[...], into: &message, at: message.ids.count)
        } else if place < 0.7 {
            insert(padding[...], into: &message, at: start)
        } else if place < 0.9 {
            let half = padding.count / 2
            insert(padding[half...], into: &message, at: message.ids.count)
            insert(padding[..<half], into: &message, at: start)
        } else {
            insert(padding[...], into: &message, at: start + random.nextIndex(below: own + 1))
        }
    }

    /// Text of several ham messages, each from its beginning or from anywhere.
    private func padding(
        _ wanted: Int, _ others: Others, using random: inout RandomSource
    ) -> [Int32] {
        let longest = options.firstTokens + options.lastTokens
        let wanted = min(wanted, longest)
        var padding: [Int32] = []
        for _ in 0..<Augmentation.mostPasted where padding.count < wanted {
            guard let other = others.ham(&random) else { break }
            var text = other[bodyStart(of: other)...]
            guard !text.isEmpty else { continue }
            if random.nextUniform() < 0.5 {
                text = text.dropFirst(random.nextIndex(below: text.count))
            }
            padding += text.prefix(wanted - padding.count)
        }
        return padding
    }

    private func insert(_ text: ArraySlice<Int32>, into message: inout Changed, at index: Int) {
        message.ids.insert(contentsOf: text, at: index)
        message.isOwn.insert(contentsOf: repeatElement(false, count: text.count), at: index)
    }

    /// Leaves out the middle of a message that became too long.
    private func cut(_ message: inout Changed) {
        let (head, tail) = (options.firstTokens, options.lastTokens)
        guard message.ids.count > head + tail else { return }
        message.ids.removeSubrange(head..<(message.ids.count - tail))
        message.isOwn.removeSubrange(head..<(message.isOwn.count - tail))
    }
}
