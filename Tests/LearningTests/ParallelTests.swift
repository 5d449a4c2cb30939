import Testing

@testable import Learning

@Suite struct ParallelTests {
    @Test(
        "Each item is transformed once, and the results are in order",
        arguments: [0, 1, 31, 32, 33, 500])
    func order(count: Int) {
        let items = Array(0..<count)
        #expect(Parallel.map(items) { "\($0)" } == items.map { "\($0)" })
    }
}
