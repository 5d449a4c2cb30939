import Foundation
import Milter
import Synchronization
import TextCNN

/// Which messages are in work, in a file that outlives the process.
///
/// A message whose digest was left there by a process that died is not judged when it comes again:
/// it may have been the cause, and mail that takes the filter down each time would never arrive.
/// Those that only happened to be in work at the same time pass unjudged, too; that is the price.
///
/// The file is memory-mapped, so an entry costs no system call and the kernel writes it even when the
/// process is killed. Any thread may use the journal; `@unchecked` because of the mapping, which is
/// only touched inside the lock.
public final class CrashJournal: @unchecked Sendable {
    /// Why the file can't be used.
    public struct OpenError: Error, CustomStringConvertible {
        public var path: String
        public var reason: String
        public var description: String { "crash journal \(path): \(reason)" }
    }

    /// One message in work.
    public struct Ticket: Sendable {
        let slot: Int?
        /// Whether it was in work when an earlier process died.
        public let hasCrashed: Bool
    }

    private static let digestBytes = 16
    /// Entries for messages in work, and for those remembered.
    private static let workSlots = 1_024
    private static let memorySlots = 1_024
    private static let bytes = (workSlots + memorySlots) * digestBytes
    /// Bytes of body that tell messages apart well enough.
    private static let hashedBody = 65_536

    private struct State {
        var free = Array((0..<CrashJournal.workSlots).reversed())
        var crashed: Set<[UInt8]> = []
    }

    private let memory: UnsafeMutableRawPointer
    private let state = Mutex(State())

    /// Messages remembered from earlier processes.
    public var remembered: Int { state.withLock { $0.crashed.count } }

    /// Opens the file or makes it.
    ///
    /// - Throws: ``OpenError``.
    public init(path: String) throws(OpenError) {
        func fail(_ what: String) -> OpenError {
            OpenError(path: path, reason: "can't be \(what): \(String(cString: strerror(errno)))")
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw fail("opened") }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(CrashJournal.bytes)) == 0 else { throw fail("resized") }
        let mapped = mmap(
            nil, CrashJournal.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { throw fail("mapped") }
        memory = mapped
        recall()
    }

    deinit { munmap(memory, CrashJournal.bytes) }

    /// Moves what an earlier process left in work to the remembered entries; the oldest of these go.
    private func recall() {
        let left = (0..<CrashJournal.workSlots).compactMap { entry($0) }
        let known = (0..<CrashJournal.memorySlots).compactMap { entry(CrashJournal.workSlots + $0) }
        let kept = Array(
            (left + known.filter { !left.contains($0) }).prefix(CrashJournal.memorySlots))
        state.withLock { $0.crashed = Set(kept) }
        memset(memory, 0, CrashJournal.bytes)
        for (index, digest) in kept.enumerated() { write(digest, CrashJournal.workSlots + index) }
    }

    /// Notes a message as in work.
    public func begin(_ transaction: Transaction) -> Ticket {
        let digest = CrashJournal.digest(transaction)
        return state.withLock { state in
            guard !state.crashed.contains(digest) else {
                return Ticket(slot: nil, hasCrashed: true)
            }
            let slot = state.free.popLast()
            if let slot { write(digest, slot) }
            return Ticket(slot: slot, hasCrashed: false)
        }
    }

    /// The message was answered.
    public func end(_ ticket: Ticket) {
        guard let slot = ticket.slot else { return }
        state.withLock { state in
            write([UInt8](repeating: 0, count: CrashJournal.digestBytes), slot)
            state.free.append(slot)
        }
    }

    private func entry(_ slot: Int) -> [UInt8]? {
        let start = memory + slot * CrashJournal.digestBytes
        let bytes = Array(UnsafeRawBufferPointer(start: start, count: CrashJournal.digestBytes))
        return bytes.allSatisfy { $0 == 0 } ? nil : bytes
    }

    private func write(_ digest: [UInt8], _ slot: Int) {
        digest.withUnsafeBytes {
            (memory + slot * CrashJournal.digestBytes).copyMemory(
                from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count)
        }
    }

    /// Of what stays the same when a message comes again: not of the trace fields.
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
        return Array(Digest.sha256Bytes(bytes).prefix(digestBytes))
    }
}
