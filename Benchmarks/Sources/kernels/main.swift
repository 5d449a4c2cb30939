// What scoring one message costs, by kind of table and vector unit, on one core.
//
//   kernels MODEL
//
// Ids follow Zipf's law, as words of mail do: common words' rows stay in the cache, rare ones' don't.

import FilterTestKit
import Foundation
import TextCNN

/// CPU time of this thread, in microseconds.
func cpuMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

guard CommandLine.arguments.count == 2 else {
    print("usage: kernels MODEL")
    exit(64)
}
let bundle = try ModelBundle(directory: CommandLine.arguments[1])
let network = Network(bundle.parameters)
let shape = bundle.parameters.shape

func message(_ length: Int, _ random: inout RandomSource) -> [Int32] {
    (0..<length).map { _ in
        let rank = pow(Double(shape.vocabulary), Double(random.nextUniform()))
        return Int32(min(shape.vocabulary - 1, Int(rank)))
    }
}

/// The median over batches of messages, microseconds a message.
func cost(_ messages: [[Int32]], _ logits: ([Int32]) -> [Float]) -> Double {
    var times: [Double] = []
    var sum: Float = 0
    for _ in 0..<7 {
        let start = cpuMicroseconds()
        for ids in messages { sum += logits(ids)[0] }
        times.append((cpuMicroseconds() - start) / Double(messages.count))
    }
    precondition(sum.isFinite)
    return times.sorted()[times.count / 2]
}

print("\(shape.vocabulary) words, embedding \(shape.embedding), \(shape.widths) × \(shape.filters)")
print("way                        MB    build ms   µs at 100, 300, 1000 tokens")
let lengths = [100, 300, 1_000]
var random = RandomSource(seed: 1)
let messages = lengths.map { length in (0..<400).map { _ in message(length, &random) } }

func show(_ name: String, _ bytes: Int, _ build: Double, _ logits: ([Int32]) -> [Float]) {
    let costs = messages.map { String(format: "%8.1f", cost($0, logits)) }.joined()
    let head = name.padding(toLength: 22, withPad: " ", startingAt: 0)
    print(head, String(format: "%6.0f %10.0f   ", Double(bytes) / 1e6, build), costs)
}

for entry in OffsetTables.Entry.allCases {
    for unit in OffsetTables.VectorUnit.available {
        let start = ContinuousClock.now
        guard let tables = OffsetTables(network, entry: entry, unit: unit) else { continue }
        let build = (ContinuousClock.now - start) / .milliseconds(1)
        show("\(entry), \(unit)", tables.bytes, build, tables.logits)
    }
}
let few = messages.map { Array($0.prefix(20)) }
let costs = few.map { String(format: "%8.1f", cost($0, network.logits)) }.joined()
print("plain, OpenBLAS".padding(toLength: 41, withPad: " ", startingAt: 0), costs)
