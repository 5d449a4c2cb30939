import Fleet
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import PortLimits
import Scoring
import ServiceLifecycle
import SiteMemory
import Telemetry
import Tracing

/// The HTTP port: metrics, health, the JSON API and a page for people.
///
/// It knows nothing of the milter; closures say whether that is ready and what messages are judged
/// by. docs/http.md describes what it answers.
public struct HTTPServer: Sendable {
    /// What the port shows and changes.
    public struct Parts: Sendable {
        /// What `/metrics` shows.
        public var registry: PrometheusRegistry
        /// Where judged messages are counted.
        public var metrics: FilterMetrics
        /// Of siftd.
        public var version: String
        /// Asked for each request, so that a reload takes effect; nil without a model.
        public var classifier: @Sendable () -> Classifier?
        /// Why the daemon can't take mail now; nil when it can.
        public var notReady: @Sendable () -> String?
        /// Labels, history and retrainings; nil where nothing is learnt.
        public var teacher: Teacher?
        /// Versions of the model; nil without a registry.
        public var shelf: (any ModelShelf)?
        /// Starts retrainings; nil where there are none.
        public var retraining: (any RetrainingDesk)?

        /// How it is with all hosts that share a model; nil where there is one.
        public var fleet: (@Sendable () -> FleetStatus)?

        /// Records traces of requests; nil for none.
        public var tracer: (any Tracer)?

        /// Parts without those that a site may lack.
        public init(
            registry: PrometheusRegistry, metrics: FilterMetrics, version: String,
            classifier: @escaping @Sendable () -> Classifier?,
            notReady: @escaping @Sendable () -> String?
        ) {
            self.registry = registry
            self.metrics = metrics
            self.version = version
            self.classifier = classifier
            self.notReady = notReady
        }
    }

    let parts: Parts
    let bodies: BodyReader
    /// For messages that are scored.
    let scoring: WorkLane
    /// For the label store and the registry.
    let desk: WorkLane
    let started = ContinuousClock.now
    private let access: HTTPAccess
    let limits: HTTPLimits
    private let isContainer: Bool

    /// How much later a silent connection is closed, so that 408 is answered first.
    private static let grace = TimeAmount.seconds(2)

    /// A port.
    ///
    /// - Parameters:
    ///   - parts: what it shows and changes.
    ///   - access: who may use it.
    ///   - limits: what a client may take.
    ///   - isContainer: whether this is a container of SageMaker, which alone reaches the port:
    ///     then only `/ping`, `/invocations` and health are answered, without tokens.
    public init(
        _ parts: Parts, access: HTTPAccess = HTTPAccess(), limits: HTTPLimits = HTTPLimits(),
        isContainer: Bool = false
    ) {
        self.parts = parts
        self.isContainer = isContainer
        self.access = access
        self.limits = limits
        bodies = BodyReader(limits)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let width = limits.concurrency > 0 ? limits.concurrency : max(1, cores / 2)
        scoring = WorkLane(
            width: width, queue: limits.queue, name: "siftd.http.work", isPatient: true)
        desk = WorkLane(
            width: 1, queue: limits.queue, name: "siftd.http.work", isPatient: true)
    }

    /// Where the port is.
    public enum Address: Sendable {
        /// A host name or address, and a port; 0 for any free one.
        case host(String, port: Int)
        /// A socket of the file system, which must not be there yet.
        case unix(path: String)
    }

    /// The service that listens on an address.
    ///
    /// - Parameters:
    ///   - address: to listen on.
    ///   - logger: for the library's own lines.
    ///   - running: called with the TCP port, 0 for a unix socket, once the server listens.
    /// - Returns: a service for a service group.
    public func application(
        _ address: Address, logger: Logger, running: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        let time = TimeAmount(limits.time)
        let binding: BindAddress =
            switch address {
            case .host(let name, let port): .hostname(name, port: port)
            case .unix(let path): .unixDomainSocket(path: path)
            }
        let table = ConnectionTable(connections: limits.connections)
        return Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionEnd(time: time, table: table)],
                    idleTimeout: time + HTTPServer.grace,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: HTTPLimits.headerBytes,
                        maxHeaderListSize: HTTPLimits.headerBytes,
                        maxHeaderFieldCount: HTTPLimits.headerFields))),
            configuration: .init(
                address: binding, serverName: "siftd/\(parts.version)",
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { channel in running(channel.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(HTTPServer.loops), logger: logger)
    }

    /// Why an application could not listen: what the system said, without NIO's own functions.
    public static func reason(of error: any Error) -> String {
        (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }

    /// The event loops of all ports of the process; they live as long as it does.
    private static let loops: MultiThreadedEventLoopGroup = {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: max(1, cores / HTTPServer.coresOfLoop))
        for loop in group.makeIterator() { loop.execute { LaneThreads.lowerPriority() } }
        return group
    }()

    /// An event loop only moves bytes and reads headers.
    private static let coresOfLoop = 4

    /// An application of this port as a service whose tasks run on patient threads, so that mail is
    /// not kept waiting by requests.
    public static func patient(_ application: some ApplicationProtocol) -> some Service {
        PatientService(
            service: application,
            threads: LaneThreads(1, name: "siftd.http.tasks", isPatient: true))
    }

    /// Every path that is answered.
    func router() -> Router<HTTPContext> {
        let router = Router(context: HTTPContext.self, options: .autoGenerateHeadEndpoints)
        if let tracer = parts.tracer { router.add(middleware: RequestTraces(tracer: tracer)) }
        router.add(middleware: AnswerRules(metrics: parts.metrics))
        let rate = Double(limits.requestsPerSecond)
        router.add(
            middleware: RequestGuard(
                access: access, rate: rate > 0 ? RateLimiter(perSecond: rate, burst: rate) : nil,
                isContainer: isContainer))
        addPageRoutes(to: router)
        addStatusRoutes(to: router)
        addClassifyRoute(to: router)
        addFeedbackRoutes(to: router)
        addHistoryRoute(to: router)
        addJobRoutes(to: router)
        addModelRoutes(to: router)
        addFleetRoute(to: router)
        addRetrainRoute(to: router)
        addSageMakerRoutes(to: router)
        addTensorFlowRoutes(to: router)
        addInferenceRoutes(to: router)
        return router
    }
}
