import CLinux
import CMilter
import Foundation

/// The calls that set libmilter up.
extension MilterServer {
    /// Limits the number of glibc's memory arenas (mallopt(3)).
    ///
    /// glibc never returns an arena's peak usage, and libmilter's threads use them all. Limiting
    /// the arenas saves 110 MB under hostile mail and cost no measurable time.
    static func limitArenas() {
        mallopt(M_ARENA_MAX, Int32(2 * ProcessInfo.processInfo.activeProcessorCount))
    }

    /// Registers the callbacks.
    static func register() throws(StartError) {
        var description = smfiDesc()
        // libmilter keeps the pointer, so the copy is never freed.
        description.xxfi_name = strdup("siftd")
        description.xxfi_version = SMFI_VERSION
        description.xxfi_flags = MilterCallbacks.actions
        description.xxfi_negotiate = MilterCallbacks.negotiate
        description.xxfi_connect = MilterCallbacks.connect
        description.xxfi_helo = MilterCallbacks.helo
        description.xxfi_envfrom = MilterCallbacks.mail
        description.xxfi_envrcpt = MilterCallbacks.recipient
        description.xxfi_header = MilterCallbacks.header
        description.xxfi_eoh = MilterCallbacks.endOfHeader
        description.xxfi_body = MilterCallbacks.body
        description.xxfi_eom = MilterCallbacks.endOfMessage
        description.xxfi_abort = MilterCallbacks.abort
        description.xxfi_close = MilterCallbacks.close
        guard smfi_register(description) == MI_SUCCESS else { throw .refusedFilter }
    }

    /// Opens the socket that libmilter listens on.
    static func open(
        _ socket: SocketAddress, _ access: SocketAccess, backlog: Int32
    ) throws(StartError) {
        guard withMutableCString(socket.description, { smfi_setconn($0) }) == MI_SUCCESS else {
            throw .refusedSocket(socket)
        }
        _ = smfi_setbacklog(backlog)
        _ = smfi_setmaxdatasize(largestPacket)
        let file: UnixSocketFile? =
            if case .unix(let path) = socket { UnixSocketFile(path: path) } else { nil }
        try file?.prepare()
        // True: libmilter removes the socket file that an earlier run left behind.
        guard smfi_opensocket(true) == MI_SUCCESS else {
            throw .noListening(on: socket.description, code: errno)
        }
        try file?.protect(access)
    }
}
