/// The reply to a refused message: SMTP code, enhanced code (RFC 3463) and text.
public struct RefusalText: Sendable, Equatable {
    /// Three digits, such as `550`.
    public var code: String
    /// Enhanced code such as `5.7.1`, of the same class as ``code``.
    public var status: String
    /// One line; `{queue_id}` stands for the MTA's queue id.
    public var text: String

    /// A reply with this code, enhanced code and text.
    public init(_ code: String, _ status: String, _ text: String) {
        self.code = code
        self.status = status
        self.text = text
    }

    /// Checks a code and an enhanced code.
    ///
    /// - Parameters:
    ///   - code: three digits.
    ///   - status: three numbers with dots between.
    ///   - permanent: whether the refusal is permanent (class 5) or temporary (class 4).
    /// - Returns: the mistake, human-readable; nil when there is none.
    public static func defect(code: String, status: String, permanent: Bool) -> String? {
        let digit: Character = permanent ? "5" : "4"
        let parts = status.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.allSatisfy { part in
            (1...3).contains(part.count) && part.allSatisfy { $0.isASCII && $0.isNumber }
        }
        // Sendmail and Postfix ignore a 4xx code of a rejection and a 5xx code of a tempfail.
        guard code.count == 3, code.allSatisfy({ $0.isASCII && $0.isNumber }), code.first == digit
        else { return "must be a code of three digits that begins with \(digit)" }
        guard parts.count == 3, numbers, parts[0] == "\(digit)" else {
            return "must be an enhanced code such as \(digit).7.1"
        }
        return nil
    }

    /// The text for the message with this queue id; the id may be empty.
    public func text(queueID: String) -> String {
        text.replacing("{queue_id}", with: queueID.isEmpty ? "NOQUEUE" : queueID)
    }
}
