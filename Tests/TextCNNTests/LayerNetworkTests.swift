import Foundation
import Testing

@testable import TextCNN

@Suite struct LayerNetworkTests {
    typealias Node = LayerGraph.Node

    private static func convolution(
        _ filters: Int, _ kernel: Int, _ padding: LayerOperation.Padding = .valid,
        stride: Int = 1, dilation: Int = 1, groups: Int = 1
    ) -> LayerOperation {
        .convolution(
            .init(
                filters: filters, kernel: [kernel], strides: [stride], dilation: [dilation],
                groups: groups, padding: padding, usesBias: true, activation: .relu))
    }

    /// A chain of layers with random weights.
    private static func network(
        length: Int?, _ operations: [LayerOperation], seed: UInt64 = 3
    ) throws -> LayerNetwork {
        var random = RandomSource(seed: seed)
        let layers = operations.enumerated().map { index, operation in
            Node(name: "layer \(index)", inputs: [index], operation: operation, layer: index)
        }
        return try LayerNetwork(LayerGraph(length: length, layers: layers)) { _, dimensions in
            (0..<dimensions.reduce(1, *)).map { _ in Float(random.nextNormal()) * 0.3 + 0.01 }
        }
    }

    private static let embedding = LayerOperation.embedding(
        vocabulary: 30, size: 5, masksZero: false)
    private static let output = LayerOperation.dense(
        units: 2, usesBias: true, activation: .linear)

    private static func texts(_ length: Int, _ count: Int) -> [[Int32]] {
        var random = RandomSource(seed: 9)
        return (0..<count).map { number in
            (0..<length).map { $0 > number * 2 ? 0 : Int32(random.nextIndex(below: 30)) }
        }
    }

    @Test("Padding, steps and distances give the lengths of Keras")
    func windows() {
        typealias Case = (Int, Int, Int, Int, LayerOperation.Padding, Int, Int)
        let cases: [Case] = [
            (10, 3, 1, 1, .valid, 8, 0), (10, 4, 3, 1, .valid, 3, 0), (10, 4, 1, 1, .same, 10, 1),
            (10, 4, 3, 1, .same, 4, 1), (9, 2, 2, 1, .same, 5, 0), (10, 3, 1, 2, .causal, 10, 4),
            (5, 3, 1, 2, .valid, 1, 0),
        ]
        for (length, kernel, stride, dilation, padding, count, front) in cases {
            let window = LayerOperation.window(
                length, kernel: kernel, stride: stride, dilation: dilation, padding: padding)
            #expect(window?.count == count && window?.front == front)
        }
        #expect(
            LayerOperation.window(4, kernel: 3, stride: 1, dilation: 2, padding: .valid) == nil)
    }

    @Test("A text has the same bits alone and among others, layers and tables alike")
    func batches() throws {
        let recurrent = LayerOperation.recurrent(
            .init(
                cell: .lstm, units: 7, activation: .tanh, gateActivation: .sigmoid, usesBias: true,
                returnsSequences: false, readsBackwards: false, zeroesMasked: false))
        let networks = [
            try LayerNetworkTests.network(
                length: 20,
                [
                    LayerNetworkTests.embedding, LayerNetworkTests.convolution(37, 3),
                    .globalPooling(.maximum, keepsDimensions: false), LayerNetworkTests.output,
                ]),
            try LayerNetworkTests.network(
                length: 20,
                [
                    LayerNetworkTests.embedding,
                    LayerNetworkTests.convolution(9, 3, .same, stride: 2),
                    .flatten, LayerNetworkTests.output,
                ]),
            try LayerNetworkTests.network(
                length: 20, [LayerNetworkTests.embedding, recurrent, LayerNetworkTests.output]),
        ]
        for network in networks {
            let serving = ServingLayers(network)
            let texts = LayerNetworkTests.texts(20, 9)
            let together = serving.outputs(texts)
            for (text, output) in zip(texts, together) {
                #expect(output != nil && output == serving.outputs([text])[0])
            }
        }
    }

    @Test(
        "Tables agree with the layers for every padding, width and length",
        arguments: [LayerOperation.Padding.valid, .same, .causal])
    func tables(_ padding: LayerOperation.Padding) throws {
        for (width, filters) in [(1, 3), (2, 16), (5, 40), (11, 130)] {
            let network = try LayerNetworkTests.network(
                length: nil,
                [
                    LayerNetworkTests.embedding,
                    LayerNetworkTests.convolution(filters, width, padding),
                    .globalPooling(.maximum, keepsDimensions: false), LayerNetworkTests.output,
                ])
            let serving = ServingLayers(network)
            #expect(serving.usesTables)
            for text in [1, 2, 5, 11, 30].flatMap({ LayerNetworkTests.texts($0, 6) }) {
                let plain = network.outputs(text)
                let found = serving.outputs([text])[0]
                #expect((plain == nil) == (found == nil))
                for (one, other) in zip(plain ?? [], found ?? []) {
                    #expect(abs(one - other) < 1e-5)
                }
            }
        }
    }

    @Test("A function that falls somewhere is not moved behind the maximum")
    func falling() throws {
        let silu = LayerOperation.activation(.silu)
        let network = try LayerNetworkTests.network(
            length: 12,
            [
                LayerNetworkTests.embedding, LayerNetworkTests.convolution(4, 2), silu,
                .globalPooling(.maximum, keepsDimensions: false), LayerNetworkTests.output,
            ])
        #expect(!ServingLayers(network).usesTables)
    }

    @Test("Rows are brought to length 1, and a row of zeros stays")
    func lengths() throws {
        let graph = LayerGraph(
            length: 2,
            layers: [
                Node(
                    name: "rows", inputs: [0],
                    operation: .embedding(vocabulary: 2, size: 2, masksZero: false), layer: 0),
                Node(
                    name: "lengths", inputs: [1], operation: .unitNormalization(axes: 1), layer: 1),
                Node(name: "row", inputs: [2], operation: .flatten, layer: 2),
            ])
        let network = try LayerNetwork(graph) { _, _ in [0, 0, 3, 4] }
        #expect(network.outputs([0, 1]) == [0, 0, 0.6, 0.8])
    }

    @Test("Impossible layers are refused by name")
    func refused() {
        let bad: [[LayerOperation]] = [
            [.embedding(vocabulary: 1 << 40, size: 4, masksZero: false)],
            [LayerNetworkTests.embedding, LayerNetworkTests.convolution(4, 30)],
            [LayerNetworkTests.embedding, LayerNetworkTests.convolution(4, 3, groups: 2)],
            [LayerNetworkTests.embedding, LayerNetworkTests.convolution(1 << 40, 3)],
            [LayerNetworkTests.embedding, .reshape([7, -1, -1])],
            [LayerNetworkTests.embedding, .reshape([7])],
            [LayerNetworkTests.embedding, .permute([0, 0])],
            [LayerNetworkTests.embedding, .concatenate(axis: 9, mask: .none)],
            [LayerNetworkTests.embedding, .upsampling(size: 0)],
            [LayerNetworkTests.embedding, .cropping(front: 10, back: 10)],
        ]
        for operations in bad {
            #expect(throws: LayerGraph.Defect.self) {
                try LayerNetworkTests.network(length: 10, operations)
            }
        }
    }

    @Test("Ids beyond the embedding and texts that are too short have no number")
    func noNumber() throws {
        let network = try LayerNetworkTests.network(
            length: nil,
            [
                LayerNetworkTests.embedding, LayerNetworkTests.convolution(4, 3),
                .globalPooling(.maximum, keepsDimensions: false), LayerNetworkTests.output,
            ])
        for serving in [ServingLayers(network), ServingLayers(network, memoryLimit: 0)] {
            #expect(serving.outputs([[1, 2]])[0] == nil)
            #expect(serving.outputs([[]])[0] == nil)
            #expect(serving.outputs([[1, 2, 30]])[0] == nil)
            #expect(serving.outputs([[1, 2, -1]])[0] == nil)
            #expect(serving.outputs([[1, 2, 3]])[0] != nil)
            #expect(serving.shortText == 3)
        }
    }

    @Test("A graph survives its JSON", arguments: [1, 2])
    func graph(_ kernel: Int) throws {
        let graph = try LayerNetworkTests.network(
            length: 9, [LayerNetworkTests.embedding, LayerNetworkTests.convolution(3, kernel)]
        ).graph
        let data = try JSONEncoder().encode(graph)
        #expect(try JSONDecoder().decode(LayerGraph.self, from: data) == graph)
    }
}
