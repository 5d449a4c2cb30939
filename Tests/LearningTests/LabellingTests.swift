import Corpora
import Testing
import TextCNN
import TextFeatures

@testable import Learning

@Suite struct LabellingTests {
    @Test(
        "A label of the data stands for labels of the model",
        arguments: [
            (.spam, "ham", []), (.spam, "spam", ["spam"]), (.exclusive, "a", ["a"]),
            (.exclusive, "a|b", ["a|b"]), (.exclusive, "", []), (.several, "a", ["a"]),
            (.several, "b|a", ["b", "a"]), (.several, "a||b|", ["a", "b"]), (.several, "", []),
        ] as [(Labelling, String, [String])])
    func names(labelling: Labelling, label: String, names: [String]) {
        #expect(labelling.names(of: label) == names)
    }

    @Test("The targets are 1 for each of the model's labels that holds")
    func targets() {
        #expect(Labelling.spam.targets("spam", in: ["spam"]) == [1])
        #expect(Labelling.spam.targets("ham", in: ["spam"]) == [0])
        #expect(Labelling.exclusive.targets("b", in: ["a", "b"]) == [0, 1])
        #expect(Labelling.several.targets("c|a", in: ["a", "b", "c"]) == [1, 0, 1])
        // A label that was not in the training part.
        #expect(Labelling.several.targets("new|a", in: ["a"]) == [1])
    }

    @Test(
        "The labels of a model are in alphabetical order, each once", arguments: Labelling.allCases)
    func labels(labelling: Labelling) throws {
        let mail = MemoryMail([("spam", "x"), ("ham", "y"), ("ham", "z")])
        let items = try DataSetReader(
            splits: SplitFile(), labelling: labelling, pipeline: TextPipeline(.standard)
        ).read([mail]) { _ in }.items
        #expect(labelling.labels(of: items) == (labelling == .spam ? ["spam"] : ["ham", "spam"]))
    }

    @Test("Exclusive labels get a softmax, the others a sigmoid each")
    func heads() {
        #expect(Labelling.allCases.map(\.head) == [.sigmoid, .softmax, .sigmoid])
    }
}
