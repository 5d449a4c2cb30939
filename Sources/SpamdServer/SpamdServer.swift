import FilterPolicy
import Foundation
import Logging
import PortLimits
import Scoring
import SiteMemory
import Telemetry

/// The spamd port: SpamAssassin's protocol for `spamc`, Exim, amavis and others.
///
/// It judges by the same classifier as the HTTP port and adds the same fields as the milter.
/// docs/spamd.md describes what it answers.
public struct SpamdServer: Sendable {
    /// What the port answers by.
    public struct Parts: Sendable {
        /// Where messages and requests are counted.
        public var metrics: FilterMetrics
        /// Gets one line for each message.
        public var logger: Logger
        /// Of siftd.
        public var version: String
        /// Asked for each request, so that a reload takes effect; nil without a model.
        public var classifier: @Sendable () -> Classifier?
        /// In force, with or without a model.
        public var policy: @Sendable () -> PolicySettings
        /// How users and message ids stand in the log.
        public var logAddresses: @Sendable () -> MessageLog.Addresses
        /// Labels; nil where nothing is learnt.
        public var teacher: Teacher?
        /// Called with each judged message and its bytes, for the history.
        public var judged: @Sendable (JudgedMessage, [UInt8]) -> Void = { _, _ in }

        /// Parts without those that a site may lack.
        public init(
            metrics: FilterMetrics, logger: Logger, version: String,
            classifier: @escaping @Sendable () -> Classifier?,
            policy: @escaping @Sendable () -> PolicySettings = { PolicySettings() },
            logAddresses: @escaping @Sendable () -> MessageLog.Addresses = { .plain }
        ) {
            self.metrics = metrics
            self.logger = logger
            self.version = version
            self.classifier = classifier
            self.policy = policy
            self.logAddresses = logAddresses
        }
    }

    let parts: Parts
    let limits: SpamdLimits
    let memory: MemoryBudget
    private let scoring: WorkLane
    private let desk: WorkLane

    /// A port.
    ///
    /// - Parameters:
    ///   - parts: what it answers by.
    ///   - limits: what clients may take.
    public init(_ parts: Parts, limits: SpamdLimits = SpamdLimits()) {
        self.parts = parts
        self.limits = limits
        memory = MemoryBudget(limits.memoryBytes)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let width = limits.concurrency > 0 ? limits.concurrency : cores
        // An MTA waits, as it does for the milter, so these threads give way to nobody.
        scoring = WorkLane(
            width: width, queue: limits.queue, name: "siftd.spamd.work", isPatient: false)
        desk = WorkLane(width: 1, queue: limits.queue, name: "siftd.spamd.work", isPatient: true)
    }

    /// Answers a request and counts it.
    ///
    /// - Parameters:
    ///   - request: as it arrived.
    ///   - client: the address of the client; empty for a unix socket.
    /// - Returns: the bytes of the answer.
    func answer(_ request: SpamdRequest, from client: String = "") async -> [UInt8] {
        do {
            let answer: SpamdAnswer =
                switch request.header.command {
                case .ping: .pong
                case .skip: .nothing
                case .tell: try await desk.run { try tell(request) }
                case .check, .symbols, .report, .reportIfSpam, .process, .headers:
                    try await judged(request, from: client)
                }
            parts.metrics.countSpamdRequest(code: 0)
            return answer.bytes(for: request.header)
        } catch let fault as SpamdFault {
            return refusal(fault)
        } catch is WorkLane.Full {
            return refusal(.unavailable("too many messages wait"))
        } catch {
            return refusal(.unavailable("\(error)"))
        }
    }

    /// The bytes of a fault, which is counted.
    func refusal(_ fault: SpamdFault) -> [UInt8] {
        parts.metrics.countSpamdRequest(code: fault.code)
        return fault.answer
    }

    private func judged(
        _ request: SpamdRequest, from client: String
    ) async throws -> SpamdAnswer {
        let start = ContinuousClock.now
        do {
            return try await scoring.run {
                let message = try request.message(limit: limits.bodyBytes)
                return try answer(message, request.header, client: client, start: start)
            }
        } catch is WorkLane.Full {
            // The message may not be unpacked yet, and is not, while there is so much to do.
            return try answerFault(
                .overloaded, request.body, request.header,
                log(request.header, client: client, bytes: request.body.count))
        }
    }
}
