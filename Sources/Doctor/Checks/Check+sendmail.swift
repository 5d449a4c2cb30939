import Glibc
import Milter
import Settings

extension Check {
    /// Sendmail asks siftd, may use the socket, trusts its folder, and waits long enough.
    @Sendable static func sendmail(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        guard let text = site.files.text(SendmailView.file) else {
            return [Finding("sendmail", .skipped, "Sendmail is not configured")]
        }
        let view = SendmailView(
            sendmail: SendmailSettings(text), settings: settings, site: site)
        return view.findings
    }
}

/// Sendmail's configuration beside siftd's.
private struct SendmailView {
    let sendmail: SendmailSettings
    let settings: SiftdSettings
    let site: Surroundings

    static let file = "/etc/mail/sendmail.cf"
    private static let source = "/etc/mail/sendmail.mc"
    private static let submitFile = "/etc/mail/submit.cf"
    private static let rebuild = "make -C /etc/mail && systemctl restart sendmail"
    private static let timeouts = "T=C:10s;S:30s;R:2m;E:5m"
    /// Sendmail must wait so much longer than siftd takes at most.
    private static let margin = 5.0
    /// siftd asks for patience so often while a message waits to be scored.
    private static let progressSeconds = 5.0

    private typealias Filter = SendmailSettings.Filter

    private func finding(_ state: Finding.State, _ text: String, _ remedy: String = "") -> Finding {
        Finding("sendmail", state, text, remedy: remedy)
    }

    var findings: [Finding] {
        guard let (filter, socket) = ours else { return [missing] }
        var findings = [finding(.ok, "filter \(filter.name) is siftd (\(socket))")]
        if !sendmail.used.contains(filter.name) {
            findings.append(
                finding(
                    .failure, "filter \(filter.name) is defined but not used",
                    "INPUT_MAIL_FILTER in sendmail.mc instead of MAIL_FILTER; \(SendmailView.rebuild)"
                ))
        }
        if case .unix(let path) = socket {
            findings += folders(path) + reach(path)
        }
        return findings + [whileAway(filter)] + timeouts(filter) + age() + submission()
    }

    // MARK: Filter

    /// The filter with one of siftd's sockets.
    private var ours: (filter: Filter, socket: SocketAddress)? {
        for filter in sendmail.filters {
            if let socket = settings.milter.sockets.first(where: { isSame($0, filter.socket) }) {
                return (filter, socket)
            }
        }
        return nil
    }

    /// Whether Sendmail's name for a socket is siftd's; siftd may listen on all addresses.
    private func isSame(_ socket: SocketAddress, _ name: String) -> Bool {
        guard let named = SocketAddress(name) else { return false }
        if named == socket { return true }
        guard case .inet(let port, let host, _) = socket,
            case .inet(let namedPort, let namedHost, _) = named, port == namedPort
        else { return false }
        let local = ["localhost", "127.0.0.1", "::1"]
        let isAny = host == nil || host == "0.0.0.0" || host == "::"
        return isAny || local.contains(host ?? "") && local.contains(namedHost ?? "")
    }

    private var missing: Finding {
        let socket = settings.milter.sockets.first?.description ?? ""
        let isInSource = site.files.text(SendmailView.source)?
            .split(separator: "\n").contains { !$0.hasPrefix("dnl") && $0.contains(socket) }
        if isInSource == true {
            return finding(
                .failure, "\(SendmailView.source) names siftd, but \(SendmailView.file) does not",
                SendmailView.rebuild)
        }
        let named = "\(SendmailView.file) has no filter with siftd's socket"
        let advice =
            "in sendmail.mc: INPUT_MAIL_FILTER(`siftd', `S=\(socket), \(SendmailView.timeouts)')dnl\n"
            + SendmailView.rebuild
        return settings.spamd.sockets.isEmpty
            ? finding(.failure, "\(named), so no mail is filtered", advice)
            : finding(
                .warning, "\(named): only mail of which somebody asks at spamd.socket is judged",
                "if nobody asks there, \(advice)")
    }

    private func whileAway(_ filter: Filter) -> Finding {
        switch filter.flags.first {
        case nil: finding(.ok, "while siftd is away mail is delivered unfiltered (no F=)")
        case "T", "4": finding(.ok, "while siftd is away mail waits (F=\(filter.flags))")
        default:
            finding(
                .failure, "while siftd is away mail is refused for good (F=\(filter.flags))",
                "F=T in sendmail.mc, or no F= to deliver unfiltered; \(SendmailView.rebuild)")
        }
    }

    /// `R` bounds each wait also at a message's end; what siftd sends meanwhile starts it anew.
    private func timeouts(_ filter: Filter) -> [Finding] {
        let ours = settings.timeLimit / .seconds(1)
        let neededForOne = min(ours, SendmailView.progressSeconds) + SendmailView.margin
        let bounds: [(letter: Character, needed: Double)] = [
            ("E", ours + SendmailView.margin), ("R", neededForOne),
        ]
        let tooShort = bounds.compactMap { bound -> Finding? in
            guard let seconds = filter.seconds[bound.letter], seconds < bound.needed else {
                return nil
            }
            return finding(
                .failure,
                "Sendmail waits \(Int(seconds))s for an answer (\(bound.letter):), but needs "
                    + "\(Int(bound.needed.rounded(.up)))s: siftd may take \(Int(ours))s",
                "\(SendmailView.timeouts) in sendmail.mc, or lower scoring.deadline; "
                    + SendmailView.rebuild)
        }
        guard tooShort.isEmpty else { return tooShort }
        let seconds = Int(filter.seconds["E"] ?? 0)
        return [
            finding(
                .ok, "Sendmail waits \(seconds)s for an answer, siftd takes \(Int(ours))s at most")
        ]
    }

    // MARK: Socket

    /// Sendmail does not even start when others may replace the socket.
    private func folders(_ path: String) -> [Finding] {
        let parts = path.split(separator: "/").dropLast()
        return parts.indices.reversed().compactMap { index in
            let folder = "/" + parts[...index].joined(separator: "/")
            guard let status = site.files.status(folder), isUnsafe(status) else { return nil }
            return finding(
                .failure,
                "Sendmail refuses the socket, and to start: others may write into \(folder) "
                    + "(\(site.files.shown(status)))", "chmod go-w \(folder)")
        }
    }

    private func isUnsafe(_ status: stat) -> Bool {
        if status.st_mode & S_ISVTX != 0, sendmail.trustsStickyBit { return false }
        let bits: mode_t = sendmail.trustsWritableFolders ? 0o002 : 0o022
        return status.st_mode & bits != 0
    }

    /// The daemon is root unless it was told to become somebody else.
    private func reach(_ path: String) -> [Finding] {
        guard let name = sendmail.runAsUser else {
            return [finding(.ok, "Sendmail's daemon is root, so it may use the socket")]
        }
        guard let account = site.account(name) else {
            return [finding(.warning, "RunAsUser \(name) is no user of this system")]
        }
        guard site.files.exists(path) else { return [] }
        guard let obstacle = site.files.obstacle(to: path, .write, for: account) else {
            return [finding(.ok, "user \(name) may use the socket")]
        }
        // The unit makes the socket's folder anew at each start, so changing that would not last.
        let port = "inet:8899@127.0.0.1"
        let sockets = (settings.milter.sockets.map(\.description) + [port])
            .map { "\"\($0)\"" }.joined(separator: ", ")
        return [
            finding(
                .failure, "\(obstacle), so Sendmail, which runs as \(name), can't reach siftd",
                """
                in siftd.toml: milter.socket = [\(sockets)]; then restart siftd
                in sendmail.mc: S=\(port); \(SendmailView.rebuild)
                """)
        ]
    }

    // MARK: Daemon

    /// What was changed counts only after make, and after a restart.
    private func age() -> [Finding] {
        guard let file = site.files.status(SendmailView.file) else { return [] }
        if let source = site.files.status(SendmailView.source),
            source.st_mtim.tv_sec > file.st_mtim.tv_sec
        {
            return [
                finding(
                    .warning,
                    "\(SendmailView.source) was changed after \(SendmailView.file) was made",
                    SendmailView.rebuild)
            ]
        }
        if let pid = site.files.status(sendmail.pidFile),
            pid.st_mtim.tv_sec < file.st_mtim.tv_sec
        {
            return [
                finding(
                    .warning, "\(SendmailView.file) was changed after Sendmail was started",
                    "systemctl restart sendmail")
            ]
        }
        return []
    }

    /// Mail of local programs goes by submit.cf to the daemon, which asks siftd.
    private func submission() -> [Finding] {
        guard let text = site.files.text(SendmailView.submitFile) else { return [] }
        let submit = SendmailSettings(text)
        let isNamed = submit.filters.contains { filter in
            submit.used.contains(filter.name)
                && settings.milter.sockets.contains { isSame($0, filter.socket) }
        }
        guard isNamed else {
            return [
                finding(.ok, "mail of local programs reaches siftd through the daemon, on port 25")
            ]
        }
        return [
            finding(
                .failure,
                "submit.cf names siftd: the sendmail command of any user, group smmsp, would have to "
                    + "reach the socket, and the daemon asks again",
                "take INPUT_MAIL_FILTER out of submit.mc; \(SendmailView.rebuild)")
        ]
    }
}
