// Replays mail through a milter socket as an MTA would, with many connections at once, and tells
// messages a second and the CPU time and memory of the filter.
//
//   replay SOCKET PID CONNECTIONS MESSAGES PER_CONNECTION PATH...
//
// PATHs are what `siftd classify` takes. CPU time is read from /proc/PID/stat, so that this client
// does not count.

import FilterTestKit
import Foundation
import Learning
import Synchronization

guard CommandLine.arguments.count > 6, let pid = Int32(CommandLine.arguments[2]),
    let connections = Int(CommandLine.arguments[3]), let total = Int(CommandLine.arguments[4]),
    let perConnection = Int(CommandLine.arguments[5])
else {
    print("usage: replay SOCKET PID CONNECTIONS MESSAGES PER_CONNECTION PATH...")
    exit(64)
}
let socketPath = CommandLine.arguments[1]

/// User and system time of the filter, in seconds.
func cpuSeconds() -> Double {
    let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
        return 0
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
}

func residentMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
    return (kilobytes ?? 0) / 1_024
}

var loaded: [[UInt8]] = []
for path in CommandLine.arguments.dropFirst(6) {
    try Corpus(argument: path).forEach { message in
        if case .message(let bytes) = message.content { loaded.append(bytes) }
    }
}
let messages = loaded
print("\(messages.count) messages loaded; filter at \(Int(residentMegabytes())) MB")

let next = Atomic<Int>(0)
let failures = Atomic<Int>(0)
let before = cpuSeconds()
let start = Date()
let group = DispatchGroup()
for _ in 0..<connections {
    group.enter()
    Thread {
        defer { group.leave() }
        do {
            while true {
                let connection = try MilterConnection(path: socketPath)
                try connection.greet()
                for _ in 0..<perConnection {
                    let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard number < total else { return }
                    let outcome = try connection.deliver(messages[number % messages.count])
                    if outcome.value("X-Spam-Flag") == nil {
                        failures.wrappingAdd(1, ordering: .relaxed)
                    }
                }
                try connection.quit()
            }
        } catch {
            print("\(error)")
            failures.wrappingAdd(1, ordering: .relaxed)
        }
    }.start()
}
group.wait()
let seconds = Date().timeIntervalSince(start)
let cpu = cpuSeconds() - before
print(
    String(
        format: "%d messages, %d connections, %d a connection: %.0f messages/s, "
            + "%.3f ms CPU a message, %d failures; filter at %.0f MB",
        total, connections, perConnection, Double(total) / seconds, cpu / Double(total) * 1_000,
        failures.load(ordering: .relaxed), residentMegabytes()))
