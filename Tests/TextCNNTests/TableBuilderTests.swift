import Testing

@testable import TextCNN

@Suite struct TableBuilderTests {
    /// Two filters of width 1 and 2 over embeddings of one number.
    private func builder() -> TableBuilder {
        var parameters = Parameters(
            zeros: NetworkShape(vocabulary: 3, embedding: 1, widths: [1, 2], filters: 2, hidden: 0))
        parameters.embedding = [0, 2, -4]
        // Width 1: filters 1 and -3. Width 2: offset 0 filters 5 and 0, offset 1 filters -6 and 0.
        parameters.kernels = [1, -3, 5, 0, -6, 0]
        return TableBuilder(parameters, filters: 32)
    }

    @Test(
        "A filter's scale is its largest entry over all words and offsets, by the largest storable")
    func scales() {
        let scales = builder().scales(.int8)
        #expect(scales.count == 2 * 32)
        #expect(abs(scales[0] - 4 / 127) < 1e-6 && abs(scales[1] - 12 / 127) < 1e-6)
        #expect(abs(scales[32] - 24 / 127) < 1e-6)
        // Filters of zeros, and those that only fill up a block.
        #expect(scales[33] == 1 && scales[2] == 1)
        let wide = builder().scales(.int16)
        #expect(abs(wide[0] - 4 / 32_000) < 1e-6 && abs(wide[32] - 24 / 16_000) < 1e-6)
    }

    @Test("Entries are the products by their filter's scale, rounded, in the table's order")
    func entries() {
        let builder = builder()
        let stride = 3 * 32
        var table = [Int8](repeating: 99, count: 3 * stride)
        table.withUnsafeMutableBytes { bytes in
            if let base = bytes.baseAddress {
                builder.fill(base, .int8, scales: builder.scales(.int8))
            }
        }
        func entry(_ word: Int, _ row: Int, _ filter: Int) -> Int8 {
            table[word * stride + row * 32 + filter]
        }
        #expect(table[..<stride].allSatisfy { $0 == 0 })
        #expect((0..<2).map { entry(1, 0, $0) } == [64, -64])
        #expect((0..<2).map { entry(2, 0, $0) } == [-127, 127])
        // Products 10 and -12 of word 1, -20 and 24 of word 2, in units of 24 / 127.
        #expect((1..<3).map { entry(1, $0, 0) } == [53, -64])
        #expect((1..<3).map { entry(2, $0, 0) } == [-106, 127])
        #expect((0..<3).allSatisfy { entry(2, $0, 2) == 0 })
    }
}
