import Foundation
import Models
import Synchronization
import TextCNN

/// A daemon in a separate process, with a temporary folder, a socket and an HTTP port.
public final class DaemonProcess: Sendable {
    /// The daemon ended instead of getting ready.
    public struct StartError: Error, CustomStringConvertible {
        /// Exit status, or the number of the signal that ended it.
        public var status: Int32
        /// Standard error.
        public var log: String
        /// Status and log.
        public var description: String { "siftd ended with \(status):\n\(log)" }
    }

    /// Holds all files of this daemon.
    public let folder: TemporaryFolder
    /// The milter socket.
    public let socketPath: String
    /// The configuration file.
    public let configPath: String
    private let process: Mutex<Process>
    private let logPath: String

    /// The binary under test: `SIFTD_BINARY`, else the release build of this checkout.
    public static let binary: String = {
        if let chosen = ProcessInfo.processInfo.environment["SIFTD_BINARY"] { return chosen }
        return Checkout.folder.appendingPathComponent(".build/release/siftd").path
    }()

    /// Whether there is a binary under test.
    public static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: binary) }

    /// Starts `siftd serve` and waits until it is ready.
    ///
    /// - Parameters:
    ///   - model: directory of the model; nil writes the tiny one.
    ///   - before: keys with their section in front, written before all tables.
    ///   - configuration: TOML besides socket, port and model.
    ///   - environment: variables besides those of this process.
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
    /// - Parameters:
    ///   - model: directory of the model; nil for the tiny one.
    ///   - before: keys with their section in front, written before all tables.
    ///   - configuration: TOML besides socket, port and model.
    /// - Throws: an error of Foundation when the file can't be written.
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

    /// Whether the process has not ended yet.
    public var isRunning: Bool { process.withLock { $0.isRunning } }

    /// The process ID.
    public var pid: Int32 { process.withLock { $0.processIdentifier } }

    /// Everything written to standard error so far.
    public var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// The port of the HTTP server; 0 while it has none.
    public var httpPort: Int {
        guard
            let line = log.split(separator: "\n").first(where: { $0.contains("http_started") }),
            let port = line.split(separator: ":").last?.dropLast()
        else { return 0 }
        return Int(port) ?? 0
    }

    /// Sends a signal to the process.
    public func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the process to end; gives the exit status, or nil when it doesn't in time.
    public func waitForExit(seconds: Double) -> Int32? {
        waitUntil(seconds: seconds) { !isRunning } ? exitStatus : nil
    }

    private var exitStatus: Int32 { process.withLock { $0.isRunning ? -1 : $0.terminationStatus } }
}
