import Glibc

/// Changes the messages in each epoch, so that the network learns to withstand what spammers try.
///
/// Text of another ham message is pasted in, and words are replaced by their shape tokens, as if
/// they were unknown. Short excerpts teach the network how little a few words say. See
/// "Augmentation" in `docs/model.md`.
public struct Augmentation: Sendable {
    private let options: TrainingOptions
    /// The id after which the text of a message begins; nil for pipelines without such a token.
    private let bodyMark: Int32?
    /// The shape token of each id, 0 for ids that aren't words, `[vocabulary]`; empty to replace
    /// none.
    private let shapes: [Int32]
    private let head: Int
    private let tail: Int

    /// An augmentation for one pipeline and vocabulary.
    ///
    /// - Parameters:
    ///   - options: the chances of each change.
    ///   - bodyMark: the id after which the text of a message begins, if there is one.
    ///   - shapes: the shape token of each id, 0 for ids that aren't words, `[vocabulary]`; empty
    ///     to replace none.
    ///   - head: ids kept of the front of a message that became too long.
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

    /// The ids of a message to train on in one epoch.
    ///
    /// - Parameters:
    ///   - example: the message.
    ///   - ham: draws the ids of some ham message; nil if there is none.
    ///   - random: decides on the changes.
    /// - Returns: the ids, changed or not.
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

    /// Three to sixty tokens of the text; half of the excerpts lack the facts and the subject, as
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

    /// Inserts a random stretch of another message, 0.3 to 3 times as long as the message itself,
    /// at the end or at the beginning of the text.
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
