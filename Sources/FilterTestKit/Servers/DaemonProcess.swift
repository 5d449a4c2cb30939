import Foundation
import Models
import Synchronization
import TextCNN

/// The real daemon in a process of its own, with its own folder, socket and free HTTP port.
public final class DaemonProcess: Sendable {
    public struct StartError: Error, CustomStringConvertible {
        public var status: Int32
        public var log: String
        public var description: String { "siftd ended with \(status):\n\(log)" }
    }

    public let folder: TemporaryFolder
    public let socketPath: String
    public let configPath: String
    private let process: Mutex<Process>
    private let logPath: String

    /// The binary under test: `SIFTD_BINARY`, else the one beside the test bundle, which the same
    /// build made, else the release build of this checkout.
    public static let binary: String = {
        if let chosen = ProcessInfo.processInfo.environment["SIFTD_BINARY"] { return chosen }
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = bundle.deletingLastPathComponent().appendingPathComponent("siftd").path
        return FileManager.default.isExecutableFile(atPath: beside)
            ? beside : Checkout.file(".build/release/siftd")
    }()

    public static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: binary) }

    /// Starts `siftd serve` and waits until it is ready.
    ///
    /// - Parameters:
    ///   - model: directory of the model; nil writes the tiny one.
    ///   - before: keys with their section in front, which go before all tables.
    ///   - configuration: more TOML, beside socket, port and model.
    ///   - environment: more variables.
    /// - Throws: ``StartError`` when the daemon ends instead.
    public init(
        model: String? = nil, before: String = "", configuration: String = "",
        environment: [String: String] = [:]
    ) throws {
        folder = try TemporaryFolder()
        socketPath = folder.file("milter.sock")
        configPath = folder.file("siftd.toml")
        logPath = folder.file("log")
        let directory: String
        if let model {
            directory = model
        } else {
            directory = folder.file("model")
            try TinyModel.shared.get().write(to: directory)
        }
        try DaemonProcess.write(configPath, socketPath, directory, configuration, before: before)
        try folder.write("log", "")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: DaemonProcess.binary)
        process.arguments = ["serve", "--config", configPath]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardError = FileHandle(forWritingAtPath: logPath)
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.process = Mutex(process)
        let started = waitUntil(seconds: 30) { !isRunning || log.contains("http_started") }
        guard started, isRunning else {
            throw StartError(status: exitStatus, log: log)
        }
    }

    deinit {
        process.withLock { process in
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }
    }

    /// Replaces the configuration file; takes effect on reload.
    ///
    /// - Parameter before: keys with their section in front, which go before all tables.
    public func rewrite(
        model: String? = nil, before: String = "", configuration: String = ""
    ) throws {
        try DaemonProcess.write(
            configPath, socketPath, model ?? folder.file("model"), configuration, before: before)
    }

    private static func write(
        _ path: String, _ socket: String, _ model: String, _ more: String, before: String = ""
    ) throws {
        let text =
            (before.isEmpty ? "" : before + "\n") + """
                [milter]
                socket = "unix:\(socket)"
                mode = "0666"
                [http]
                port = 0
                [model]
                directory = "\(model)"
                \(more)
                """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    public var isRunning: Bool { process.withLock { $0.isRunning } }

    public var pid: Int32 { process.withLock { $0.processIdentifier } }

    /// Everything written to standard error so far.
    public var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    public var httpPort: Int {
        guard
            let line = log.split(separator: "\n").first(where: { $0.contains("http_started") }),
            let port = line.split(separator: ":").last?.dropLast()
        else { return 0 }
        return Int(port) ?? 0
    }

    /// Sends a signal.
    public func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end and gives the exit status.
    public func waitForExit(seconds: Double) -> Int32? {
        waitUntil(seconds: seconds) { !isRunning } ? exitStatus : nil
    }

    private var exitStatus: Int32 { process.withLock { $0.isRunning ? -1 : $0.terminationStatus } }
}

/// Runs a command to its end.
public enum Command {
    public struct Output: Sendable {
        public var status: Int32
        public var out: String
        public var err: String
    }

    /// - Parameters:
    ///   - input: what the command reads.
    ///   - environment: more variables.
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
