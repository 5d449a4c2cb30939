// Coverage-guided fuzzing of the text front end; run.sh builds and calls it.
//
//   fuzz seeds TARGET FOLDER PATH...     writes a file for each input that real mail holds
//   fuzz TARGET [libFuzzer option...]    fuzzes
//   fuzz cost TARGET FILE...             times inputs, in a build without sanitizers

import CFuzzer
import Corpora
import Foundation
import FuzzTargets

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    fatalError("fuzz TARGET, fuzz seeds or fuzz cost; see main.swift")
}

/// The callback of libFuzzer is a C function and can hold no context.
let target =
    FuzzTarget(rawValue: arguments[1]) ?? FuzzTarget(rawValue: arguments.dropFirst(2).first ?? "")
let slowest = SlowestInput(path: "slowest-\(target?.rawValue ?? "")")

/// Stops the process, which libFuzzer takes for a find, when an invariant does not hold.
func run(_ input: [UInt8]) {
    let violations = target?.violations(of: input) ?? []
    precondition(violations.isEmpty, violations.joined(separator: "; "))
}

func fuzzOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer owns the bytes for the call only.
    let input = Array(UnsafeBufferPointer(start: data, count: size))
    slowest.measure(input) { run(input) }
    return 0
}

func writeSeeds(_ target: FuzzTarget, folder: String, paths: [String]) throws {
    var count = 0
    for path in paths {
        try Corpus(argument: path).forEach { message in
            guard case .message(let bytes) = message.content else { return }
            for seed in target.seeds(of: bytes) where !seed.isEmpty {
                let file = URL(fileURLWithPath: folder).appendingPathComponent("seed-\(count)")
                try Data(seed.prefix(20_000)).write(to: file)
                count += 1
            }
        }
    }
    print("\(count) seeds for \(target)")
}

guard let target else {
    fatalError("no such target; there are \(FuzzTarget.allCases.map(\.rawValue))")
}
switch arguments[1] {
case "seeds":
    try writeSeeds(target, folder: arguments[3], paths: Array(arguments.dropFirst(4)))
case "cost":
    for path in arguments.dropFirst(3) {
        let input = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        run(input)
        let start = ContinuousClock.now
        for _ in 0..<20 { run(input) }
        let nanoseconds = (ContinuousClock.now - start) / (20 * max(input.count, 1))
        print(path, input.count, "bytes,", nanoseconds, "a byte")
    }
default:
    var count = CInt(CommandLine.argc - 1)
    // Program name, then the options behind the target.
    var values =
        [CommandLine.unsafeArgv[0]] + (2..<Int(CommandLine.argc)).map { CommandLine.unsafeArgv[$0] }
    values.append(nil)
    values.withUnsafeMutableBufferPointer { buffer in
        var start = buffer.baseAddress
        _ = LLVMFuzzerRunDriver(&count, &start, fuzzOne)
    }
}
