import Foundation
import Testing
import TextCNN

@Suite struct ServingTests {
    private func network(hidden: Int = 8, filters: Int = 16) -> Network {
        var random = RandomSource(seed: 9)
        var parameters = Parameters(
            random: NetworkShape(
                vocabulary: 500, embedding: 16, widths: [2, 3, 4, 5], filters: filters,
                hidden: hidden), using: &random)
        for index in parameters.kernelBias.indices {
            parameters.kernelBias[index] = 0.05 * random.nextNormal()
        }
        return Network(parameters)
    }

    private func messages() -> [[Int32]] {
        var random = RandomSource(seed: 4)
        return [0, 1, 2, 3, 4, 5, 17, 100, 512].map { length in
            (0..<length).map { _ in Int32(random.nextIndex(below: 500)) }
        }
    }

    @Test("The tables give the plain network's logits", arguments: [0, 8], [16, 40])
    func tables(hidden: Int, filters: Int) throws {
        let network = network(hidden: hidden, filters: filters)
        let tables = try #require(OffsetTables(network))
        for ids in messages() {
            let plain = network.logits(ids)[0]
            #expect(abs(tables.logits(ids)[0] - plain) < 0.002 * max(1, abs(plain)))
        }
    }

    @Test("8-bit tables are near the plain network's logits")
    func smallTables() throws {
        let network = network()
        let tables = try #require(OffsetTables(network, precision: .int8))
        #expect(
            tables.bytes * 2 == OffsetTables.bytes(of: network.parameters.shape, precision: .int16))
        for ids in messages() {
            let plain = network.logits(ids)[0]
            #expect(abs(tables.logits(ids)[0] - plain) < 0.05 * max(1, abs(plain)))
        }
    }

    @Test(
        "Every vector unit gives the same bits", arguments: OffsetTables.VectorUnit.available,
        OffsetTables.Precision.allCases)
    func units(unit: OffsetTables.VectorUnit, precision: OffsetTables.Precision) throws {
        let network = network(filters: 70)
        let baseline = try #require(OffsetTables(network, precision: precision, unit: .baseline))
        let other = try #require(OffsetTables(network, precision: precision, unit: unit))
        for ids in messages() { #expect(other.logits(ids) == baseline.logits(ids)) }
    }

    @Test(
        "The shares of all windows add up to the logit, whatever serves",
        arguments: [0, 8], [OffsetTables.Precision.int8, .int16, nil])
    func shares(hidden: Int, precision: OffsetTables.Precision?) {
        let serving = ServingNetwork(
            network(hidden: hidden, filters: 40), precision: precision ?? .int8,
            memoryLimit: precision == nil ? 0 : .max)
        for ids in messages() {
            let shares = serving.shares(ids)
            let logit = Double(serving.logits(ids)[0])
            #expect(abs(shares.logit - logit) < 1e-5 * max(1, abs(logit)))
            #expect(shares.windows.isEmpty == ids.isEmpty)
            #expect(shares.windows.allSatisfy { $0.width > 0 && $0.start + $0.width <= ids.count })
        }
    }

    @Test(
        "Every vector unit finds the plain network's windows",
        arguments: OffsetTables.VectorUnit.available)
    func windows(unit: OffsetTables.VectorUnit) throws {
        let network = network(filters: 70)
        let tables = try #require(OffsetTables(network, unit: unit))
        for ids in messages() {
            let (found, expected) = (tables.pool(ids), network.pool(ids))
            // Rounded sums may make another window the best where two are nearly equal.
            let same = zip(found.starts, expected.starts).count { $0 == $1 }
            #expect(same >= expected.starts.count - 3)
        }
    }

    @Test("A linear head's shares are the weights times what was found")
    func linearShares() throws {
        var parameters = Parameters(
            zeros: NetworkShape(vocabulary: 4, embedding: 1, widths: [2], filters: 1, hidden: 0))
        parameters.embedding = [0, 1, 2, 4]
        parameters.kernels = [1, 10]
        parameters.kernelBias = [0.5]
        parameters.output = [2]
        parameters.outputBias = [-1]
        let serving = ServingNetwork(Network(parameters), precision: .int16)
        let shares = serving.shares([1, 3, 2, 3])
        // Words 2 and 3: 2 + 10 · 4 = 42; the bias of 0.5 belongs to the base.
        #expect(shares.windows.map(\.start) == [2] && shares.windows.map(\.width) == [2])
        #expect(abs(shares.windows[0].share - 84) < 0.01 && abs(shares.base - 0) < 1e-6)
    }

    @Test("Members side by side give the mean of their logits", arguments: [0, 8])
    func members(hidden: Int) {
        let first = network(hidden: hidden).parameters
        var random = RandomSource(seed: 77)
        let second = Parameters(random: first.shape, using: &random)
        let both = Network(Parameters(averaging: [first, second]))
        for ids in messages() {
            let mean = (Network(first).logits(ids)[0] + Network(second).logits(ids)[0]) / 2
            #expect(abs(both.logits(ids)[0] - mean) < 1e-4)
        }
    }

    @Test(
        "A dense layer gives the same bits on every vector unit",
        arguments: OffsetTables.VectorUnit.available, [0, 1, 15, 16, 17, 64, 1_000])
    func dense(unit: OffsetTables.VectorUnit, inputs: Int) {
        var random = RandomSource(seed: 11)
        let values = (0..<inputs).map { _ in random.nextNormal() }
        let weights = (0..<(3 * inputs)).map { _ in random.nextNormal() }
        let bias: [Float] = [1, 2, 3]
        let got = Network.dense(values, weights, bias, unit: unit)
        #expect(got == Network.dense(values, weights, bias, unit: .baseline))
        for row in 0..<3 {
            let sum = (0..<inputs).reduce(Double(bias[row])) {
                $0 + Double(values[$1]) * Double(weights[row * inputs + $1])
            }
            #expect(abs(Double(got[row]) - sum) < 1e-3)
        }
    }

    @Test("Without room for the tables the plain network serves")
    func memoryLimit() {
        let network = network()
        let needed = OffsetTables.bytes(of: network.parameters.shape, precision: .int16)
        let small = ServingNetwork(network, precision: .int16, memoryLimit: needed - 1)
        guard case .plain = small.backend else {
            Issue.record("there were tables of \(needed) bytes")
            return
        }
        let large = ServingNetwork(network, precision: .int16, memoryLimit: needed)
        guard case .tables = large.backend else {
            Issue.record("there were no tables")
            return
        }
        for ids in messages() {
            #expect(abs(small.logits(ids)[0] - large.logits(ids)[0]) < 0.01)
        }
    }

    @Test("Weights that no table can hold don't stop the tables")
    func absurdWeights() {
        for weight in [Float(3e38), 1e-38, -3e38] {
            var parameters = network().parameters
            for index in 0..<16 { parameters.kernels[index] = weight }
            for index in 16..<32 { parameters.embedding[index] = weight }
            _ = OffsetTables(Network(parameters))?.logits([1, 2, 3])
        }
    }

    @Test("The training pass sees the same logits as the plain network")
    func trainingPass() {
        let network = network()
        let gradient = BatchGradient(network.parameters.shape)
        for ids in messages() {
            let example = TrainingExample(ids: ids, targets: [1])
            let loss = gradient.compute([example], masks: [], parameters: network.parameters)
            let probability = Network.sigmoid(network.logits(ids)[0])
            #expect(abs(loss - -log(Double(probability))) < 1e-4)
        }
    }
}
