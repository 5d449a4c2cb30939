// What scoring one message costs with an imported model, by the number of messages that are scored
// together, on one core.
//
//   imported MODEL IDS [plain]
//
// prints JSON, for the messages of a file, a line of ids each; with their logits. With `plain` a
// model of siftd's is computed without its rounded tables.

import Foundation
import Models

let arguments = CommandLine.arguments
guard arguments.count == 3 || arguments.count == 4 && arguments[3] == "plain" else {
    print("usage: imported MODEL IDS [plain]")
    exit(64)
}

/// CPU time of this thread, in microseconds.
func cpuMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

let model = try ScoringModel(
    directory: arguments[1], tableLimit: arguments.count == 4 ? 0 : .max)
let text = try String(contentsOfFile: arguments[2], encoding: .utf8)
let messages = text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
    line.split(separator: " ").compactMap { Int32($0) }
}

/// The median over rounds, microseconds a message.
func cost(together count: Int) -> Double {
    let batches = stride(from: 0, to: messages.count, by: count).map {
        Array(messages[$0..<min($0 + count, messages.count)])
    }
    var times: [Double] = []
    let deadline = Date().addingTimeInterval(1)
    repeat {
        let start = cpuMicroseconds()
        for batch in batches { precondition(model.score(batch).count == batch.count) }
        times.append((cpuMicroseconds() - start) / Double(messages.count))
    } while times.count < 7 || Date() < deadline && times.count < 200
    return times.sorted()[times.count / 2]
}

let costs = [1, 8, 32].map { "\"\($0)\": \(cost(together: $0))" }.joined(separator: ", ")
let logits = model.score(messages).map(\.logits)
print("{\"serving\": \"\(model.serving)\", \"costs\": {\(costs)}, \"logits\": \(logits)}")
