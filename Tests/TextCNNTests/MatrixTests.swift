import Testing

@testable import TextCNN

@Suite struct MatrixTests {
    @Test(
        "Each element is the product of a row of either matrix",
        arguments: [(1, 1, 1), (2, 3, 4), (5, 1, 7), (1, 6, 2), (17, 33, 65)])
    func product(rows: Int, columns: Int, inner: Int) {
        var random = RandomSource(seed: 1)
        let left = (0..<(rows * inner)).map { _ in random.nextNormal() }
        let right = (0..<(columns * inner)).map { _ in random.nextNormal() }
        var result = [Float](repeating: .nan, count: rows * columns)
        Matrix.multiplyTransposed(
            left, right, into: &result, rows: rows, columns: columns, inner: inner)
        for row in 0..<rows {
            for column in 0..<columns {
                let sum = (0..<inner).reduce(Float(0)) {
                    $0 + left[row * inner + $1] * right[column * inner + $1]
                }
                #expect(abs(result[row * columns + column] - sum) < 1e-4)
            }
        }
    }

    @Test("Nothing is written for a matrix without rows or columns", arguments: [(0, 3), (3, 0)])
    func empty(rows: Int, columns: Int) {
        var result: [Float] = [7]
        Matrix.multiplyTransposed(
            [1, 2, 3], [1, 2, 3], into: &result, rows: rows, columns: columns, inner: 1)
        #expect(result == [7])
    }
}
