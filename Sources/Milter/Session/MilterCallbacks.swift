import CMilter
import Glibc
import Logging
import Synchronization

/// libmilter's callbacks: each converts its arguments and calls one method of the session.
///
/// They are static functions, never closures made in a main-actor context, which would trap when
/// libmilter's threads call them. A session is made at negotiation, or at connect when an MTA keeps
/// the connection for another client without negotiating again, and released in `close`, which may
/// be the only callback. A missing session is a tempfail.
enum MilterCallbacks {
    /// What new sessions are made of. libmilter has no user pointer at registration, so this one
    /// global, set once before `smfi_main`, holds it.
    struct Context: Sendable {
        var filter: any MessageFilter
        var limits: MilterLimits
        var activity: MilterActivity
        var logger: Logger
    }

    static let context = Mutex<Context?>(nil)

    /// Steps we never answer, so that the MTA need not wait. The body is not among them: it is
    /// answered with a skip once enough was read.
    private static let unanswered =
        SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR | SMFIP_NR_EOH
    /// Steps we don't want to hear of.
    private static let unwanted = SMFIP_NODATA | SMFIP_NOUNKNOWN
    /// Actions without which the filter can't work.
    private static let neededActions = SMFIF_ADDHDRS | SMFIF_CHGHDRS
    /// Actions that some policies need; asked for where the MTA offers them.
    private static let wantedActions = SMFIF_QUARANTINE | SMFIF_ADDRCPT | SMFIF_DELRCPT
    /// All that may be asked for, for the registration.
    static let actions = UInt(neededActions | wantedActions)

    /// xxfi_negotiate: asks for what is used and offered, and refuses an MTA that can't edit headers.
    static let negotiate:
        @convention(c) (
            OpaquePointer?, UInt, UInt, UInt, UInt, UnsafeMutablePointer<UInt>?,
            UnsafeMutablePointer<UInt>?, UnsafeMutablePointer<UInt>?, UnsafeMutablePointer<UInt>?
        ) -> sfsistat = { context, actions, steps, _, _, wantActions, wantSteps, spare1, spare2 in
            let needed = UInt(neededActions)
            guard let made = MilterCallbacks.context.withLock({ $0 }) else {
                return sfsistat(SMFIS_REJECT)
            }
            guard actions & needed == needed else {
                made.logger.error(
                    "msg=milter_negotiation the MTA does not let filters edit headers")
                return sfsistat(SMFIS_REJECT)
            }
            wantActions?.pointee = needed | actions & UInt(wantedActions)
            let chosen = steps & UInt(unanswered | unwanted | SMFIP_SKIP)
            wantSteps?.pointee = chosen
            spare1?.pointee = 0
            spare2?.pointee = 0
            requestMacros(context)
            install(context, newSession(made, steps: chosen))
            return sfsistat(SMFIS_CONTINUE)
        }

    static let connect:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<sockaddr>?
        ) -> sfsistat = { context, name, address in
            if session(context) == nil, let made = MilterCallbacks.context.withLock({ $0 }) {
                // What was negotiated is not known any more. A reply that was agreed to be left out
                // is dropped by libmilter.
                install(context, newSession(made, steps: 0))
            }
            return session(context)?.connect(
                name: text(name), address: MilterCallbacks.address(address))
                ?? sfsistat(SMFIS_TEMPFAIL)
        }

    static let helo: @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?) -> sfsistat = {
        context, name in
        session(context)?.helo(text(name)) ?? sfsistat(SMFIS_TEMPFAIL)
    }

    static let mail:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> sfsistat = { context, arguments in
            session(context)?.envelopeSender(
                text(arguments?.pointee), authenticated: macro(context, "{auth_authen}"))
                ?? sfsistat(SMFIS_TEMPFAIL)
        }

    static let recipient:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> sfsistat = { context, arguments in
            session(context)?.recipient(text(arguments?.pointee)) ?? sfsistat(SMFIS_TEMPFAIL)
        }

    static let header:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?
        ) -> sfsistat = { context, name, value in
            let bytes = value.map { value in
                // A C string of libmilter's, valid for the call; copied.
                Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
            }
            return session(context)?.header(text(name), bytes ?? []) ?? sfsistat(SMFIS_TEMPFAIL)
        }

    static let endOfHeader: @convention(c) (OpaquePointer?) -> sfsistat = { context in
        session(context)?.endOfHeader() ?? sfsistat(SMFIS_TEMPFAIL)
    }

    static let body:
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt8>?, Int) -> sfsistat = {
            context, chunk, count in
            session(context)?.body(UnsafeBufferPointer(start: chunk, count: count))
                ?? sfsistat(SMFIS_TEMPFAIL)
        }

    static let endOfMessage: @convention(c) (OpaquePointer?) -> sfsistat = { context in
        guard let session = session(context) else { return sfsistat(SMFIS_TEMPFAIL) }
        let response = session.endOfMessage(queueID: macro(context, "i")) {
            _ = smfi_progress(context)
        }
        defer { session.finish() }
        return MilterActions(context, MilterCallbacks.context.withLock { $0?.logger })
            .carryOut(response)
    }

    static let abort: @convention(c) (OpaquePointer?) -> sfsistat = { context in
        session(context)?.abort()
        return sfsistat(SMFIS_CONTINUE)
    }

    static let close: @convention(c) (OpaquePointer?) -> sfsistat = { context in
        if let pointer = smfi_getpriv(context) {
            _ = smfi_setpriv(context, nil)
            // Balances the retain of `install`; the session dies here.
            Unmanaged<MilterSession>.fromOpaque(pointer).release()
        }
        return sfsistat(SMFIS_CONTINUE)
    }

    // MARK: Conversions

    private static func session(_ context: OpaquePointer?) -> MilterSession? {
        guard let pointer = smfi_getpriv(context) else { return nil }
        return Unmanaged<MilterSession>.fromOpaque(pointer).takeUnretainedValue()
    }

    private static func newSession(_ made: Context, steps: UInt) -> MilterSession {
        MilterSession(
            filter: made.filter, limits: made.limits, activity: made.activity, unanswered: steps,
            canSkip: steps & UInt(SMFIP_SKIP) != 0)
    }

    private static func install(_ context: OpaquePointer?, _ session: MilterSession) {
        let pointer = Unmanaged.passRetained(session).toOpaque()
        if smfi_setpriv(context, pointer) != MI_SUCCESS {
            Unmanaged<MilterSession>.fromOpaque(pointer).release()
        }
    }

    private static func requestMacros(_ context: OpaquePointer?) {
        // An MTA that can't be asked sends its default set, which holds what we use.
        withMutableCString("{auth_authen}") { _ = smfi_setsymlist(context, SMFIM_ENVFROM, $0) }
        withMutableCString("i") { _ = smfi_setsymlist(context, SMFIM_EOM, $0) }
        for stage in [SMFIM_CONNECT, SMFIM_HELO, SMFIM_ENVRCPT, SMFIM_EOH] {
            withMutableCString("") { _ = smfi_setsymlist(context, stage, $0) }
        }
    }

    private static func macro(_ context: OpaquePointer?, _ name: String) -> String {
        withMutableCString(name) { text(smfi_getsymval(context, $0)) }
    }

    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }

    private static func address(_ pointer: UnsafeMutablePointer<sockaddr>?) -> String {
        guard let pointer else { return "" }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // The address structure is as large as its family says (sockaddr(3type)).
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET:
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                _ = inet_ntop(AF_INET, &$0.pointee.sin_addr, &buffer, socklen_t(buffer.count))
            }
        case AF_INET6:
            pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                _ = inet_ntop(AF_INET6, &$0.pointee.sin6_addr, &buffer, socklen_t(buffer.count))
            }
        default: return ""
        }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// libmilter takes `char *` even where it only reads: a mutable copy for the time of the call.
func withMutableCString<Result>(
    _ text: String, _ body: (UnsafeMutablePointer<CChar>?) -> Result
) -> Result {
    var bytes = Array(text.utf8CString)
    return bytes.withUnsafeMutableBufferPointer { body($0.baseAddress) }
}
