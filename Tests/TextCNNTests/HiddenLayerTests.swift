import Testing

@testable import TextCNN

@Suite struct HiddenLayerTests {
    /// Weights of which each of `members` equal parts of the units reads its own part of the
    /// filters.
    private static func parameters(filters: Int, hidden: Int, members: Int) -> Parameters {
        var parameters = Fixture.network(hidden: hidden, filters: filters).parameters
        let features = parameters.shape.features
        for unit in 0..<hidden {
            for feature in 0..<features
            where feature % filters * members / filters != unit * members / hidden {
                parameters.hidden[unit * features + feature] = 0
            }
        }
        return parameters
    }

    @Test(
        "Units are the rectified sums of all features, and a row's bits are its own",
        arguments: [
            // filters, hidden units, members
            (16, 1, 1), (16, 8, 1), (128, 70, 1), (64, 64, 2), (128, 128, 2), (33, 96, 3),
            (40, 64, 4), (5, 33, 5),
        ])
    func units(filters: Int, hidden: Int, members: Int) throws {
        let parameters = HiddenLayerTests.parameters(
            filters: filters, hidden: hidden, members: members)
        let layer = try #require(HiddenLayer(parameters))
        let width = parameters.shape.features
        var random = RandomSource(seed: 5)
        for rows in [1, 2, 9, 30] {
            let features = (0..<(rows * width)).map { _ in max(0, random.nextNormal()) }
            let units = layer.units(features, rows: rows)
            let sums = Network.dense(
                features, parameters.hidden, parameters.hiddenBias, rows: rows)
            #expect(units.count == sums.count)
            #expect(zip(units, sums).allSatisfy { abs($0 - max(0, $1)) < 1e-4 })
            for row in 0..<rows {
                let alone = layer.units(
                    Array(features[(row * width)..<((row + 1) * width)]), rows: 1)
                #expect(alone == Array(units[(row * hidden)..<((row + 1) * hidden)]))
            }
        }
    }

    @Test("Units without a weight are their bias")
    func noWeights() throws {
        var parameters = Parameters(
            zeros: NetworkShape(vocabulary: 4, embedding: 1, widths: [2, 3], filters: 3, hidden: 2))
        parameters.hiddenBias = [0.5, -0.5]
        let layer = try #require(HiddenLayer(parameters))
        #expect(layer.units([1, 2, 3, 4, 5, 6], rows: 1) == [0.5, 0])
    }

    @Test("A linear head has no hidden layer")
    func linearHead() { #expect(HiddenLayer(Fixture.network(hidden: 0).parameters) == nil) }
}
