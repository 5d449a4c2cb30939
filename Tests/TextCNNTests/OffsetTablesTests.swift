import Testing

@testable import TextCNN

@Suite struct OffsetTablesTests {
    @Test("The tables give the plain network's logits", arguments: [0, 8], [16, 40])
    func logits(hidden: Int, filters: Int) throws {
        let network = Fixture.network(hidden: hidden, filters: filters)
        let tables = try #require(OffsetTables(network))
        for ids in Fixture.messages {
            let plain = network.logits(ids)[0]
            #expect(abs(tables.logits(ids)[0] - plain) < 0.002 * max(1, abs(plain)))
        }
    }

    @Test("8-bit tables are near the plain network's logits, and half as large")
    func small() throws {
        let network = Fixture.network()
        let tables = try #require(OffsetTables(network, precision: .int8))
        #expect(
            tables.bytes * 2 == OffsetTables.bytes(of: network.parameters.shape, precision: .int16))
        for ids in Fixture.messages {
            let plain = network.logits(ids)[0]
            #expect(abs(tables.logits(ids)[0] - plain) < 0.05 * max(1, abs(plain)))
        }
    }

    @Test(
        "Every vector unit gives the same bits", arguments: OffsetTables.VectorUnit.available,
        OffsetTables.Precision.allCases)
    func units(unit: OffsetTables.VectorUnit, precision: OffsetTables.Precision) throws {
        let network = Fixture.network(filters: 70)
        let baseline = try #require(OffsetTables(network, precision: precision, unit: .baseline))
        let other = try #require(OffsetTables(network, precision: precision, unit: unit))
        for ids in Fixture.messages {
            #expect(other.logits(ids) == baseline.logits(ids))
            #expect(other.pool(ids).starts == baseline.pool(ids).starts)
        }
    }

    @Test(
        "Every vector unit finds the plain network's windows",
        arguments: OffsetTables.VectorUnit.available)
    func windows(unit: OffsetTables.VectorUnit) throws {
        let network = Fixture.network(filters: 70)
        let tables = try #require(OffsetTables(network, unit: unit))
        for ids in Fixture.messages {
            let (served, expected) = (tables.pool(ids), network.pool(ids))
            // Rounded sums may make another window the best where two are nearly equal.
            let same = zip(served.starts, expected.starts).count { $0 == $1 }
            #expect(same >= expected.starts.count - 3)
        }
    }

    @Test(
        "A window of the largest entries does not overflow 16 bits",
        arguments: OffsetTables.Precision.allCases, [1, 2, 5, 16])
    func overflow(precision: OffsetTables.Precision, width: Int) throws {
        var parameters = Parameters(
            zeros: NetworkShape(
                vocabulary: 3, embedding: 1, widths: [width], filters: 1, hidden: 0))
        parameters.embedding = [0, 3, -3]
        parameters.kernels = [Float](repeating: 1, count: width)
        parameters.output = [1]
        let tables = try #require(OffsetTables(Network(parameters), precision: precision))
        let best = tables.logits([Int32](repeating: 1, count: 20))[0]
        #expect(abs(best - 3 * Float(width)) < 0.01 * Float(width))
        // Sums that are as far below zero must not wrap to large ones.
        #expect(tables.logits([Int32](repeating: 2, count: 20)) == [0])
    }

    @Test(
        "Filters are stored in whole blocks of 32",
        arguments: [(1, 32), (32, 32), (33, 64), (256, 256)])
    func bytes(filters: Int, stored: Int) {
        let shape = NetworkShape(vocabulary: 10, widths: [2, 3], filters: filters)
        #expect(OffsetTables.bytes(of: shape, precision: .int8) == 10 * 5 * stored)
        #expect(OffsetTables.bytes(of: shape, precision: .int16) == 2 * 10 * 5 * stored)
    }

    @Test("The best unit is the last of those available, and the baseline always is")
    func available() {
        let units = OffsetTables.VectorUnit.available
        #expect(units.first == .baseline && units.last == .best)
        #expect(Set(units).count == units.count)
    }

    @Test(
        "Weights that no table can hold give tables without those filters",
        arguments: [3e38, 1e-38, -3e38] as [Float])
    func absurdWeights(_ weight: Float) throws {
        var parameters = Fixture.network().parameters
        for index in 0..<16 { parameters.kernels[index] = weight }
        for index in 16..<32 { parameters.embedding[index] = weight }
        for precision in OffsetTables.Precision.allCases {
            let tables = try #require(OffsetTables(Network(parameters), precision: precision))
            let features = tables.features([1, 2, 3])
            #expect(features.allSatisfy { $0.isFinite && $0 >= 0 })
            // Entries of infinite filters are 0, which the check of every load notices.
            #expect(tables.agrees(on: [1, 2, 3]) == (abs(weight) < 1))
        }
    }

    @Test("An entry is within half a unit of the product that it stands for")
    func rounding() throws {
        let network = Fixture.network(hidden: 0, filters: 3)
        let shape = network.parameters.shape
        for precision in OffsetTables.Precision.allCases {
            let tables = try #require(OffsetTables(network, precision: precision))
            for id in Int32(1)..<40 {
                let (served, expected) = (tables.features([id]), network.features([id]))
                for feature in 0..<shape.features {
                    let unit = tables.unitValue(ofFeature: feature)
                    #expect(abs(served[feature] - expected[feature]) <= 0.501 * unit)
                }
            }
        }
    }
}
