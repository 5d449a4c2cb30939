import Foundation
import Glibc
import HTTPServer
import Settings

extension HTTPAccess {
    /// Reads the token files that are configured.
    ///
    /// - Throws: `SettingsErrors` with the file and the reason.
    init(_ options: SiftdSettings.HTTP) throws(SettingsErrors) {
        do {
            try self.init(
                readTokenFile: options.readTokenFile, writeTokenFile: options.writeTokenFile,
                hosts: options.hosts)
        } catch {
            throw SettingsErrors([SettingsError(file: error.path, line: 0, reason: error.reason)])
        }
    }
}

extension HTTPLimits {
    /// The limits that are configured.
    init(_ options: SiftdSettings.HTTP) {
        self.init()
        bodyBytes = options.bodyBytes
        memoryBytes = max(memoryBytes, 2 * options.bodyBytes)
        time = options.timeLimit
        requestsPerSecond = options.rateLimit
        concurrency = options.concurrency
        queue = options.queueLimit
        connections = DescriptorLimit.forHTTP
    }
}

extension SiftdSettings.HTTP {
    /// Where to listen; a socket that a killed daemon has left is removed.
    var binding: HTTPServer.Address {
        if platform == .sagemaker { return .host("0.0.0.0", port: SiftdSettings.HTTP.platformPort) }
        guard let path = socketPath else { return .host(address, port: port) }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        return .unix(path: path)
    }

    /// The port that SageMaker's documentation names, or the one that the platform chooses.
    private static var platformPort: Int {
        ProcessInfo.processInfo.environment["SAGEMAKER_BIND_TO_PORT"].flatMap(Int.init) ?? 8_080
    }

    /// For the log.
    func url(port: Int) -> String {
        if platform == .sagemaker { return "http://0.0.0.0:\(port)/" }
        if socketPath != nil { return address }
        return "http://\(address.contains(":") ? "[\(address)]" : address):\(port)/"
    }
}
