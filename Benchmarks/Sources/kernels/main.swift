// What scoring one message costs, by kind of table and vector unit, on one core.
//
//   kernels MODEL          a table
//   kernels MODEL IDS      JSON, for the messages of a file: a line of ids each
//
// Without a file, ids follow Zipf's law, as words of mail do: common words' rows stay in the cache,
// rare ones' don't.

import FilterTestKit
import Foundation
import Models
import TextCNN

/// CPU time of this thread, in microseconds.
func cpuMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
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

/// Every kind of table on every vector unit there is, and what building it took in milliseconds.
func tables(_ network: Network) -> [(tables: OffsetTables, build: Double)] {
    OffsetTables.Precision.allCases.flatMap { precision in
        OffsetTables.VectorUnit.available.compactMap { unit in
            let start = ContinuousClock.now
            guard let tables = OffsetTables(network, precision: precision, unit: unit) else {
                return nil
            }
            return (tables, (ContinuousClock.now - start) / .milliseconds(1))
        }
    }
}

func printTable(_ network: Network) {
    let shape = network.parameters.shape
    print(
        "\(shape.vocabulary) words, embedding \(shape.embedding), \(shape.widths) × \(shape.filters)"
    )
    print("way                        MB    build ms   µs at 100, 300, 1000 tokens")
    var random = RandomSource(seed: 1)
    let messages = [100, 300, 1_000].map { length in
        (0..<400).map { _ in
            (0..<length).map { _ in
                let rank = pow(Double(shape.vocabulary), Double(random.nextUniform()))
                return Int32(min(shape.vocabulary - 1, Int(rank)))
            }
        }
    }
    for (tables, build) in tables(network) {
        let costs = messages.map { String(format: "%8.1f", cost($0, tables.logits)) }.joined()
        let name = "\(tables.precision), \(tables.unit)"
            .padding(toLength: 22, withPad: " ", startingAt: 0)
        print(name, String(format: "%6.0f %10.0f   ", Double(tables.bytes) / 1e6, build), costs)
    }
    let costs = messages.map {
        String(format: "%8.1f", cost(Array($0.prefix(20)), network.logits))
    }.joined()
    print("plain, OpenBLAS".padding(toLength: 41, withPad: " ", startingAt: 0), costs)
}

/// Costs by way and length, and logits, of the convolution alone, by segments where the model has
/// them, which is what the other runtimes compute; the default way's costs with the linear term
/// too.
///
/// `messages` is the cost of all messages in their order, so that their words' rows are in no
/// cache.
struct Answer: Codable {
    var `default`: String
    var costs: [String: [String: Double]] = [:]
    var messages: [String: Double] = [:]
    var logits: [Float]
}

func printJSON(_ bundle: ModelBundle, _ network: Network, _ path: String) throws {
    let messages = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: " ").compactMap { Int32($0) }
    }
    let precision = bundle.configuration.tables ?? .int16
    let convolution = Network(network.parameters, segmentation: network.segmentation)
    let serving = ServingNetwork(convolution, precision: precision)
    var answer = Answer(
        default: "\(precision), \(OffsetTables.VectorUnit.best)",
        logits: messages.map { serving.logits($0)[0] })
    let groups = Dictionary(grouping: messages, by: \.count)
    func measure(_ way: String, _ logits: ([Int32]) -> [Float]) {
        answer.messages[way] = cost(messages, logits)
        // Messages of many lengths are real ones: there are too few of each.
        guard groups.count < 10 else { return }
        for (length, part) in groups {
            answer.costs[way, default: [:]]["\(length)"] = cost(part, logits)
        }
    }
    if convolution.segmentation == nil {
        for (tables, _) in tables(convolution) {
            measure("\(tables.precision), \(tables.unit)", tables.logits)
        }
    } else {
        measure(answer.default, serving.logits)
    }
    measure(
        "\(answer.default), with the linear term",
        ServingNetwork(network, precision: precision).logits)
    print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
}

let arguments = CommandLine.arguments
guard (2...3).contains(arguments.count) else {
    print("usage: kernels MODEL [IDS]")
    exit(64)
}
let bundle = try ModelBundle(directory: arguments[1])
guard let network = bundle.network else { fatalError("not a network of siftd's own") }
if arguments.count == 3 {
    try printJSON(bundle, network, arguments[2])
} else {
    printTable(network)
}
