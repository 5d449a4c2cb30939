import Hummingbird
import Logging
import NIOCore
import Scoring
import Telemetry

/// The HTTP port: metrics, health, the JSON API and a page for people.
///
/// It knows nothing of the milter; closures say whether that is ready and what messages are judged
/// by.
public struct HTTPServer: Sendable {
    let classifier: @Sendable () -> Classifier?
    let registry: PrometheusRegistry
    let metrics: FilterMetrics
    let notReady: @Sendable () -> String?
    private let version: String
    /// After this a connection without a request is closed, so that it takes no descriptor for
    /// ever.
    private static let idleTimeout = TimeAmount.seconds(60)

    /// - Parameters:
    ///   - registry: what `/metrics` shows.
    ///   - metrics: where judged messages are counted.
    ///   - version: of siftd, for the `Server` header.
    ///   - classifier: asked for each request, so that a reload takes effect; nil without a model.
    ///   - notReady: why the daemon can't take mail now; nil when it can.
    public init(
        registry: PrometheusRegistry, metrics: FilterMetrics, version: String,
        classifier: @escaping @Sendable () -> Classifier?,
        notReady: @escaping @Sendable () -> String?
    ) {
        self.classifier = classifier
        self.registry = registry
        self.metrics = metrics
        self.version = version
        self.notReady = notReady
    }

    /// The service that listens on an address; port 0 takes a free one.
    ///
    /// - Parameters:
    ///   - address: to listen on.
    ///   - port: to listen on; 0 for any free one.
    ///   - connectionLimit: connections at once; further ones wait until others end.
    ///   - logger: for the library's own lines.
    ///   - running: called with the port once the server listens.
    /// - Returns: a service for a service group.
    public func application(
        address: String, port: Int, connectionLimit: Int = 1_024, logger: Logger,
        running: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: router(),
            server: .http1(configuration: .init(idleTimeout: HTTPServer.idleTimeout)),
            configuration: .init(
                address: .hostname(address, port: port), serverName: "siftd/\(version)",
                availableConnectionsDelegate: .maximum(connectionLimit, logger: logger)),
            onServerRunning: { channel in running(channel.localAddress?.port ?? port) },
            logger: logger)
    }

    /// Every path that is answered.
    func router() -> Router<BasicRequestContext> {
        // RFC 9110 section 9.1: what answers GET answers HEAD.
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: KnownMethods())
        addStatusRoutes(to: router)
        addClassifyRoute(to: router)
        return router
    }
}
