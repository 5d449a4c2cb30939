import Testing

@testable import TextCNN

@Suite struct NetworkShapeTests {
    @Test("Features and kernel rows are numbered by width, offset and filter")
    func rows() {
        let shape = NetworkShape(vocabulary: 10, widths: [2, 3, 5], filters: 4, hidden: 6)
        #expect(shape.features == 12 && shape.kernelRows == 40)
        #expect((0..<3).map(shape.firstRow(ofWidthAt:)) == [0, 8, 20])
        #expect(shape.headInputs == 6)
    }

    @Test("A linear head reads the features")
    func linearHead() {
        #expect(NetworkShape(vocabulary: 2, widths: [1], filters: 3, hidden: 0).headInputs == 3)
    }

    @Test("The defaults are sound, and so are the bounds themselves")
    func sound() {
        #expect(NetworkShape(vocabulary: 2).defect == nil)
        let largest = NetworkShape(
            vocabulary: 5_000_000, embedding: 1_024, widths: Array(1...16), filters: 4_096,
            hidden: 4_096, outputs: 10_000)
        #expect(largest.defect == nil)
    }

    @Test(
        "A size out of bounds is named",
        arguments: [
            ("vocabulary", NetworkShape(vocabulary: 1)),
            ("vocabulary", NetworkShape(vocabulary: 5_000_001)),
            ("vocabulary", NetworkShape(vocabulary: .min)),
            ("embedding", NetworkShape(vocabulary: 9, embedding: 0)),
            ("embedding", NetworkShape(vocabulary: 9, embedding: 1_025)),
            ("widths", NetworkShape(vocabulary: 9, widths: [])),
            ("widths", NetworkShape(vocabulary: 9, widths: Array(repeating: 2, count: 17))),
            ("width", NetworkShape(vocabulary: 9, widths: [2, 0])),
            ("width", NetworkShape(vocabulary: 9, widths: [17])),
            ("filters", NetworkShape(vocabulary: 9, filters: 0)),
            ("filters", NetworkShape(vocabulary: 9, filters: .max)),
            ("hidden", NetworkShape(vocabulary: 9, hidden: -1)),
            ("hidden", NetworkShape(vocabulary: 9, hidden: 4_097)),
            ("outputs", NetworkShape(vocabulary: 9, outputs: 0)),
            ("outputs", NetworkShape(vocabulary: 9, outputs: 10_001)),
        ])
    func defects(name: String, shape: NetworkShape) {
        #expect(shape.defect?.contains(name) == true)
    }
}
