import Corpora
import Models
import Testing
import TextFeatures

@testable import Learning

@Suite struct ReservoirSampleTests {
    @Test(
        "Strata share a sample by the roots of their sizes, and small ones are taken whole",
        arguments: [
            (60, [100, 400], [20, 40]), (12, [4, 400], [2, 10]), (300, [4, 400], [4, 296]),
            (1_000, [5, 6], [5, 6]),
            (2, [10, 10, 10], [1, 1, 0]), (0, [10], [0]), (5, [], []),
        ] as [(Int, [Int], [Int])])
    func shares(_ size: Int, _ counts: [Int], _ expected: [Int]) {
        let shares = DataSet.shares(of: size, among: counts)
        #expect(shares.reduce(0, +) == min(size, counts.reduce(0, +)))
        #expect(shares == expected)
        #expect(zip(shares, counts).allSatisfy { $0 <= $1 })
    }

    @Test("A sample is of the train part, of all sets and labels, and the same for the same seed")
    func sample() throws {
        let pipeline = try TextPipeline(.standard)
        var data = DataSet()
        for index in 0..<300 {
            // Words alone: numbers become tokens of their kind.
            let text = "\(index)".utf8.map { $0 - UInt8(ascii: "0") + UInt8(ascii: "a") }
            data.items.append(
                DataSet.Item(
                    set: index < 30 ? "small" : "large", path: "\(index)",
                    label: index % 3 == 0 ? "spam" : "ham", part: index % 10 == 0 ? .dev : .train,
                    date: Int64(index),
                    tokens: pipeline.tokens(of: Document(subject: nil, body: text, source: []))))
        }
        let reservoir = data.reservoir(size: 40, seed: 1)
        #expect(reservoir.messages.count == 40)
        #expect(Set(reservoir.messages.map { $0.set + $0.label }).count == 4)
        let train = Set(data.part(.train).map(\.tokens.strings))
        #expect(reservoir.messages.allSatisfy { train.contains($0.tokens.strings) })
        #expect(Set(reservoir.messages.map(\.tokens.strings)).count == 40)
        #expect(Set(reservoir.messages.map(\.date)).count == 40)
        #expect(data.reservoir(size: 40, seed: 1).encoded == reservoir.encoded)
        #expect(data.reservoir(size: 40, seed: 2).encoded != reservoir.encoded)
    }
}
