import ArgumentParser
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Settings
import Telemetry
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the daemon in the foreground.",
        discussion: """
            TERM stops in order: messages in work are finished first. HUP and USR1 read the \
            configuration and the model again; with an error in them the running ones stay.
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        try await SystemExit.reporting {
            let settings = try configuration.settings()
            let logger = Serve.logger(settings)
            let daemon = try Daemon(settings, file: configuration.config, logger: logger)
            try daemon.startMilter()
            let reload = ReloadSignals {
                daemon.reload { try configuration.settings() }
            }
            defer { reload.cancel() }
            let application = daemon.application()
            let group = ServiceGroup(
                configuration: .init(
                    services: [
                        .init(service: application),
                        .init(service: MilterService(daemon: daemon)),
                    ],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            do { try await group.run() } catch {
                daemon.stopMilter()
                throw error
            }
            logger.notice("msg=stopped")
        }
    }

    private static func logger(_ settings: SiftdSettings) -> Logger {
        let target = MailLogHandler.Target(rawValue: settings.logTarget.rawValue) ?? .stderr
        let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
        // journald sets this for its stream; elsewhere priorities would only be noise.
        let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
        MailLogHandler.openSyslog()
        LoggingSystem.bootstrap { _ in
            MailLogHandler(target: target, level: level, showsPriority: isJournal)
        }
        return Logger(label: "siftd")
    }
}

/// Keeps the milter up until the group stops, then drains it.
private struct MilterService: Service {
    let daemon: Daemon

    func run() async throws {
        try? await gracefulShutdown()
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: daemon.stopMilter()) }.start()
        }
    }
}

/// HUP and USR1, delivered on a queue instead of to a handler.
private final class ReloadSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ action: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "siftd.reload")
        sources = [SIGHUP, SIGUSR1].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: DispatchWorkItem(block: action))
            source.resume()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
