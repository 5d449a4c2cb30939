import CMilter
import Logging

/// Carries out a response at end-of-message. Every failure is a tempfail: a message that could not
/// be marked must not pass as if it had been.
struct MilterActions {
    private let context: OpaquePointer?
    private let logger: Logger?

    init(_ context: OpaquePointer?, _ logger: Logger?) {
        self.context = context
        self.logger = logger
    }

    func carryOut(_ response: MilterResponse) -> sfsistat {
        for modification in response.modifications where !apply(modification) {
            logger?.error(
                """
                msg=milter_refused the MTA or libmilter refused to \(modification.words); the \
                message was tempfailed
                """)
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
                    smfi_insheader(context, 0, name, value) == MI_SUCCESS
                }
            }
        case .deleteHeader(let name, let occurrence):
            return withMutableCString(name) { name in
                smfi_chgheader(context, name, Int32(clamping: occurrence), nil) == MI_SUCCESS
            }
        case .changeHeader(let name, let occurrence, let value):
            var bytes = value.filter { $0 != 0 && $0 != 0x0D } + [0]
            return withMutableCString(name) { name in
                bytes.withUnsafeMutableBytes { value in
                    smfi_chgheader(
                        context, name, Int32(clamping: occurrence),
                        value.bindMemory(to: CChar.self).baseAddress) == MI_SUCCESS
                }
            }
        case .addRecipient(let address):
            return withMutableCString("<\(address)>") { smfi_addrcpt(context, $0) == MI_SUCCESS }
        case .deleteRecipient(let address):
            return withMutableCString("<\(address)>") { smfi_delrcpt(context, $0) == MI_SUCCESS }
        case .quarantine(let reason):
            return withMutableCString(MilterActions.replyText(reason)) {
                smfi_quarantine(context, $0) == MI_SUCCESS
            }
        }
    }

    /// A reply that libmilter refuses is left to the MTA's own text.
    private func setReply(_ code: String, _ status: String, _ text: String) {
        withMutableCString(code) { code in
            withMutableCString(status) { status in
                withMutableCString(MilterActions.replyText(text)) { text in
                    _ = smfi_setreply(context, code, status, text)
                }
            }
        }
    }

    /// Printable ASCII, at most 980 bytes, `%` doubled because libmilter formats the text.
    static func replyText(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars where result.utf8.count < 980 {
            guard scalar.value >= 0x20, scalar.value < 0x7F else { continue }
            result += scalar == "%" ? "%%" : String(scalar)
        }
        return result
    }

    /// Printable ASCII and folds, below the line limit of RFC 5322 section 2.1.1.
    static func headerValue(_ value: String) -> String {
        let lineFeed = UInt8(ascii: "\n")
        let tab = UInt8(ascii: "\t")
        return String(
            decoding: value.utf8.prefix(900).filter {
                $0 >= 0x20 && $0 < 0x7F || $0 == lineFeed || $0 == tab
            }, as: UTF8.self)
    }
}

extension Modification {
    /// For the log.
    fileprivate var words: String {
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
