import Testing

@testable import TextCNN

@Suite struct AugmentationTests {
    /// Options under which nothing happens but what a test switches on.
    private func options(_ change: (inout TrainingOptions) -> Void) -> TrainingOptions {
        var options = TrainingOptions()
        options.pasteIntoSpam = 0
        options.pasteIntoHam = 0
        options.shapeReplacement = 0
        options.excerpts = 0
        change(&options)
        return options
    }

    @Test("Without any chance of change, messages are as they were")
    func unchanged() {
        let augmentation = Augmentation(
            options: options { _ in }, bodyMark: 1, shapes: [0, 0, 0, 9], head: 3, tail: 0)
        var random = RandomSource(seed: 1)
        for target in [0, 1] as [Float] {
            let example = TrainingExample(ids: [1, 3, 3, 3, 3, 3], targets: [target])
            #expect(
                augmentation.ids(of: example, ham: { _ in [2] }, using: &random) == example.ids)
        }
    }

    @Test("Pasted ham keeps the label's message, the length limit and the body mark")
    func pasting() {
        let augmentation = Augmentation(
            options: options { $0.pasteIntoSpam = 1 }, bodyMark: 1, shapes: [], head: 30, tail: 10)
        var random = RandomSource(seed: 1)
        let spam = TrainingExample(ids: [0, 1, 5, 6, 7], targets: [1])
        var ends: Set<Bool> = []
        for _ in 0..<50 {
            let ids = augmentation.ids(
                of: spam, ham: { _ in [1] + [Int32](repeating: 9, count: 100) }, using: &random)
            #expect(ids.count <= 40 && ids.contains(9) && ids.starts(with: [0, 1]))
            #expect(ids.filter { $0 >= 5 && $0 < 9 } == [5, 6, 7])
            ends.insert(ids.last == 9)
        }
        #expect(ends == [true, false])
    }

    @Test("Spam and ham have chances of their own, and without other ham nothing is pasted")
    func chances() {
        let augmentation = Augmentation(
            options: options { $0.pasteIntoHam = 1 }, bodyMark: nil, shapes: [], head: 300, tail: 0)
        var random = RandomSource(seed: 1)
        func isChanged(_ target: Float, _ other: [Int32]?) -> Bool {
            let example = TrainingExample(ids: [5, 6], targets: [target])
            return augmentation.ids(of: example, ham: { _ in other }, using: &random) != [5, 6]
        }
        #expect(isChanged(0, [9, 9, 9]) && !isChanged(1, [9, 9, 9]))
        #expect(!isChanged(0, nil) && !isChanged(0, []))
    }

    @Test("Excerpts are a few words of the text, with the facts in front or without")
    func excerpts() {
        let augmentation = Augmentation(
            options: options { $0.excerpts = 1 }, bodyMark: 1, shapes: [], head: 300, tail: 10)
        var random = RandomSource(seed: 1)
        let ham = TrainingExample(ids: [5, 6, 1] + (10..<200), targets: [0])
        var fronts: Set<[Int32]> = []
        for _ in 0..<50 {
            let ids = augmentation.ids(of: ham, ham: { _ in [9] }, using: &random)
            let text = ids.drop { $0 < 10 }
            fronts.insert(Array(ids.prefix { $0 < 10 }))
            #expect((3...60).contains(text.count))
            #expect(zip(text, text.dropFirst()).allSatisfy { $0 + 1 == $1 })
        }
        #expect(fronts == [[1], [5, 6, 1]])
    }

    @Test("A message without text has no excerpt", arguments: [[], [5, 1]] as [[Int32]])
    func emptyText(ids: [Int32]) {
        let augmentation = Augmentation(
            options: options { $0.excerpts = 1 }, bodyMark: 1, shapes: [], head: 300, tail: 10)
        var random = RandomSource(seed: 1)
        let example = TrainingExample(ids: ids, targets: [0])
        #expect(augmentation.ids(of: example, ham: { _ in nil }, using: &random) == ids)
    }

    @Test("Words become their shapes, 5 to 50 % of them; what has no shape stays")
    func shapes() {
        // Ids 10 to 19 are words with the shapes 2 and 3, all others have none.
        let shapes: [Int32] = (0..<20).map { $0 < 10 ? 0 : 2 + $0 % 2 }
        let augmentation = Augmentation(
            options: options { $0.shapeReplacement = 1 }, bodyMark: 1, shapes: shapes, head: 2_000,
            tail: 0)
        var random = RandomSource(seed: 1)
        let words = (0..<1_000).map { Int32(10 + $0 % 10) }
        let example = TrainingExample(ids: [7, 1, 8] + words, targets: [1])
        for _ in 0..<10 {
            let ids = augmentation.ids(of: example, ham: { _ in nil }, using: &random)
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
