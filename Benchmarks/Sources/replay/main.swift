// Replays mail through a milter socket as an MTA would, with many connections at once, and tells
// messages a second, how long an MTA waits at end-of-message, and the CPU time and memory of the
// filter.
//
//   replay [--rate R] [--field NAME] SOCKET PIDS CONNECTIONS MESSAGES PER_CONNECTION PATH...
//
// PIDS are all processes of the filter, with commas between; their CPU time is read from
// /proc/PID/stat, so that this client does not count. PATHs are what `siftd classify` takes.
// A message fails unless it is accepted with the field NAME added (X-Spam-Flag; `none` asks for
// none). Without a rate each connection sends its next message as soon as the last is answered.
// With one, messages come at random times, R a second, the same times in each run, whether or not
// the filter keeps up: a connection that is late says so in the figure of how far the run fell
// behind.

import Corpora
import FilterTestKit
import Foundation
import Learning
import Synchronization

func fail() -> Never {
    print(
        "usage: replay [--rate R] [--field NAME] SOCKET PIDS CONNECTIONS MESSAGES PER_CONNECTION "
            + "PATH...")
    exit(64)
}

var arguments = Array(CommandLine.arguments.dropFirst())
func option(_ name: String, of arguments: inout [String]) -> String? {
    guard let at = arguments.firstIndex(of: name), at + 1 < arguments.count else { return nil }
    defer { arguments.removeSubrange(at...(at + 1)) }
    return arguments[at + 1]
}
let rate = option("--rate", of: &arguments).map { Double($0) ?? 0 }
let field = option("--field", of: &arguments) ?? "X-Spam-Flag"
guard arguments.count > 5, rate.map({ $0 > 0 }) ?? true, let connections = Int(arguments[2]),
    let total = Int(arguments[3]), let perConnection = Int(arguments[4]), perConnection > 0
else { fail() }
let socketPath = arguments[0]
let pids = arguments[1].split(separator: ",").compactMap { Int32($0) }

/// User and system time of the filter's processes, in seconds.
func cpuSeconds() -> Double {
    pids.reduce(0) { sum, pid in
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { return sum }
        return sum + (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

func residentMegabytes() -> Double {
    pids.reduce(0) { sum, pid in
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
        return sum + (kilobytes ?? 0) / 1_024
    }
}

/// When each message comes, in seconds from the start; nil without a rate.
func arrivals() -> [Double]? {
    guard let rate else { return nil }
    var state: UInt64 = 1
    var time = 0.0
    let times = (0..<total).map { _ in
        // Exponential gaps, as between independent senders, from a fixed SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        time -= log((Double(bits >> 11) + 1) / 0x1p53)
        return time
    }
    // Chance must not change the rate of the whole.
    return times.map { $0 / time * Double(total) / rate }
}

/// The p50, p90 and p99 of times in seconds, as milliseconds.
func percentiles(_ times: [Double]) -> String {
    let sorted = times.sorted()
    return [50, 90, 99].map { percent in
        let value = sorted.isEmpty ? 0 : sorted[min(sorted.count * percent / 100, sorted.count - 1)]
        return String(format: "p%d %.3f", percent, value * 1_000)
    }.joined(separator: ", ")
}

var loaded: [MilterConnection.PreparedMessage] = []
for path in arguments.dropFirst(5) {
    try Corpus(argument: path).forEach { message in
        if case .message(let bytes) = message.content { loaded.append(.init(bytes)) }
    }
}
let messages = loaded
guard !messages.isEmpty else { fail() }
print("\(messages.count) messages loaded; filter at \(Int(residentMegabytes())) MB")

/// Times of one connection, in seconds.
struct Times {
    /// From sending end-of-message to the reply.
    var reply: [Double] = []
    /// From the first byte of the message, or from connecting before it, to the reply.
    var message: [Double] = []
    /// From when the message was to come to when it was begun.
    var behind: [Double] = []
}

let schedule = arrivals()
let next = Atomic<Int>(0)
let failures = Atomic<Int>(0)
let all = Mutex(Times())
let clock = ContinuousClock()
let before = cpuSeconds()
let start = clock.now
let group = DispatchGroup()

@Sendable func secondsSince(_ instant: ContinuousClock.Instant) -> Double {
    (clock.now - instant) / .seconds(1)
}

for _ in 0..<connections {
    group.enter()
    Thread {
        defer { group.leave() }
        var times = Times()
        var connection: MilterConnection?
        var sent = 0
        while true {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < total else { break }
            if let schedule {
                let early = schedule[number] - secondsSince(start)
                if early > 0 { Thread.sleep(forTimeInterval: early) }
                times.behind.append(secondsSince(start) - schedule[number])
            }
            do {
                let begun = clock.now
                if connection == nil {
                    let made = try MilterConnection(path: socketPath)
                    try made.greet()
                    connection = made
                    sent = 0
                }
                try connection?.upload(messages[number % messages.count])
                let ended = clock.now
                let outcome = try connection?.endOfMessage()
                times.reply.append(secondsSince(ended))
                times.message.append(secondsSince(begun))
                if outcome?.reply != .accept
                    || field != "none" && outcome?.value(field) == nil
                {
                    failures.wrappingAdd(1, ordering: .relaxed)
                }
                sent += 1
                if sent == perConnection {
                    try connection?.quit()
                    connection = nil
                }
            } catch {
                // The message counts as failed; the next one tries a new connection.
                connection = nil
                if failures.wrappingAdd(1, ordering: .relaxed).oldValue < 5 { print("\(error)") }
            }
        }
        try? connection?.quit()
        all.withLock {
            $0.reply += times.reply
            $0.message += times.message
            $0.behind += times.behind
        }
    }.start()
}
group.wait()
let seconds = secondsSince(start)
let cpu = cpuSeconds() - before
let times = all.withLock { $0 }
if let rate {
    print(
        String(format: "offered %.1f messages/s; ms behind schedule: ", rate)
            + percentiles(times.behind)
            + String(format: ", worst %.3f", (times.behind.max() ?? 0) * 1_000))
}
print("ms from end-of-message to reply: " + percentiles(times.reply))
print("ms from start of message to reply: " + percentiles(times.message))
print(
    String(
        format: "%d messages, %d connections, %d a connection: %.0f messages/s, "
            + "%.3f ms CPU a message, %d failures; filter at %.0f MB",
        total, connections, perConnection, Double(total) / seconds, cpu / Double(total) * 1_000,
        failures.load(ordering: .relaxed), residentMegabytes()))
