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
        let tables = try #require(OffsetTables(network, entry: .int8))
        #expect(tables.bytes * 2 == OffsetTables.bytes(of: network.parameters.shape, entry: .int16))
        for ids in messages() {
            let plain = network.logits(ids)[0]
            #expect(abs(tables.logits(ids)[0] - plain) < 0.05 * max(1, abs(plain)))
        }
    }

    @Test(
        "Every vector unit gives the same bits", arguments: OffsetTables.VectorUnit.available,
        OffsetTables.Entry.allCases)
    func units(unit: OffsetTables.VectorUnit, entry: OffsetTables.Entry) throws {
        let network = network(filters: 70)
        let baseline = try #require(OffsetTables(network, entry: entry, unit: .baseline))
        let other = try #require(OffsetTables(network, entry: entry, unit: unit))
        for ids in messages() { #expect(other.logits(ids) == baseline.logits(ids)) }
    }

    @Test("Without room for the tables the plain network serves")
    func memoryLimit() {
        let network = network()
        let needed = OffsetTables.bytes(of: network.parameters.shape, entry: .int16)
        let small = ServingNetwork(network, entry: .int16, memoryLimit: needed - 1)
        guard case .plain = small.way else {
            Issue.record("there were tables of \(needed) bytes")
            return
        }
        let large = ServingNetwork(network, entry: .int16, memoryLimit: needed)
        guard case .tables = large.way else {
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
