import ArgumentParser
import Foundation
import Retraining

/// Runs an import in a process of its own, with bounds, since libhdf5 is a large C library and the
/// file may come from anyone.
enum ImportProcess {
    private static let marker = "SIFTD_IMPORT_PROCESS"
    /// Address space and processor time of an import: far more than any honest model needs.
    private static let memory: UInt64 = 12 << 30
    private static let seconds: rlim_t = 900

    /// True in the process that imports.
    static var isInside: Bool { ProcessInfo.processInfo.environment[marker] != nil }

    /// Runs this command again in a process of its own, and ends with its exit code.
    ///
    /// - Throws: `ExitCode`; an import that a signal ended is a refusal of the file.
    static func run(_ file: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = Array(CommandLine.arguments.dropFirst())
        // What a crash would print says nothing to who has the file.
        process.environment = ["SWIFT_BACKTRACE": "enable=no"]
            .merging(ProcessInfo.processInfo.environment) { $1 }
            .merging([marker: "\(getpid())"]) { $1 }
        try process.run()
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal {
            let name = URL(fileURLWithPath: file).lastPathComponent
            SystemExit.complain(
                "\(name): the file is damaged or hostile: reading it ended by signal "
                    + "\(process.terminationStatus); save the model again")
            throw ExitCode(SystemExit.badData)
        }
        throw ExitCode(process.terminationStatus)
    }

    /// Bounds what this process may take and do: it has no network, and ends with the one that
    /// waits for it.
    static func limitResources() throws {
        Confinement.end(with: Int32(ProcessInfo.processInfo.environment[marker] ?? "") ?? getppid())
        Confinement.begin(memory: memory)
        var bound = rlimit(rlim_cur: seconds, rlim_max: seconds)
        setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &bound)
        // No core dump of a file that may be hostile.
        bound = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &bound)
    }
}
