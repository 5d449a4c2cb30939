import FilterPolicy

extension SettingKey {
    /// What is done with judged mail, and with mail that could not be judged.
    static let policy = [
        SettingKey(
            section: "policy", name: "mode",
            comment: "\"filter\" acts; \"monitor\" only logs what it would do.",
            read: { $0.policy.mode = try $1.choice(PolicySettings.Mode.self) },
            show: { Shown.text($0.policy.mode.rawValue) }),
        SettingKey(
            section: "policy", name: "tag_threshold",
            comment: """
                Spam probability from which on a message is marked as spam; 0 takes the model's own,
                chosen for 0.5 % false positives on held-out mail. Always 5.00 points in the headers.
                """,
            read: { $0.policy.tagThreshold = try threshold($1) },
            show: { "\($0.policy.tagThreshold ?? 0)" }),
        SettingKey(
            section: "policy", name: "unsure_threshold",
            comment: "Probability from which on the log says unsure; delivered as ham.",
            read: { $0.policy.unsureThreshold = try $1.probability() },
            show: { "\($0.policy.unsureThreshold)" }),
        SettingKey(
            section: "policy", name: "reason_header",
            comment: """
                Add X-Spam-Reason to spam and unsure messages: the words of the message that moved
                its score most, and by how much.
                """,
            read: { $0.policy.addsReasons = try $1.bool() }, show: { "\($0.policy.addsReasons)" }),
        SettingKey(
            section: "policy", name: "reject",
            comment: "Refuse the surest spam. Watch the log for a week first.",
            read: { $0.policy.rejects = try $1.bool() }, show: { "\($0.policy.rejects)" }),
        SettingKey(
            section: "policy", name: "reject_threshold",
            comment: "Probability from which on spam is refused; 0 takes the model's own (0.1 %).",
            read: { $0.policy.rejectThreshold = try threshold($1) },
            show: { "\($0.policy.rejectThreshold ?? 0)" }),
        SettingKey(
            section: "policy", name: "reject_code", comment: "SMTP code of the refusal.",
            read: { $0.policy.rejection.code = try code($1, permanent: true) },
            show: { Shown.text($0.policy.rejection.code) }),
        SettingKey(
            section: "policy", name: "reject_status", comment: "Its enhanced code (RFC 3463).",
            read: { $0.policy.rejection.status = try status($1, permanent: true) },
            show: { Shown.text($0.policy.rejection.status) }),
        SettingKey(
            section: "policy", name: "reject_text",
            comment: """
                Its text; a contact address or page helps wanted senders. {queue_id} is the MTA's
                queue id.
                """,
            read: { $0.policy.rejection.text = try nonEmpty($1) },
            show: { Shown.text($0.policy.rejection.text) }),
        SettingKey(
            section: "policy", name: "actions",
            comment: """
                More that is done with spam than marking it: "ACTION from PROBABILITY",
                "ACTION from model" (the model's own threshold for rejection) or "ACTION for LABEL",
                of a model with several labels. Actions: redirect, quarantine (in the MTA's queue),
                tempfail, reject, discard. The strictest that applies is carried out.
                Such as ["quarantine from model", "reject from 0.999"].
                """,
            read: { $0.policy.rules = try rules($1) },
            show: { Shown.list($0.policy.rules.map(\.description)) }),
        SettingKey(
            section: "policy", name: "redirect_to",
            comment: "Mailbox for the action redirect; X-Spam-Original-To tells whose mail it was.",
            read: { $0.policy.redirectTo = try mailbox($1) },
            show: { Shown.text($0.policy.redirectTo) }),
        SettingKey(
            section: "policy", name: "quarantine_reason",
            comment: "What the MTA's queue says of quarantined mail.",
            read: { $0.policy.quarantineReason = try nonEmpty($1) },
            show: { Shown.text($0.policy.quarantineReason) }),
        SettingKey(
            section: "policy", name: "tempfail_code",
            comment: "SMTP code of the action tempfail.",
            read: { $0.policy.delay.code = try code($1, permanent: false) },
            show: { Shown.text($0.policy.delay.code) }),
        SettingKey(
            section: "policy", name: "tempfail_status", comment: "Its enhanced code.",
            read: { $0.policy.delay.status = try status($1, permanent: false) },
            show: { Shown.text($0.policy.delay.status) }),
        SettingKey(
            section: "policy", name: "tempfail_text", comment: "Its text.",
            read: { $0.policy.delay.text = try nonEmpty($1) },
            show: { Shown.text($0.policy.delay.text) }),
        SettingKey(
            section: "policy", name: "subject_tag",
            comment: """
                Put in front of the Subject of spam, such as "[SPAM] "; "" leaves Subjects alone.
                Breaks the sender's DKIM signature.
                """,
            read: { $0.policy.subjectTag = try ascii($1) },
            show: { Shown.text($0.policy.subjectTag) }),
        SettingKey(
            section: "policy", name: "minimum_tokens",
            comment: "Messages with fewer words and links are unsure, whatever the network says.",
            read: { $0.policy.minimumEvidence = try $1.integer(0...1_000) },
            show: { "\($0.policy.minimumEvidence)" }),
        SettingKey(
            section: "policy", name: "on_error",
            comment: """
                When siftd itself fails a message: "tempfail" (451 4.3.0, the sender tries again),
                "accept" (delivered with X-Spam-Status: … tests=UNSCANNED) or "quarantine".
                """,
            read: { $0.policy.faults.onError = try $1.choice(FaultAction.self) },
            show: { Shown.text($0.policy.faults.onError.rawValue) }),
        SettingKey(
            section: "policy", name: "on_timeout", comment: "When scoring.deadline has passed.",
            read: { $0.policy.faults.onTimeout = try $1.choice(FaultAction.self) },
            show: { Shown.text($0.policy.faults.onTimeout.rawValue) }),
        SettingKey(
            section: "policy", name: "on_overload",
            comment: "Beyond milter.message_limit or scoring.queue_limit.",
            read: { $0.policy.faults.onOverload = try $1.choice(FaultAction.self) },
            show: { Shown.text($0.policy.faults.onOverload.rawValue) }),
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
        SettingKey(
            section: "policy", name: "removed_headers",
            comment: "Header fields taken out of inbound mail, beside all X-Spam*.",
            read: { $0.policy.removedHeaders = try $1.strings() },
            show: { Shown.list($0.policy.removedHeaders) }),
    ]

    static let headers = [
        SettingKey(
            section: "headers", name: "fields",
            comment: """
                The fields added to judged mail. Placeholders: {flag} YES or NO, {yes_no}, {verdict},
                {action}, {score} and {required} in points, {stars}, {p} the probability, {model},
                {version}, {reasons} what moved the score, {labels} of a model with several. A field
                with nothing in it is left out. Names begin with X-, and fields of these names are taken
                out of inbound mail, so choose ones that nobody else uses.
                """,
            read: { $0.policy.headers = try templates($1) },
            show: { Shown.list($0.policy.headers.map(\.description)) })
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

    private static func templates(_ value: ConfigurationValue) throws -> [HeaderTemplate] {
        try value.strings().map { text in
            do throws(HeaderTemplate.Defect) { return try HeaderTemplate(text) } catch {
                throw ValueError("holds \"\(text)\", which \(error.reason)")
            }
        }
    }

    static func rules(_ value: ConfigurationValue) throws -> [ActionRule] {
        try value.strings().map { text in
            guard let rule = ActionRule(text) else {
                throw ValueError(
                    "holds \"\(text)\", which is not like \"reject from 0.999\", "
                        + "\"quarantine from model\" or \"redirect for phishing\"")
            }
            return rule
        }
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

    private static func nonEmpty(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        guard !text.isEmpty else { throw ValueError("must not be empty: MTAs want a reason") }
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
