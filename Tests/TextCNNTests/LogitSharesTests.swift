import Testing

@testable import TextCNN

@Suite struct LogitSharesTests {
    @Test(
        "The shares of all windows add up to the logit, whatever serves",
        arguments: [0, 8], [.int8, .int16, nil] as [OffsetTables.Precision?])
    func sum(hidden: Int, precision: OffsetTables.Precision?) {
        let serving = ServingNetwork(
            Fixture.network(hidden: hidden, filters: 40), precision: precision ?? .int8,
            memoryLimit: precision == nil ? 0 : .max)
        for ids in Fixture.messages {
            let shares = serving.shares(ids)
            let logit = Double(serving.logits(ids)[0])
            #expect(abs(shares.logit - logit) < 1e-5 * max(1, abs(logit)))
            #expect(shares.windows.isEmpty == ids.isEmpty)
            #expect(shares.windows.allSatisfy { $0.width > 0 && $0.start + $0.width <= ids.count })
        }
    }

    @Test("Each label of a network of several has its own shares")
    func labels() {
        var random = RandomSource(seed: 2)
        let shape = NetworkShape(
            vocabulary: 50, embedding: 4, widths: [1, 3], filters: 6, hidden: 5, outputs: 3)
        let serving = ServingNetwork(
            Network(Parameters(random: shape, using: &random)), precision: .int16)
        let ids: [Int32] = [4, 9, 30, 2, 44]
        for (label, logit) in serving.logits(ids).enumerated() {
            #expect(abs(serving.shares(ids, label: label).logit - Double(logit)) < 1e-4)
        }
    }

    @Test("A linear head's shares are the weights times the features")
    func linearHead() {
        let shares = ServingNetwork(Network(Fixture.tiny), precision: .int16).shares([1, 3, 2, 3])
        // Words 2 and 3: 2 + 10 · 4 = 42; the bias of 0.5 belongs to the base.
        #expect(shares.windows.map(\.start) == [2] && shares.windows.map(\.width) == [2])
        #expect(abs(shares.windows[0].share - 84) < 0.01 && abs(shares.base - 0) < 1e-6)
    }

    @Test("A window that reaches past the end is as wide as the words in it")
    func end() {
        let shares = ServingNetwork(Network(Fixture.tiny), precision: .int16).shares([3])
        #expect(shares.windows.map(\.width) == [1])
    }

    @Test("With a linear term the shares still add up to the logit", arguments: [0, 5])
    func linearTerm(hidden: Int) {
        var random = RandomSource(seed: 3)
        let shape = NetworkShape(
            vocabulary: 50, embedding: 6, widths: [1, 3], filters: 8, hidden: hidden)
        let term = Fixture.term()
        let network = Network(Parameters(random: shape, using: &random), linear: term)
        let alone = ServingNetwork(Network(network.parameters), precision: .int16)
        let serving = ServingNetwork(network, precision: .int16)
        for ids in [[], [4], [4, 9, 4, 9, 30, 2], (1..<40).map { Int32($0) }] as [[Int32]] {
            let logit = serving.logits(ids)[0]
            #expect(abs(serving.shares(ids).logit - Double(logit)) < 1e-4)
            #expect(abs(alone.logits(ids)[0] + term.logit(ids) - logit) < 1e-5)
        }
    }

    @Test("Keeping all windows gives the logit, keeping none that of an empty message")
    func keeping() {
        let network = Network(Fixture.network().parameters, linear: Fixture.term())
        let serving = ServingNetwork(network, precision: .int16)
        for ids in Fixture.messages {
            #expect(abs(serving.logits(ids) { _ in true }[0] - serving.logits(ids)[0]) < 1e-4)
            let none = serving.logits(ids) { _ in false }[0]
            #expect(abs(none - serving.logits([])[0]) < 1e-4)
        }
    }

    @Test("Only windows of the kept words count, up to the end of the message")
    func keepingSome() {
        let serving = ServingNetwork(Network(Fixture.tiny), precision: .int16)
        var asked: [Range<Int>] = []
        let logit = serving.logits([1, 3, 2, 3]) { words in
            asked.append(words)
            return words.lowerBound < 2
        }
        #expect(asked == [2..<4])
        // The window at 2 is the filter's best; without it the filter keeps its bias alone.
        #expect(logit == [2 * 0.5 - 1])
    }
}
