import Glibc

/// Changes messages anew in each epoch, so that the network learns what spammers will try
/// (model-recipe.md section 6): text of other ham pasted in, words replaced by their shapes. And that
/// it learns how little a few words tell: short excerpts.
public struct Augmentation: Sendable {
    private let options: TrainingOptions
    /// The id behind which text can be pasted at the front; nil for pipelines without such a mark.
    private let bodyMark: Int32?
    /// The shape token of each id, 0 for ids that are no words; empty to leave words alone.
    private let shapes: [Int32]
    private let head: Int
    private let tail: Int

    /// - Parameters:
    ///   - head: ids kept of the front of a message that grew too long.
    ///   - tail: ids kept of its end.
    public init(
        options: TrainingOptions, bodyMark: Int32?, shapes: [Int32], head: Int, tail: Int
    ) {
        self.options = options
        self.bodyMark = bodyMark
        self.shapes = shapes
        self.head = head
        self.tail = tail
    }

    /// The ids to train on in this round.
    ///
    /// - Parameter ham: draws the ids of some other ham message.
    package func ids(
        of example: TrainingExample, ham: (inout RandomSource) -> [Int32]?,
        using random: inout RandomSource
    ) -> [Int32] {
        var ids = example.ids
        let isSpam = example.targets[0] > 0.5
        if random.nextUniform() < options.excerpts {
            ids = excerpt(of: ids, using: &random)
        } else if random.nextUniform() < (isSpam ? options.pasteIntoSpam : options.pasteIntoHam),
            let other = ham(&random)
        {
            ids = paste(other, into: ids, using: &random)
        }
        if !shapes.isEmpty, random.nextUniform() < options.shapeReplacement {
            let share = 0.05 + 0.45 * random.nextUniform()
            for index in ids.indices where shapes[Int(ids[index])] != 0 {
                if random.nextUniform() < share { ids[index] = shapes[Int(ids[index])] }
            }
        }
        return ids
    }

    /// Three to sixty words of the text; for half of the messages without what is in front of it, as
    /// if somebody had asked about a sentence.
    private func excerpt(of ids: [Int32], using random: inout RandomSource) -> [Int32] {
        let text = (bodyMark.flatMap { ids.firstIndex(of: $0) } ?? -1) + 1
        guard text < ids.count else { return ids }
        let wanted = Int(3 * powf(20, random.nextUniform()))
        let start = text + random.nextIndex(below: max(1, ids.count - text - wanted + 1))
        let stretch = ids[start..<min(start + wanted, ids.count)]
        let front = random.nextUniform() < 0.5 ? ids[..<text] : bodyMark.map { [$0] } ?? []
        return Array(front) + stretch
    }

    /// A random stretch, 0.3 to 3 times the message's length, at the end or right behind the mark.
    private func paste(
        _ other: [Int32], into ids: [Int32], using random: inout RandomSource
    ) -> [Int32] {
        var text = other[...]
        if let bodyMark, let mark = text.firstIndex(of: bodyMark) { text = text[(mark + 1)...] }
        guard !text.isEmpty else { return ids }
        let wanted = Int(Float(ids.count) * (0.3 + 2.7 * random.nextUniform())) + 1
        let start = text.startIndex + random.nextIndex(below: text.count)
        let stretch = text[start..<min(start + wanted, text.endIndex)]
        var result = ids
        if random.nextUniform() < 0.5 {
            result += stretch
        } else {
            let mark = bodyMark.flatMap { ids.firstIndex(of: $0) }
            result.insert(contentsOf: stretch, at: mark.map { $0 + 1 } ?? 0)
        }
        guard result.count > head + tail else { return result }
        return Array(result.prefix(head)) + Array(result.suffix(tail))
    }
}
