// CPU time of reading and tokenising messages, on one thread.
//
//   features PATH...        PATHs are what `siftd classify` takes

import Corpora
import FilterTestKit
import Foundation
import Learning
import MailText
import Scoring
import TextFeatures

/// CPU time of this thread, in nanoseconds.
func cpuNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

let pipeline = try TextPipeline(.standard)

func percentile(_ sorted: [Double], _ share: Double) -> Double {
    sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
}

print("set                  messages   MB/s   read µs p50/p90   tokens µs p50/p90   both p50/max")
for path in CommandLine.arguments.dropFirst() {
    let corpus = Corpus(argument: path)
    var messages: [[UInt8]] = []
    try corpus.forEach { if case .message(let bytes) = $0.content { messages.append(bytes) } }
    var reading: [Double] = []
    var tokenising: [Double] = []
    var both: [Double] = []
    var bytes = 0
    // The first round warms caches and tables.
    for round in 0..<2 {
        for message in messages {
            let start = cpuNanoseconds()
            let document = Document(MailContent(message: message))
            let middle = cpuNanoseconds()
            let stream = pipeline.tokens(of: document)
            let end = cpuNanoseconds()
            guard round == 1, stream.count > 0 else { continue }
            bytes += message.count
            reading.append(Double(middle - start) / 1_000)
            tokenising.append(Double(end - middle) / 1_000)
            both.append(Double(end - start) / 1_000)
        }
    }
    let total = both.reduce(0, +)
    reading.sort()
    tokenising.sort()
    both.sort()
    print(
        corpus.name.padding(toLength: 20, withPad: " ", startingAt: 0),
        String(
            format: "%8d %6.0f %9.0f %7.0f %11.0f %7.0f %10.0f %8.0f", messages.count,
            Double(bytes) / total, percentile(reading, 0.5), percentile(reading, 0.9),
            percentile(tokenising, 0.5), percentile(tokenising, 0.9), percentile(both, 0.5),
            both.last ?? 0))
}
