import CMilter

/// Carries out a response at end-of-message. Every failure is a tempfail: a message that could not
/// be marked must not pass as if it had been.
struct MilterActions {
    private let context: OpaquePointer?

    init(_ context: OpaquePointer?) { self.context = context }

    func carryOut(_ response: MilterResponse) -> sfsistat {
        for modification in response.modifications where !apply(modification) {
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
        String(
            value.unicodeScalars.prefix(900).filter {
                $0.value >= 0x20 && $0.value < 0x7F || $0 == "\n" || $0 == "\t"
            }.map(Character.init))
    }
}
