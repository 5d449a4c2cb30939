import Testing

@testable import TextCNN

@Suite struct AugmentationTests {
    /// An augmentation in which nothing happens but what a test switches on; 1 is the body mark.
    private func augmentation(
        _ tokens: (inout Augmentation.Tokens) -> Void = { _ in },
        _ change: (inout TrainingOptions) -> Void = { _ in }
    ) -> Augmentation {
        var options = TrainingOptions()
        options.pasteIntoSpam = 0
        options.pasteIntoHam = 0
        options.factDropping = 0
        options.factSwapping = 0
        options.shapeReplacement = 0
        options.markupDropping = 0
        options.excerpts = 0
        options.firstTokens = 3_000
        change(&options)
        var known = Augmentation.Tokens()
        known.body = 1
        tokens(&known)
        return Augmentation(options: options, tokens: known)
    }

    private func others(_ ham: [Int32]?, any: [Int32]? = nil) -> Augmentation.Others {
        Augmentation.Others(ham: { _ in ham }, any: { _ in any })
    }

    @Test("Without any chance of change, messages are as they were")
    func unchanged() {
        let augmentation = augmentation { $0.shapes = [0, 0, 0, 9] }
        var random = RandomSource(seed: 1)
        for target in [0, 1] as [Float] {
            let example = TrainingExample(ids: [1, 3, 3, 3, 3, 3], targets: [target])
            let changed = augmentation.changed(example, others([2]), using: &random)
            #expect(changed.ids == example.ids && changed.isOwn.allSatisfy { $0 })
        }
    }

    @Test("A message as plain text keeps its words and the facts that need no markup")
    func plainText() {
        let augmentation = augmentation {
            $0.isMarkup = (0..<10).map { $0 == 7 || $0 == 8 }
            $0.isFact = (0..<10).map { $0 == 6 || $0 == 7 }
        } _: {
            $0.markupDropping = 0.5
        }
        var random = RandomSource(seed: 1)
        let example = TrainingExample(ids: [7, 6, 0, 1, 5, 8, 5], targets: [1])
        let seen = (0..<50).map { _ in
            augmentation.changed(example, others([7, 1, 9]), using: &random)
        }
        #expect(seen.allSatisfy { $0.isOwn.count == $0.ids.count && $0.isOwn.allSatisfy { $0 } })
        #expect(Set(seen.map(\.ids)) == [example.ids, [6, 0, 1, 5, 5]])
    }

    @Test("Pasted ham is in front, behind, around or inside; what is the message's own is known")
    func pasting() {
        let augmentation = augmentation {
            _ in
        } _: {
            $0.pasteIntoSpam = 1
            $0.firstTokens = 30
            $0.lastTokens = 10
        }
        var random = RandomSource(seed: 1)
        let spam = TrainingExample(ids: [0, 1, 5, 6, 7], targets: [1])
        var places: Set<String> = []
        for _ in 0..<200 {
            let changed = augmentation.changed(
                spam, others([1] + [Int32](repeating: 9, count: 100)), using: &random)
            let ids = changed.ids
            #expect(ids.count <= 40 && ids.contains(9) && ids.starts(with: [0, 1]))
            #expect(ids.filter { $0 >= 5 && $0 < 9 } == [5, 6, 7])
            #expect(zip(ids, changed.isOwn).allSatisfy { ($0 == 9) != $1 })
            places.insert("\(ids[2] == 9) \(ids.last == 9)")
        }
        // Neither in front nor behind: between the words.
        #expect(places == ["true false", "false true", "true true", "false false"])
    }

    @Test("A padding is put together from several messages")
    func severalMessages() {
        let augmentation = augmentation { _ in
        } _: {
            $0.pasteIntoSpam = 1
        }
        var random = RandomSource(seed: 3)
        let spam = TrainingExample(ids: [1] + [Int32](repeating: 5, count: 40), targets: [1])
        var next: Int32 = 10
        var most = 0
        for _ in 0..<20 {
            let drawn = Augmentation.Others(
                ham: { _ in
                    next += 1
                    return [1, next, next]
                }, any: { _ in nil })
            let changed = augmentation.changed(spam, drawn, using: &random)
            most = max(most, Set(changed.ids.filter { $0 >= 10 }).count)
        }
        #expect(most > 3)
    }

    @Test("Spam and ham have chances of their own, and without other ham nothing is pasted")
    func chances() {
        let augmentation = augmentation {
            $0.body = nil
        } _: {
            $0.pasteIntoHam = 1
        }
        var random = RandomSource(seed: 1)
        func isChanged(_ target: Float, _ other: [Int32]?) -> Bool {
            let example = TrainingExample(ids: [5, 6], targets: [target])
            return augmentation.changed(example, others(other), using: &random).ids != [5, 6]
        }
        #expect(isChanged(0, [9, 9, 9]) && !isChanged(1, [9, 9, 9]))
        #expect(!isChanged(0, nil) && !isChanged(0, []))
    }

    @Test(
        "Facts are left out, or those of a ham message stand in their place; marks of tricks stay")
    func facts() {
        // Ids 20 and more are facts, 20 the one of plain messages; 3 is the mark of a trick.
        func changed(_ change: @escaping (inout TrainingOptions) -> Void) -> Set<[Int32]> {
            let augmentation = augmentation {
                $0.isFact = (0..<30).map { $0 >= 20 }
                $0.plainFact = 20
            } _: {
                change(&$0)
            }
            var random = RandomSource(seed: 1)
            let example = TrainingExample(ids: [3, 21, 22, 2, 1, 5], targets: [1])
            return Set(
                (0..<50).map { _ in
                    augmentation.changed(
                        example, others([25, 26, 2, 1, 9], any: [29]), using: &random
                    ).ids
                })
        }
        #expect(changed { $0.factDropping = 1 } == [[3, 2, 1, 5], [3, 20, 2, 1, 5]])
        #expect(changed { $0.factSwapping = 1 } == [[3, 25, 26, 2, 1, 5]])
    }

    @Test("A message with a ham's facts gets the words at that ham's front and end in some epochs")
    func dress() {
        // Ids 20 to 29 are facts.
        let augmentation = augmentation {
            $0.isFact = (0..<500).map { (20..<30).contains($0) }
        } _: {
            $0.factSwapping = 1
        }
        var random = RandomSource(seed: 1)
        let spam = TrainingExample(ids: [21, 2, 1, 5, 6], targets: [1])
        let text = [Int32](100..<400)
        var lengths: Set<Int> = []
        for _ in 0..<100 {
            let changed = augmentation.changed(spam, others([25, 2, 1] + text), using: &random)
            let count = (changed.ids.count - 5) / 2
            lengths.insert(count)
            let expected = [25, 2, 1] + text.prefix(count) + [5, 6] + text.suffix(count)
            #expect(changed.ids == Array(expected))
            #expect(zip(changed.ids, changed.isOwn).allSatisfy { ($0 < 100) == $1 })
        }
        #expect(lengths.contains(0) && lengths.isSubset(of: Set([0] + Array(10...150))))
        #expect(lengths.count > 10)
    }

    @Test("Excerpts are a few words of the text, with the facts in front or without")
    func excerpts() {
        let augmentation = augmentation { _ in
        } _: {
            $0.excerpts = 1
        }
        var random = RandomSource(seed: 1)
        let ham = TrainingExample(ids: [5, 6, 1] + (10..<200), targets: [0])
        var fronts: Set<[Int32]> = []
        for _ in 0..<50 {
            let ids = augmentation.changed(ham, others([9]), using: &random).ids
            let text = ids.drop { $0 < 10 }
            fronts.insert(Array(ids.prefix { $0 < 10 }))
            #expect((3...60).contains(text.count))
            #expect(zip(text, text.dropFirst()).allSatisfy { $0 + 1 == $1 })
        }
        #expect(fronts == [[1], [5, 6, 1]])
    }

    @Test("A message without text has no excerpt", arguments: [[], [5, 1]] as [[Int32]])
    func emptyText(ids: [Int32]) {
        let augmentation = augmentation { _ in
        } _: {
            $0.excerpts = 1
        }
        var random = RandomSource(seed: 1)
        let example = TrainingExample(ids: ids, targets: [0])
        #expect(augmentation.changed(example, others(nil), using: &random).ids == ids)
    }

    @Test("Words become their shapes, 5 to 50 % of them; what has no shape stays")
    func shapes() {
        // Ids 10 to 19 are words with the shapes 2 and 3, all others have none.
        let shapes: [Int32] = (0..<20).map { $0 < 10 ? 0 : 2 + $0 % 2 }
        let augmentation = augmentation {
            $0.shapes = shapes
        } _: {
            $0.shapeReplacement = 1
        }
        var random = RandomSource(seed: 1)
        let words = (0..<1_000).map { Int32(10 + $0 % 10) }
        let example = TrainingExample(ids: [7, 1, 8] + words, targets: [1])
        for _ in 0..<10 {
            let ids = augmentation.changed(example, others(nil), using: &random).ids
            #expect(ids.count == 1_003 && ids.starts(with: [7, 1, 8]))
            var replaced = 0
            for (new, old) in zip(ids.dropFirst(3), words) where new != old {
                #expect(new == shapes[Int(old)])
                replaced += 1
            }
            #expect((30...540).contains(replaced))
        }
    }
}
