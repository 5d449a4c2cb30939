import Testing

@testable import TextCNN

@Suite struct ServingNetworkTests {
    @Test(
        "Tables serve exactly where the memory limit allows",
        arguments: OffsetTables.Precision.allCases)
    func memoryLimit(precision: OffsetTables.Precision) throws {
        let network = Fixture.network()
        let needed = OffsetTables.bytes(of: network.parameters.shape, precision: precision)
        let small = ServingNetwork(network, precision: precision, memoryLimit: needed - 1)
        guard case .plain = small.backend else {
            Issue.record("there were tables of \(needed) bytes")
            return
        }
        let large = ServingNetwork(network, precision: precision, memoryLimit: needed)
        guard case .tables(let tables) = large.backend else {
            Issue.record("there were no tables")
            return
        }
        #expect(tables.precision == precision && tables.unit == .best && tables.bytes == needed)
        for ids in Fixture.messages {
            #expect(small.logits(ids) == network.logits(ids))
            #expect(large.logits(ids) == tables.logits(ids))
        }
    }

    @Test("The log names precision, size and unit, or that there are no tables")
    func description() {
        var random = RandomSource(seed: 1)
        let shape = NetworkShape(vocabulary: 20_000, embedding: 2, widths: [1], filters: 64)
        let network = Network(Parameters(random: shape, using: &random))
        let unit = OffsetTables.VectorUnit.best
        #expect("\(ServingNetwork(network, precision: .int8))" == "int8 tables of 1 MB, \(unit)")
        #expect("\(ServingNetwork(network, precision: .int16))" == "int16 tables of 2 MB, \(unit)")
        #expect("\(ServingNetwork(network, precision: .int8, memoryLimit: 0))" == "no tables")
    }

    @Test(
        "Tables of a sound network pass the check of every load",
        arguments: OffsetTables.VectorUnit.available, OffsetTables.Precision.allCases)
    func faithful(unit: OffsetTables.VectorUnit, precision: OffsetTables.Precision) throws {
        for filters in [1, 31, 33] {
            let tables = try #require(
                OffsetTables(Fixture.network(filters: filters), precision: precision, unit: unit))
            #expect(tables.isFaithful)
        }
    }

    @Test("A filter too small to be scaled is served as 0, which the check accepts")
    func tiny() throws {
        var parameters = Fixture.tiny
        parameters.embedding = parameters.embedding.map { $0 * 1e-20 }
        parameters.kernels = parameters.kernels.map { $0 * 1e-12 }
        parameters.kernelBias = [0]
        let tables = try #require(OffsetTables(Network(parameters)))
        #expect(tables.features([1, 3]) == [0] && tables.isFaithful)
    }

    @Test("Tables that disagree with the plain network don't serve")
    func unfaithful() {
        // The product of word 3 and the filter is infinite, so the table lacks the filter.
        var parameters = Fixture.tiny
        parameters.embedding = [0, 1, 2, 1e30]
        parameters.kernels = [1e30, 10]
        let network = Network(parameters)
        let serving = ServingNetwork(network, precision: .int16)
        guard case .plain = serving.backend else {
            Issue.record("the tables serve")
            return
        }
        #expect(serving.logits([1, 2]) == network.logits([1, 2]))
    }
}
