import CMilter
import Logging
import Telemetry

/// Applies a response at end-of-message.
///
/// Every failure is a tempfail: a message whose headers could not be edited must not be delivered
/// as if they had been.
struct MilterActions {
    /// The largest number of bytes of a header value: with a name in front a value of one line
    /// stays below the 998 of RFC 5322 section 2.1.1.
    ///
    /// The fields that siftd makes are shorter (`HeaderLimits` in FilterPolicy); this is the guard
    /// behind them.
    static let longestHeaderValue = 900

    /// libmilter's `SMFICTX`.
    private let connection: OpaquePointer?
    private let logger: Logger

    init(_ connection: OpaquePointer?, _ logger: Logger) {
        self.connection = connection
        self.logger = logger
    }

    func apply(_ response: MilterResponse) -> sfsistat {
        for modification in response.modifications where !apply(modification) {
            logger.record(.milterRefused(change: modification.summary))
            return sfsistat(SMFIS_TEMPFAIL)
        }
        switch response.reply {
        case .accept: return sfsistat(SMFIS_CONTINUE)
        case .reject(let code, let status, let text):
            setReply(code, status, text)
            return sfsistat(SMFIS_REJECT)
        case .tempfail(let code, let status, let text):
            setReply(code, status, text)
            return sfsistat(SMFIS_TEMPFAIL)
        case .discard: return sfsistat(SMFIS_DISCARD)
        }
    }

    private func apply(_ modification: Modification) -> Bool {
        switch modification {
        case .insertHeader(let name, let value):
            return withMutableCString(name) { name in
                withMutableCString(MilterActions.headerValue(value)) { value in
                    smfi_insheader(connection, 0, name, value) == MI_SUCCESS
                }
            }
        case .deleteHeader(let name, let occurrence):
            return withMutableCString(name) { name in
                smfi_chgheader(connection, name, Int32(clamping: occurrence), nil) == MI_SUCCESS
            }
        case .changeHeader(let name, let occurrence, let value):
            var bytes = value.filter { $0 != 0 && $0 != 0x0D } + [0]
            return withMutableCString(name) { name in
                bytes.withUnsafeMutableBytes { value in
                    smfi_chgheader(
                        connection, name, Int32(clamping: occurrence),
                        value.bindMemory(to: CChar.self).baseAddress) == MI_SUCCESS
                }
            }
        case .addRecipient(let address):
            return withMutableCString("<\(address)>") {
                smfi_addrcpt(connection, $0) == MI_SUCCESS
            }
        case .deleteRecipient(let address):
            return withMutableCString("<\(address)>") {
                smfi_delrcpt(connection, $0) == MI_SUCCESS
            }
        case .quarantine(let reason):
            return withMutableCString(MilterActions.replyText(reason)) {
                smfi_quarantine(connection, $0) == MI_SUCCESS
            }
        }
    }

    /// Sets code and text of a refusal; where libmilter refuses them, the MTA uses its defaults.
    private func setReply(_ code: String, _ status: String, _ text: String) {
        withMutableCString(code) { code in
            withMutableCString(status) { status in
                withMutableCString(MilterActions.replyText(text)) { text in
                    _ = smfi_setreply(connection, code, status, text)
                }
            }
        }
    }

    /// The printable ASCII of a text, `%` doubled because libmilter uses the text as a format.
    static func replyText(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars where scalar.value >= 0x20 && scalar.value < 0x7F {
            let piece = scalar == "%" ? "%%" : String(scalar)
            guard result.utf8.count + piece.utf8.count <= MilterReply.longestText else { break }
            result += piece
        }
        return result
    }

    /// The printable ASCII and folds of a value.
    static func headerValue(_ value: String) -> String {
        let lineFeed = UInt8(ascii: "\n")
        let tab = UInt8(ascii: "\t")
        return String(
            decoding: value.utf8.prefix(longestHeaderValue).filter {
                $0 >= 0x20 && $0 < 0x7F || $0 == lineFeed || $0 == tab
            }, as: UTF8.self)
    }
}

extension Modification {
    /// For the log: continues "refused to".
    fileprivate var summary: String {
        switch self {
        case .insertHeader(let name, _): "insert \(name)"
        case .deleteHeader(let name, _): "delete \(name)"
        case .changeHeader(let name, _, _): "change \(name)"
        case .addRecipient: "add a recipient"
        case .deleteRecipient: "delete a recipient"
        case .quarantine: "quarantine"
        }
    }
}
