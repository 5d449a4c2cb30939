import Foundation

/// Runs postconf(1).
public enum Postconf {
    private static let paths = ["/usr/sbin/postconf", "/usr/local/sbin/postconf"]

    /// A closure for ``Surroundings/postconf``.
    ///
    /// - Parameter folder: of Postfix's configuration; empty for the usual one.
    /// - Returns: what gives the output; nil where Postfix is not installed or does not answer.
    public static func runner(folder: String) -> @Sendable ([String]) -> String? {
        { arguments in
            guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
                return nil
            }
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = (folder.isEmpty ? [] : ["-c", folder]) + arguments
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return nil }
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
        }
    }
}
