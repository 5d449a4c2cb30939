import CMilter
import Glibc
import Logging
import Synchronization
import Telemetry

/// libmilter's callbacks: each converts its arguments and calls one method of the session.
///
/// They are static functions, never closures formed in a main-actor context, which would trap when
/// libmilter's threads call them. A session is created at negotiation, or at connect when an MTA
/// uses the connection for another client without negotiating again, and released in `close`, which
/// may be the only callback. A missing session is a tempfail.
enum MilterCallbacks {
    /// What new sessions are created from.
    struct Context: Sendable {
        var filter: any MessageFilter
        var limits: MilterLimits
        var activity: MilterActivity
        var logger: Logger
    }

    /// A global set once before `smfi_main`, since libmilter has no user pointer at registration.
    static let context = Mutex<Context?>(nil)

    /// Steps that are never answered, so that the MTA need not wait.
    ///
    /// The body is not among them: it is answered with a skip once enough was read.
    private static let unanswered =
        SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR | SMFIP_NR_EOH
    /// Steps that the MTA need not report.
    private static let unwanted = SMFIP_NODATA | SMFIP_NOUNKNOWN
    /// Actions without which the filter can't work.
    private static let neededActions = SMFIF_ADDHDRS | SMFIF_CHGHDRS
    /// Actions that some policies need; asked for where the MTA offers them.
    private static let wantedActions = SMFIF_QUARANTINE | SMFIF_ADDRCPT | SMFIF_DELRCPT
    /// All actions, for the registration.
    static let actions = UInt(neededActions | wantedActions)

    /// xxfi_negotiate: asks for the actions and steps that are used and offered, and refuses an MTA
    /// that doesn't let filters edit headers.
    static let negotiate:
        @convention(c) (
            OpaquePointer?, UInt, UInt, UInt, UInt, UnsafeMutablePointer<UInt>?,
            UnsafeMutablePointer<UInt>?, UnsafeMutablePointer<UInt>?, UnsafeMutablePointer<UInt>?
        ) -> sfsistat = {
            connection, actions, steps, _, _, wantActions, wantSteps, spare1, spare2 in
            let needed = UInt(neededActions)
            guard let context = MilterCallbacks.context.withLock({ $0 }) else {
                return sfsistat(SMFIS_REJECT)
            }
            guard actions & needed == needed else {
                context.logger.record(.milterNegotiation)
                return sfsistat(SMFIS_REJECT)
            }
            wantActions?.pointee = needed | actions & UInt(wantedActions)
            let chosen = steps & UInt(unanswered | unwanted | SMFIP_SKIP)
            wantSteps?.pointee = chosen
            spare1?.pointee = 0
            spare2?.pointee = 0
            requestMacros(connection)
            install(connection, newSession(context, steps: chosen))
            return sfsistat(SMFIS_CONTINUE)
        }

    /// xxfi_connect: host name and address of the client.
    static let connect:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<sockaddr>?
        ) -> sfsistat = { connection, name, address in
            if session(connection) == nil, let context = MilterCallbacks.context.withLock({ $0 }) {
                // The steps negotiated are not known any more. libmilter drops replies that the MTA
                // does not wait for.
                install(connection, newSession(context, steps: 0))
            }
            return session(connection)?.connect(
                name: text(name), address: MilterCallbacks.address(address))
                ?? sfsistat(SMFIS_TEMPFAIL)
        }

    /// xxfi_helo: the name that the client gave.
    static let helo: @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?) -> sfsistat = {
        connection, name in
        session(connection)?.helo(text(name)) ?? sfsistat(SMFIS_TEMPFAIL)
    }

    /// xxfi_envfrom: the envelope sender, the first of the arguments.
    static let mail:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> sfsistat = { connection, arguments in
            session(connection)?.envelopeSender(
                text(arguments?.pointee), authenticated: macro(connection, "{auth_authen}"))
                ?? sfsistat(SMFIS_TEMPFAIL)
        }

    /// xxfi_envrcpt: an envelope recipient, the first of the arguments.
    static let recipient:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> sfsistat = { connection, arguments in
            session(connection)?.recipient(text(arguments?.pointee)) ?? sfsistat(SMFIS_TEMPFAIL)
        }

    /// xxfi_header: name and value of a header field.
    static let header:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?
        ) -> sfsistat = { connection, name, value in
            let bytes = value.map { value in
                // A C string of libmilter's, valid for the call; copied.
                Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
            }
            return session(connection)?.header(text(name), bytes ?? []) ?? sfsistat(SMFIS_TEMPFAIL)
        }

    /// xxfi_eoh.
    static let endOfHeader: @convention(c) (OpaquePointer?) -> sfsistat = { connection in
        session(connection)?.endOfHeader() ?? sfsistat(SMFIS_TEMPFAIL)
    }

    /// xxfi_body: a chunk of the body.
    static let body:
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt8>?, Int) -> sfsistat = {
            connection, chunk, count in
            session(connection)?.body(UnsafeBufferPointer(start: chunk, count: count))
                ?? sfsistat(SMFIS_TEMPFAIL)
        }

    /// xxfi_eom: judges the message and applies the response.
    static let endOfMessage: @convention(c) (OpaquePointer?) -> sfsistat = { connection in
        guard let session = session(connection) else { return sfsistat(SMFIS_TEMPFAIL) }
        let response = session.endOfMessage(queueID: macro(connection, "i")) {
            _ = smfi_progress(connection)
        }
        defer { session.finish() }
        return MilterActions(connection, session.logger).apply(response)
    }

    /// xxfi_abort: the message ended early.
    static let abort: @convention(c) (OpaquePointer?) -> sfsistat = { connection in
        session(connection)?.abort()
        return sfsistat(SMFIS_CONTINUE)
    }

    /// xxfi_close: the connection ended.
    static let close: @convention(c) (OpaquePointer?) -> sfsistat = { connection in
        if let pointer = smfi_getpriv(connection) {
            _ = smfi_setpriv(connection, nil)
            // Balances the retain of `install`; the session dies here.
            Unmanaged<MilterSession>.fromOpaque(pointer).release()
        }
        return sfsistat(SMFIS_CONTINUE)
    }

    // MARK: Conversions

    private static func session(_ connection: OpaquePointer?) -> MilterSession? {
        guard let pointer = smfi_getpriv(connection) else { return nil }
        return Unmanaged<MilterSession>.fromOpaque(pointer).takeUnretainedValue()
    }

    private static func newSession(_ context: Context, steps: UInt) -> MilterSession {
        MilterSession(
            filter: context.filter, limits: context.limits, activity: context.activity,
            logger: context.logger, unanswered: steps,
            canSkip: steps & UInt(SMFIP_SKIP) != 0)
    }

    private static func install(_ connection: OpaquePointer?, _ session: MilterSession) {
        let pointer = Unmanaged.passRetained(session).toOpaque()
        if smfi_setpriv(connection, pointer) != MI_SUCCESS {
            Unmanaged<MilterSession>.fromOpaque(pointer).release()
        }
    }

    private static func requestMacros(_ connection: OpaquePointer?) {
        // An MTA that can't be asked sends its default set, which has those used here.
        withMutableCString("{auth_authen}") { _ = smfi_setsymlist(connection, SMFIM_ENVFROM, $0) }
        withMutableCString("i") { _ = smfi_setsymlist(connection, SMFIM_EOM, $0) }
        for stage in [SMFIM_CONNECT, SMFIM_HELO, SMFIM_ENVRCPT, SMFIM_EOH] {
            withMutableCString("") { _ = smfi_setsymlist(connection, stage, $0) }
        }
    }

    private static func macro(_ connection: OpaquePointer?, _ name: String) -> String {
        withMutableCString(name) { text(smfi_getsymval(connection, $0)) }
    }

    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }

    static func address(_ pointer: UnsafeMutablePointer<sockaddr>?) -> String {
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
