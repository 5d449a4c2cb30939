import CKernels
import Foundation
import Testing

@testable import TextCNN

/// The kernels of imported networks: products, and functions of single numbers.
@Suite struct PanelMatrixTests {
    private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { _ in Float(random.nextNormal()) }
    }

    private static let units = OffsetTables.VectorUnit.available.map(\.code)

    @Test(
        "Products are those of the definition, with the same bits on every unit and for a row alone",
        arguments: [
            (rows: 7, terms: 33, columns: 75), (1, 600, 130), (13, 257, 1), (25, 512, 2), (3, 1, 3),
            (2, 40, 64), (40, 9, 33),
        ])
    func products(_ size: (rows: Int, terms: Int, columns: Int)) throws {
        let (rows, terms, columns) = size
        let left = PanelMatrixTests.numbers(rows * terms, seed: 4)
        let right = PanelMatrixTests.numbers(terms * columns, seed: 5)
        let bias = PanelMatrixTests.numbers(columns, seed: 6)
        let matrix = PanelMatrix(right, columns: columns, bias: bias[...])
        func product(_ left: [Float], _ unit: siftd_unit, clamps: Bool = false) -> [Float] {
            var result = [Float](repeating: 9, count: left.count / terms * columns)
            matrix.multiply(
                left,
                .init(
                    rows: left.count / terms, stride: terms, resultStride: columns, clamps: clamps),
                into: &result, unit: unit)
            return result
        }
        let results = PanelMatrixTests.units.map { product(left, $0) }
        for row in 0..<rows {
            for column in 0..<columns {
                var sum = Double(bias[column])
                for term in 0..<terms {
                    sum += Double(left[row * terms + term]) * Double(right[term * columns + column])
                }
                #expect(
                    abs(sum - Double(results[0][row * columns + column]))
                        < 2e-6 * Double(terms).squareRoot())
            }
            let alone = Array(left[(row * terms)..<((row + 1) * terms)])
            let expected = Array(results[0][(row * columns)..<((row + 1) * columns)])
            #expect(product(alone, PanelMatrixTests.units[0]) == expected)
        }
        #expect(results.allSatisfy { $0 == results[0] })
        for unit in PanelMatrixTests.units {
            #expect(product(left, unit, clamps: true) == results[0].map { max($0, 0) })
        }
    }

    @Test("Rows may overlap, be in stretches, and add to what is there")
    func layouts() {
        let left = PanelMatrixTests.numbers(60, seed: 1)
        let right = PanelMatrixTests.numbers(6 * 5, seed: 2)
        // Three stretches of two numbers, seven apart; a row begins three behind the last.
        let matrix = PanelMatrix(right, stride: 5, range: 1..<4, bias: nil, segments: 3)
        var result = [Float](repeating: 1, count: 10 * 4)
        let layout = PanelMatrix.Layout(rows: 10, stride: 3, jump: 7, resultStride: 4, adds: true)
        matrix.multiply(left, layout, into: &result)
        for row in 0..<10 {
            for column in 0..<3 {
                var sum = 1.0
                for term in 0..<6 {
                    let index = row * 3 + term / 2 * 7 + term % 2
                    sum += Double(left[index]) * Double(right[term * 5 + column + 1])
                }
                #expect(abs(sum - Double(result[row * 4 + column])) < 1e-5)
            }
            #expect(result[row * 4 + 3] == 1)
        }
    }

    @Test(
        "Functions are those of the C library to 2e-7, with the same bits on every unit",
        arguments: [LayerActivation.sigmoid, .tanh, .silu, .gelu, .exponential, .relu])
    func functions(_ activation: LayerActivation) throws {
        let inputs =
            stride(from: Float(-20), through: 20, by: 0.0371).map { $0 }
            + [
                0, -0.0, 1e-8, -1e-8, 0.625, -0.625, 80, -80, 200, -200, .infinity, -.infinity,
                .nan,
            ]
        let function: siftd_function =
            switch activation {
            case .sigmoid: siftd_sigmoid
            case .tanh: siftd_tanh
            case .silu: siftd_silu
            case .gelu: siftd_gelu
            case .exponential: siftd_exponential
            default: siftd_relu
            }
        let results = PanelMatrixTests.units.map { unit in
            var values = inputs
            siftd_map(unit, function, &values, 1, 0, values.count)
            return values
        }
        for (input, result) in zip(inputs, results[0]) where input.isFinite {
            let expected = activation.value(input)
            #expect(
                expected == result || abs(expected - result) <= 2e-7 * max(1, abs(expected)),
                "\(input)")
        }
        #expect(results[0].last?.isNaN ?? false)
        // The sign of what is not a number is the compiler's choice.
        let bits = results.map { $0.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }
        #expect(bits.allSatisfy { $0 == bits[0] })
        // Wherever a number stands.
        var one = [inputs[500]]
        activation.apply(&one, 1, width: 1)
        #expect(one[0] == results[0][500])
    }
}
