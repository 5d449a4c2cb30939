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
        guard let path = socketPath else { return .host(address, port: port) }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        return .unix(path: path)
    }

    /// For the log.
    func url(port: Int) -> String {
        if socketPath != nil { return address }
        return "http://\(address.contains(":") ? "[\(address)]" : address):\(port)/"
    }
}
