import Feedback
import FilterPolicy
import Fleet
import MailText
import Milter
import Scoring
import SiteMemory
import SpamFilter
import Telemetry
import Traces

/// All settings of the daemon, checked.
///
/// A section is the option struct of the module that it is for, which has the defaults; only keys
/// that no module knows are here.
public struct SiftdSettings: Sendable, Equatable {
    /// The section `[http]`.
    public struct HTTP: Sendable, Equatable {
        /// Whose container siftd runs in.
        public enum Platform: String, CaseIterable, Sendable {
            /// Nobody's: the port is as the other keys say.
            case none
            /// SageMaker's: port 8080 for `/ping` and `/invocations`, model in `/opt/ml/model`.
            case sagemaker
        }

        /// Whose container siftd runs in; other than `none` it replaces address and port.
        public var platform = Platform.none
        /// Address or host name to listen on, or `unix:` and the path of a socket.
        public var address = "127.0.0.1"
        /// 0 takes any free port.
        public var port = 11380
        /// The file of the token that readers show; empty for none.
        public var readTokenFile = ""
        /// The file of the token that writers show; empty for none.
        public var writeTokenFile = ""
        /// Names that `Host` may have besides addresses and `localhost`.
        public var hosts: [String] = []
        /// Bytes of a request's body.
        public var bodyBytes = 64 << 20
        /// For a body to arrive, and for an answer to be read.
        public var timeLimit = Duration.seconds(30)
        /// Requests of one address in a second; 0 for no limit.
        public var rateLimit = 1_000
        /// Messages scored at once; 0 for half of the cores.
        public var concurrency = 0
        /// Requests that wait for that.
        public var queueLimit = 64

        /// The path of the socket; nil for a port.
        public var socketPath: String? {
            address.hasPrefix("unix:") ? String(address.dropFirst("unix:".count)) : nil
        }

        /// Whether only this host reaches the port.
        public var isLocal: Bool {
            let numbers = address.split(separator: ".", omittingEmptySubsequences: false)
            return socketPath != nil || address == "localhost" || address == "::1"
                || numbers.count == 4 && numbers[0] == "127"
                    && numbers.allSatisfy { UInt8($0) != nil }
        }

        /// Whether strangers reach the port and need no token.
        var isOpen: Bool { !isLocal && (readTokenFile.isEmpty || writeTokenFile.isEmpty) }
    }

    /// The section `[spamd]`.
    public struct Spamd: Sendable, Equatable {
        /// Where clients find the port; none by default.
        public var sockets: [SocketAddress] = []
        /// Who may use the unix sockets.
        public var access = MilterServer.SocketAccess()
        /// Networks whose clients are answered over TCP.
        public var clients = ["127.0.0.0/8", "::1"].compactMap(NetworkRange.init)
        /// Whether clients may teach.
        public var allowsTell = false
        /// Bytes of a message.
        public var bodyBytes = 64 << 20
        /// For a request to arrive, and for its answer to be read.
        public var timeLimit = Duration.seconds(30)
        /// Messages judged at once; 0 for one a core.
        public var concurrency = 0
        /// Messages that wait for that.
        public var queueLimit = 64
        /// Connections at once.
        public var connectionLimit = 48
    }

    /// The section `[model]`.
    public struct Model: Sendable, Equatable {
        /// Empty: the promoted model if there is one, else the starter model.
        public var directory = ""
        /// Bytes of memory that look-up tables may take.
        public var tableLimit = 512 * 1_024 * 1_024
    }

    /// The directory of the model: the one chosen, else where the platform puts it; empty for
    /// neither.
    public var modelDirectory: String {
        model.directory.isEmpty && http.platform == .sagemaker ? "/opt/ml/model" : model.directory
    }

    /// The section `[milter]`.
    public var milter = MilterOptions()
    /// The section `[http]`.
    public var http = HTTP()
    /// The section `[spamd]`.
    public var spamd = Spamd()
    /// The section `[model]`.
    public var model = Model()
    /// The section `[scan]`.
    public var scan = MailLimits()
    /// Empty: below the state directory if that is there.
    public var crashJournal = ""
    /// The section `[scoring]`, as far as it is the pool's.
    public var scoring = ScoringPool.Options()
    /// From end-of-message to the latest answer.
    public var timeLimit = Duration.seconds(15)
    /// For messages in progress when siftd stops.
    public var drainLimit = Duration.seconds(20)
    /// The sections `[policy]`, `[headers]` and `[recipient."…"]`.
    public var policy = PolicySettings()
    /// Whether the daemon refuses to start without a model.
    public var stopsWithoutModel = true
    /// The section `[exempt]`.
    public var exempt = Exemptions()
    /// The section `[lists]`.
    public var lists = AccessFiles()
    /// The section `[learn]`.
    public var learn = LearnOptions()
    /// The section `[store]`.
    public var store = SharedStoreOptions()
    /// The section `[fleet]`.
    public var fleet = FleetOptions()
    /// The section `[fleet]`, as far as it is about models.
    public var fleetModels = FleetModelOptions()
    /// The section `[traces]`.
    public var traces = TraceOptions()
    /// The section `[log]`.
    public var log = MailLogHandler.Options()

    /// What works now and will not with the next release: keys of an earlier version.
    public internal(set) var warnings: [SettingsError] = []

    /// The defaults.
    public init() {}

    /// Whether a socket of the milter has the port and the address of HTTP.
    var sharesPort: Bool {
        milter.sockets.contains { socket in
            guard case .inet(let port, let host, let isIPv6) = socket, port != 0,
                Int(port) == http.port
            else { return false }
            let any = isIPv6 ? "::" : "0.0.0.0"
            return host == http.address || host == any || http.address == any
                || host == nil && http.address.contains(":") == isIPv6
        }
    }
}
