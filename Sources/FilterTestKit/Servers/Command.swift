import Foundation

/// A command that runs to its end.
public enum Command {
    /// What the command left.
    public struct Output: Sendable {
        /// Exit status, or the number of the signal that ended it.
        public var status: Int32
        /// Standard output.
        public var out: String
        /// Standard error.
        public var err: String
    }

    /// Runs a command and waits for its end.
    ///
    /// - Parameters:
    ///   - path: of the executable.
    ///   - arguments: without the command's name.
    ///   - input: standard input.
    ///   - environment: variables besides those of this process.
    /// - Returns: its output.
    /// - Throws: an error of Foundation when the command can't be started.
    public static func run(
        _ path: String, _ arguments: [String], input: [UInt8] = [],
        environment: [String: String] = [:]
    ) throws -> Output {
        let folder = try TemporaryFolder()
        try folder.write("in", input)
        for name in ["out", "err"] { try folder.write(name, "") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle(forReadingAtPath: folder.file("in"))
        process.standardOutput = FileHandle(forWritingAtPath: folder.file("out"))
        process.standardError = FileHandle(forWritingAtPath: folder.file("err"))
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: folder.file(name))),
                as: UTF8.self)
        }
        return Output(status: process.terminationStatus, out: try text("out"), err: try text("err"))
    }
}
