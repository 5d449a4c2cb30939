import Dispatch
import Glibc
import Logging
import Models
import Settings
import SpamFilter
import Telemetry

/// Brings changed files into force: everything on HUP and USR1, the lists whenever they change.
///
/// One after the other, on a queue of its own.
final class Reloader: Sendable {
    private let live: LiveConfiguration
    /// What the daemon was started with; of keys that need a restart, this is in force.
    private let started: SiftdSettings
    private let read: @Sendable () throws -> SiftdSettings
    private let notices: Notices
    private let logger: Logger
    private let manager: ServiceManager
    private let isStopping: @Sendable () -> Bool
    private let queue = DispatchQueue(label: "siftd.reload")
    private let lists: FileWatch

    /// Between two looks at the list files; an admin who edits one does not wait longer to try it.
    private static let interval = DispatchTimeInterval.seconds(2)

    /// Watches the lists that are in force.
    ///
    /// - Parameters:
    ///   - live: what is replaced; its settings are those of the start.
    ///   - stamps: of the list files, from before they were read.
    ///   - notices: what is logged of a configuration that comes into force.
    ///   - manager: is informed of each reload.
    ///   - isStopping: asked before a reload; one that comes late is ignored.
    ///   - read: reads the configuration again; throws `SettingsErrors`.
    init(
        _ live: LiveConfiguration, stamps: FileStamps, notices: Notices, manager: ServiceManager,
        isStopping: @escaping @Sendable () -> Bool,
        read: @escaping @Sendable () throws -> SiftdSettings
    ) {
        self.live = live
        started = live.settings
        self.read = read
        self.notices = notices
        self.manager = manager
        self.isStopping = isStopping
        logger = notices.logger
        lists = FileWatch(every: Reloader.interval, on: queue)
        watchLists(stamps)
    }

    /// From now on HUP and USR1 reload.
    func reloadOnSignals() -> SignalSources {
        SignalSources([SIGHUP, SIGUSR1], isIgnoredBefore: true, on: queue) { [self] in reload() }
    }

    /// Reloads now and returns when it is done.
    func reloadNow() { queue.sync { reload() } }

    /// Waits for a reload in progress: exiting while OpenBLAS computes can crash.
    func finish() { queue.sync {} }

    /// Reads and checks everything first, then swaps it in one step.
    ///
    /// Whatever has a mistake, the running configuration stays.
    private func reload() {
        dispatchPrecondition(condition: .onQueue(queue))
        guard !isStopping() else { return }
        manager.reloading()
        defer { manager.ready(serving: live.snapshot.model) }
        do {
            let new = try read()
            try new.checkFiles()
            let stamps = FileStamps(new.lists.paths)
            let model = try ScoringModel.load(new)
            try live.replace(new, model: model)
            notices.show(model)
            notices.warn(of: new, model)
            watchLists(stamps)
            for key in SettingKey.needingRestart(from: started, to: new) {
                logger.record(.restartNeeded(key: key.path))
            }
            logger.record(.reloaded(model: model.id))
        } catch { MailLogEvent.reloadFailed(error).forEach(logger.record) }
    }

    private func watchLists(_ stamps: FileStamps) {
        lists.watch(stamps) { [weak self] in self?.readLists() }
    }

    private func readLists() {
        dispatchPrecondition(condition: .onQueue(queue))
        do {
            try live.readLists()
            logger.record(.listsReloaded)
        } catch { MailLogEvent.listsRefused(error).forEach(logger.record) }
    }
}
