import FilterPolicy

/// All settings of the daemon, checked. The initial values are the defaults.
public struct SiftdSettings: Sendable, Equatable {
    public enum LogTarget: String, Sendable, CaseIterable { case stderr, syslog }
    public enum LogFormat: String, Sendable, CaseIterable { case text, json }
    /// How addresses stand in the log.
    public enum LogAddresses: String, Sendable, CaseIterable { case plain, hashed, omitted }
    public enum LogLevel: String, Sendable, CaseIterable {
        case debug, info, notice, warning, error
    }

    // [milter]
    public var milterSockets = ["unix:/run/siftd/milter.sock"]
    public var milterMode = 0o660
    public var milterGroup = ""
    public var milterOwner = ""
    /// Messages in work at once.
    public var messageLimit = 1_000
    // [http]
    public var httpAddress = "127.0.0.1"
    public var httpPort = 11380
    // [model]
    /// Empty: the promoted model if there is one, else the starter model.
    public var modelDirectory = ""
    /// Bytes.
    public var tableLimit = 512 * 1_024 * 1_024
    // [scan]
    public var bodyLimit = 1_024 * 1_024
    public var partLimit = 1_000
    public var depthLimit = 32
    public var headerFieldLimit = 1_000
    public var headerLimit = 64 * 1_024
    public var decodedLimit = 4 * 1_024 * 1_024
    public var textLimit = 1_024 * 1_024
    public var linkLimit = 2_000
    public var tokenLimit = 20_000
    /// Seconds of CPU time.
    public var timeLimit = 2.0
    /// Empty: below /var/lib/siftd if that is there.
    public var crashJournal = ""
    // [scoring]
    /// 0 stands for one worker a core.
    public var workers = 0
    public var batchLimit = 1
    public var queueLimit = 1_024
    /// Seconds.
    public var deadline = 15.0
    /// Seconds.
    public var drainLimit = 20.0
    // [policy], [headers], [recipient."…"]
    public var policy = PolicySettings()
    /// Whether the daemon refuses to start without a model.
    public var stopsWithoutModel = true
    // [exempt]
    public var exemptNetworks: [NetworkRange] = []
    public var exemptAuthenticated = true
    public var exemptLocal = true
    /// Bytes of body; 0 for no limit.
    public var exemptSize = 0
    // [lists]
    public var allowFiles: [String] = []
    public var denyFiles: [String] = []
    public var authservID = ""
    // [log]
    public var logTarget = LogTarget.stderr
    public var logLevel = LogLevel.info
    public var logFormat = LogFormat.text
    public var logAddresses = LogAddresses.plain

    public init() {}
}
