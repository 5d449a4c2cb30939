import FilterPolicy
import Milter

extension SettingKey {
    /// What is done with judged mail.
    static let policy = [
        SettingKey.choice(
            "policy", "mode", \.policy.mode,
            "\"filter\" acts; \"monitor\" only logs what it would do."),
        SettingKey(
            section: "policy", name: "tag_threshold",
            comment: """
                Spam probability from which on a message is marked as spam; 0 takes the model's own,
                chosen for 0.5 % false positives on held-out mail. Always 5.00 points in the headers.
                In a language that the model knows less well a message must lie higher, for reject
                and actions, too; in one that it does not know it is never marked.
                """,
            read: { $0.policy.tagThreshold = try threshold($1) },
            show: { "\($0.policy.tagThreshold ?? 0)" }),
        SettingKey(
            section: "policy", name: "unsure_threshold",
            comment: "Probability from which on the log says unsure; delivered as ham.",
            read: { $0.policy.unsureThreshold = try $1.probability() },
            show: { "\($0.policy.unsureThreshold)" }),
        .flag(
            "policy", "reason_header", \.policy.addsReasons,
            """
            Add X-Spam-Reason to spam and unsure messages: the words of the message that moved
            its score most, and by how much.
            """),
        .flag(
            "policy", "reject", \.policy.rejects,
            "Refuse the surest spam. Watch the log for a week first."),
        SettingKey(
            section: "policy", name: "reject_threshold",
            comment: "Probability from which on spam is refused; 0 takes the model's own (0.1 %).",
            read: { $0.policy.rejectThreshold = try threshold($1) },
            show: { "\($0.policy.rejectThreshold ?? 0)" }),
        .text(
            "policy", "reject_code", \.policy.rejection.code, "SMTP code of the refusal.",
            check: { try code($0, permanent: true) }),
        .text(
            "policy", "reject_status", \.policy.rejection.status,
            "Its enhanced code (RFC 3463).", check: { try status($0, permanent: true) }),
        .text(
            "policy", "reject_text", \.policy.rejection.text,
            """
            Its text; a contact address or page helps wanted senders. {queue_id} is the MTA's
            queue id.
            """, check: replyText),
        .list(
            "policy", "actions", \.policy.rules,
            """
            What else is done with spam than marking it: "ACTION from PROBABILITY",
            "ACTION from model" (the model's own threshold for rejection) or "ACTION for LABEL",
            of a model with several labels. Actions: redirect, quarantine (in the MTA's queue),
            tempfail, reject, discard. The strictest that applies is carried out.
            Such as ["quarantine from model", "reject from 0.999"].
            """, entry: rule, show: \.description),
        .text(
            "policy", "redirect_to", \.policy.redirectTo,
            "Mailbox for the action redirect; X-Spam-Original-To names the recipients.",
            check: mailbox),
        .text(
            "policy", "quarantine_reason", \.policy.quarantineReason,
            "What the MTA's queue shows for quarantined mail.", check: replyText),
        .text(
            "policy", "tempfail_code", \.policy.delay.code, "SMTP code of the action tempfail.",
            check: { try code($0, permanent: false) }),
        .text(
            "policy", "tempfail_status", \.policy.delay.status, "Its enhanced code.",
            check: { try status($0, permanent: false) }),
        .text(
            "policy", "tempfail_text", \.policy.delay.text, "Its text.", check: replyText),
        .text(
            "policy", "subject_tag", \.policy.subjectTag,
            """
            Put in front of the Subject of spam, such as "[SPAM] "; "" leaves Subjects alone.
            Breaks the sender's DKIM signature.
            """, check: ascii),
        .integer(
            "policy", "minimum_tokens", \.policy.minimumEvidence, in: 0...1_000,
            "Messages with fewer words and links are unsure, whatever the network says."),
        .choice(
            "policy", "on_error", \.policy.faults.onError,
            """
            When siftd itself fails a message: "tempfail" (451 4.3.0, the sender tries again),
            "accept" (delivered with X-Spam-Status: … tests=UNSCANNED) or "quarantine".
            """),
        .choice(
            "policy", "on_timeout", \.policy.faults.onTimeout,
            "When scoring.deadline has passed."),
        .choice(
            "policy", "on_overload", \.policy.faults.onOverload,
            "Beyond milter.message_limit or scoring.queue_limit."),
        SettingKey(
            section: "policy", name: "on_no_model",
            comment: """
                Without a usable model: "stop" refuses to start; the others start and wait for a
                reload that brings one.
                """,
            read: { try readNoModel(&$0, $1) },
            show: {
                Shown.text($0.stopsWithoutModel ? "stop" : $0.policy.faults.onNoModel.rawValue)
            }),
        .list(
            "policy", "removed_headers", \.policy.removedHeaders,
            "Header fields removed from inbound mail, beside all X-Spam*.", entry: { $0 },
            show: { $0 }),
    ]

    /// What is added to judged mail.
    static let headers = [
        SettingKey.list(
            "headers", "fields", \.policy.headers,
            """
            The fields added to judged mail. Placeholders: {flag} YES or NO, {yes_no}, {verdict},
            {action}, {score} and {required} in points, {stars}, {p} the probability, {model},
            {version}, {reasons} what moved the score, {labels} of a model with several. A field
            with nothing in it is left out. Names begin with X-, and fields of these names are
            removed from inbound mail, so choose ones that nobody else uses.
            """, entry: template, show: \.description)
    ]

    private static func readNoModel(
        _ settings: inout SiftdSettings, _ value: ConfigurationValue
    ) throws {
        if case .string("stop") = value {
            settings.stopsWithoutModel = true
            return
        }
        do { settings.policy.faults.onNoModel = try value.choice(FaultAction.self) } catch {
            throw ValueError("must be one of \"stop\", \"tempfail\", \"accept\", \"quarantine\"")
        }
        settings.stopsWithoutModel = false
    }

    private static func template(_ text: String) throws -> HeaderTemplate {
        do throws(HeaderTemplate.Defect) { return try HeaderTemplate(text) } catch {
            throw ValueError("holds \"\(text)\", which \(error.reason)")
        }
    }

    static func rule(_ text: String) throws -> ActionRule {
        guard let rule = ActionRule(text) else {
            throw ValueError(
                "holds \"\(text)\", which is not like \"reject from 0.999\", "
                    + "\"quarantine from model\" or \"redirect for phishing\"")
        }
        return rule
    }

    /// A probability; 0 stands for the model's own threshold.
    static func threshold(_ value: ConfigurationValue) throws -> Double? {
        let number = try value.probability()
        return number == 0 ? nil : number
    }

    private static func code(_ value: ConfigurationValue, permanent: Bool) throws -> String {
        let text = try value.string()
        let defect = RefusalText.defect(
            code: text, status: permanent ? "5.0.0" : "4.0.0", permanent: permanent)
        if let defect { throw ValueError(defect) }
        return text
    }

    private static func status(_ value: ConfigurationValue, permanent: Bool) throws -> String {
        let text = try value.string()
        let defect = RefusalText.defect(
            code: permanent ? "500" : "400", status: text, permanent: permanent)
        if let defect { throw ValueError(defect) }
        return text
    }

    private static func mailbox(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        guard text.isEmpty || text.wholeMatch(of: /[!-;=?A-~]+@[A-Za-z0-9.-]+/) != nil else {
            throw ValueError("must be one address, such as \"spam@example.org\"")
        }
        return text
    }

    private static func replyText(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        guard !text.isEmpty else { throw ValueError("must not be empty: MTAs want a reason") }
        guard MilterReply.takes(text: text) else {
            throw ValueError(
                "must be printable ASCII, \(MilterReply.longestText) characters at most, of which % "
                    + "counts twice")
        }
        return text
    }

    private static func ascii(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), text.utf8.count <= 80 else {
            throw ValueError("must be printable ASCII, 80 characters at most")
        }
        return text
    }
}
