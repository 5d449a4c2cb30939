import Checksums
import Foundation
import Milter
import Synchronization

/// Which messages are in progress, in a file that outlives the process.
///
/// A message whose digest was left there by a process that died is not judged when it comes again:
/// it may have been the cause, and mail that takes the filter down each time would never arrive.
/// Messages that merely happened to be in progress at the time are let through as well; we accept
/// that. After six days, when senders have given up (RFC 5321 section 4.5.4.1), an entry is
/// forgotten.
///
/// The file is memory-mapped, so an entry costs no system call and the kernel writes it even when
/// the process is killed. Any thread may use the journal; `@unchecked` because of the mapping,
/// which is only touched inside the lock.
public final class CrashJournal: @unchecked Sendable {
    /// Why the file can't be used.
    public struct OpenError: Error, CustomStringConvertible {
        /// The cause, as far as callers distinguish causes.
        public enum Kind: Sendable {
            /// The file holds something else, so the path is a mistake.
            case notAJournal
            /// Something else, such as a lack of room.
            case other
        }

        /// The journal's file.
        public var path: String
        /// What the system said, and what to do.
        public var reason: String
        /// The cause.
        public var kind = Kind.other
        /// Path and reason.
        public var description: String { "crash journal \(path): \(reason)" }
    }

    /// One message in progress.
    public struct Ticket: Sendable {
        let slot: Int?
        /// Whether it was in progress when an earlier process died.
        public let hasCrashed: Bool
    }

    private static let digestBytes = 16
    /// A digest and the seconds since 1970 at which its process was found dead; 0 while it lives.
    private static let entryBytes = digestBytes + 4
    private static let memorySeconds: UInt32 = 6 * 86_400
    /// Entries for messages in progress, and for those remembered.
    private static let workSlots = 1_024
    private static let memorySlots = 1_024
    private static let bytes = (workSlots + memorySlots) * entryBytes
    /// Bytes of body that tell messages apart well enough.
    private static let hashedBody = 65_536

    private struct State {
        var free = Array((0..<CrashJournal.workSlots).reversed())
        /// When each was remembered, in seconds since 1970.
        var crashed: [[UInt8]: UInt32] = [:]
    }

    private struct Entry {
        var digest: [UInt8]
        var time: UInt32
    }

    private let memory: UnsafeMutableRawPointer
    /// Locked as long as the journal is open.
    private let descriptor: Int32
    private let state = Mutex(State())
    private let clock: @Sendable () -> UInt32

    /// Messages remembered from earlier processes.
    public var remembered: Int { state.withLock { $0.crashed.count } }

    /// Opens the file, or creates it.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - clock: seconds since 1970.
    /// - Throws: ``OpenError``.
    public init(
        path: String,
        clock: @escaping @Sendable () -> UInt32 = { UInt32(clamping: time(nil)) }
    ) throws(OpenError) {
        func fail(_ what: String) -> OpenError {
            OpenError(path: path, reason: "can't be \(what): \(String(cString: strerror(errno)))")
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw fail("opened") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            throw reason == EWOULDBLOCK
                ? OpenError(path: path, reason: "is in use by another siftd; stop it first")
                : OpenError(
                    path: path, reason: "can't be locked: \(String(cString: strerror(reason)))")
        }
        do throws(OpenError) { try CrashJournal.checkContent(descriptor, path) } catch {
            close(descriptor)
            throw error
        }
        // Not ftruncate: a write into a hole kills the process when the disk is full.
        let reason = posix_fallocate(descriptor, 0, off_t(CrashJournal.bytes))
        guard reason == 0 else {
            close(descriptor)
            throw OpenError(
                path: path, reason: "has no room: \(String(cString: strerror(reason)))")
        }
        let mapped = mmap(
            nil, CrashJournal.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else {
            defer { close(descriptor) }
            throw fail("mapped")
        }
        memory = mapped
        self.descriptor = descriptor
        self.clock = clock
        recall()
    }

    deinit {
        munmap(memory, CrashJournal.bytes)
        close(descriptor)
    }

    /// Looks whether a file may become the journal, as far as this user may see; changes nothing.
    ///
    /// - Throws: ``OpenError`` of the kind `notAJournal`.
    public static func check(path: String) throws(OpenError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        try checkContent(descriptor, path)
    }

    /// Refuses a file that never was a journal, before anything in it is changed.
    ///
    /// A journal has no header, but entries for messages in progress have no time: four of twenty
    /// bytes are zero in half of the file, which no text has. A file of zeros alone has nothing to
    /// lose; a start that was killed may have left one that is too short.
    private static func checkContent(_ descriptor: Int32, _ path: String) throws(OpenError) {
        let room = bytes + 1
        var content = [UInt8](repeating: 0, count: room)
        let count = pread(descriptor, &content, room, 0)
        let hasForm =
            count == bytes
            && (0..<workSlots).allSatisfy { slot in
                let end = (slot + 1) * entryBytes
                return content[(end - entryBytes + digestBytes)..<end].allSatisfy { $0 == 0 }
            }
        let isBlank = (0...bytes).contains(count) && content.allSatisfy { $0 == 0 }
        guard hasForm || isBlank else {
            throw OpenError(
                path: path,
                reason: "is another file and stays as it is; name a file of its own in "
                    + "scan.crash_journal, or move this one away", kind: .notAJournal)
        }
    }

    /// Clears all messages in progress: the process ends on purpose, so none of them is to blame.
    public func forgive() {
        state.withLock { _ in
            _ = memset(memory, 0, CrashJournal.workSlots * CrashJournal.entryBytes)
        }
    }

    /// Moves what an earlier process left in progress to the remembered entries, of which the
    /// newest are kept.
    private func recall() {
        let now = clock()
        let all = (0..<(CrashJournal.workSlots + CrashJournal.memorySlots)).compactMap { entry($0) }
        var crashed: [[UInt8]: UInt32] = [:]
        for entry in all {
            let time = entry.time == 0 ? now : entry.time
            guard CrashJournal.isRemembered(time, now) else { continue }
            crashed[entry.digest] = max(time, crashed[entry.digest] ?? 0)
        }
        let kept = crashed.sorted { $0.value > $1.value }.prefix(CrashJournal.memorySlots)
        state.withLock { state in
            state.crashed = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        }
        memset(memory, 0, CrashJournal.bytes)
        for (index, entry) in kept.enumerated() {
            write(Entry(digest: entry.key, time: entry.value), CrashJournal.workSlots + index)
        }
    }

    /// A time in the future means that the clock was set back.
    private static func isRemembered(_ time: UInt32, _ now: UInt32) -> Bool {
        now <= time || now - time < memorySeconds
    }

    /// Enters a message as in progress.
    public func begin(_ transaction: Transaction) -> Ticket {
        let digest = CrashJournal.digest(transaction)
        return state.withLock { state in
            if let time = state.crashed[digest], CrashJournal.isRemembered(time, clock()) {
                return Ticket(slot: nil, hasCrashed: true)
            }
            let slot = state.free.popLast()
            if let slot { write(Entry(digest: digest, time: 0), slot) }
            return Ticket(slot: slot, hasCrashed: false)
        }
    }

    /// Removes a message that was answered.
    public func end(_ ticket: Ticket) {
        guard let slot = ticket.slot else { return }
        state.withLock { state in
            let none = [UInt8](repeating: 0, count: CrashJournal.digestBytes)
            write(Entry(digest: none, time: 0), slot)
            state.free.append(slot)
        }
    }

    private func entry(_ slot: Int) -> Entry? {
        let start = memory + slot * CrashJournal.entryBytes
        let digest = Array(UnsafeRawBufferPointer(start: start, count: CrashJournal.digestBytes))
        guard !digest.allSatisfy({ $0 == 0 }) else { return nil }
        return Entry(
            digest: digest,
            time: start.loadUnaligned(fromByteOffset: CrashJournal.digestBytes, as: UInt32.self))
    }

    private func write(_ entry: Entry, _ slot: Int) {
        let start = memory + slot * CrashJournal.entryBytes
        start.storeBytes(of: entry.time, toByteOffset: CrashJournal.digestBytes, as: UInt32.self)
        UnsafeMutableRawBufferPointer(start: start, count: CrashJournal.digestBytes)
            .copyBytes(from: entry.digest)
    }

    /// The digest of what stays the same when a message comes again, so not of the trace fields.
    private static func digest(_ transaction: Transaction) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(transaction.body.count, hashedBody) + 512)
        for field in transaction.header {
            let name = field.name.utf8.count < 11 ? field.name.lowercased() : ""
            guard name == "subject" || name == "from" || name == "message-id" else { continue }
            bytes += field.value + [0]
        }
        bytes += "\(transaction.body.count)".utf8
        bytes += transaction.body.prefix(hashedBody)
        return Array(SHA256.digest(bytes).prefix(digestBytes))
    }
}
