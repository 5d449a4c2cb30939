import Foundation
import HTTPServer
import Milter
import Settings

extension HTTPAccess {
    /// Reads the token files that are configured.
    ///
    /// - Throws: `SettingsErrors` with every file at fault, its key and the reason.
    init(_ options: SiftdSettings.HTTP) throws(SettingsErrors) {
        var errors: [SettingsError] = []
        func token(_ key: String, _ path: String) -> AccessToken? {
            guard !path.isEmpty else { return nil }
            do throws(AccessToken.FileError) { return try AccessToken(file: path) } catch {
                errors.append(
                    SettingsError(
                        file: path, line: 0, reason: "\(error.reason) (http.\(key))"))
                return nil
            }
        }
        self.init()
        readToken = token("read_token_file", options.readTokenFile)
        writeToken = token("write_token_file", options.writeTokenFile)
        hosts = Set(options.hosts.map { $0.lowercased() })
        guard errors.isEmpty else { throw SettingsErrors(errors) }
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
    /// Where to listen.
    var binding: HTTPServer.Address {
        if platform == .sagemaker { return .host("0.0.0.0", port: SiftdSettings.HTTP.platformPort) }
        guard let path = socketPath else { return .host(address, port: port) }
        return .unix(path: path)
    }

    /// Looks whether the address can be had; removes a socket that a killed daemon has left, and no
    /// other file.
    ///
    /// So a start fails before anything runs that would have to be stopped again.
    ///
    /// - Throws: ``HTTPStartError``.
    func prepare() throws(HTTPStartError) {
        do throws(MilterServer.StartError) {
            switch binding {
            case .host(let name, let port):
                try Listener.check(host: name, port: UInt16(clamping: port))
            case .unix(let path):
                let file = UnixSocketFile(path: path)
                try file.prepare()
                file.remove()
            }
        } catch {
            throw startError(error.reason)
        }
    }

    /// For errors: the address as the system has it.
    var place: String {
        switch binding {
        case .host(let name, let port): "\(name) port \(port)"
        case .unix(let path): path
        }
    }

    /// Why the address can't be had, with the keys that name it.
    func startError(_ reason: String) -> HTTPStartError {
        let keys = socketPath != nil ? "http.address" : "http.address, http.port"
        return HTTPStartError(
            reason: reason, keys: platform == .sagemaker ? "http.platform" : keys)
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
