import ArgumentParser
import Foundation
import Hummingbird
import Logging
import Milter
import ServiceLifecycle
import Settings
import SiftdDaemon
import Telemetry

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the daemon in the foreground.",
        discussion: """
            TERM stops in order: messages in work are finished first; a second TERM stops at once. HUP and USR1 read the \
            configuration and the model again; with an error in them the running ones stay.
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        try await SystemExit.reporting {
            let settings = try configuration.settings()
            let logger = Serve.logger(settings)
            let daemon = try Daemon(settings, version: Siftd.version, logger: logger)
            let stop = StopSignals { daemon.stopAtOnce() }
            daemon.startMilter()
            let reload = daemon.reloadOnSignals { try configuration.settings() }
            defer {
                reload.cancel()
                daemon.finishReloads()
                // The group lets go of it after the first signal.
                withExtendedLifetime(stop) {}
            }
            let application = daemon.application()
            let group = ServiceGroup(
                configuration: .init(
                    services: [
                        .init(service: application),
                        .init(service: MilterService(daemon: daemon)),
                        .init(service: WatchdogService(daemon: daemon)),
                        .init(
                            service: stop,
                            successTerminationBehavior: .gracefullyShutdownGroup),
                    ], logger: logger))
            do { try await group.run() } catch {
                guard !daemon.hasStartedHTTP else { throw error }
                throw HTTPStartError(
                    address: settings.httpAddress, port: settings.httpPort, cause: "\(error)")
            }
            logger.notice("msg=stopped")
        }
    }

    private static func logger(_ settings: SiftdSettings) -> Logger {
        let target = MailLogHandler.Target(rawValue: settings.logTarget.rawValue) ?? .stderr
        let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
        let format = MailLogHandler.Format(rawValue: settings.logFormat.rawValue) ?? .text
        // journald sets this for its stream; elsewhere priorities would only be noise.
        let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
        MailLogHandler.openSyslog()
        LoggingSystem.bootstrap { _ in
            MailLogHandler(
                target: target, level: level, format: format, showsPriority: isJournal)
        }
        return Logger(label: "siftd")
    }
}

/// The HTTP port could not be opened.
struct HTTPStartError: Error, CustomStringConvertible {
    var address: String
    var port: Int
    var cause: String
    var description: String {
        "http: can't listen on \(address) port \(port) (http.address, http.port): \(cause)"
    }
}

/// Keeps the milter up until the group stops, then drains it. If libmilter ends by itself the whole
/// daemon ends: one that judges no mail must not look alive.
private struct MilterService: Service {
    let daemon: Daemon

    func run() async throws {
        let isOrderly = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                try? await gracefulShutdown()
                return true
            }
            group.addTask {
                await daemon.milterEnded()
                return false
            }
            let first = await group.next() ?? false
            if first {
                await withCheckedContinuation { continuation in
                    Thread { continuation.resume(returning: daemon.stopMilter()) }.start()
                }
            }
            group.cancelAll()
            return first
        }
        if !isOrderly {
            throw MilterServer.StartError(reason: "libmilter ended by itself; the log says why")
        }
    }
}

/// Signs of life for the service manager, until the group stops.
private struct WatchdogService: Service {
    let daemon: Daemon

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await daemon.feedWatchdog() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }
}
