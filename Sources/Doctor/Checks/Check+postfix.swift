import Milter
import Settings
import SpamFilter

extension Check {
    /// Postfix asks siftd, finds the socket also from its chroot, and waits long enough.
    @Sendable static func postfix(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        guard let postfix = PostfixSettings(site.postconf) else {
            return [Finding("postfix", .skipped, "no Postfix is installed and configured here")]
        }
        let view = PostfixView(postfix: postfix, settings: settings, site: site)
        return view.smtpd() + view.nonSMTPD() + view.overrides() + view.protocolVersion()
    }
}

/// Postfix's configuration beside siftd's.
private struct PostfixView {
    let postfix: PostfixSettings
    let settings: SiftdSettings
    let site: Surroundings

    /// A socket of siftd's as Postfix names it, and how Postfix sees it.
    private struct Match {
        var socket: SocketAddress
        var milter: PostfixSettings.Milter
        /// Where Postfix looks for a unix socket.
        var path: String?
        /// Whether Postfix looks elsewhere because of its chroot.
        var isLostInChroot = false
    }

    private static let service = "smtp/inet"
    /// Postfix must wait so much longer than siftd takes at most.
    private static let margin = 5.0

    private var queue: String { postfix["queue_directory"] }

    // MARK: smtpd

    func smtpd() -> [Finding] {
        let milters = PostfixSettings.milters(postfix["smtpd_milters"])
        guard let match = match(milters, PostfixView.service) else {
            let named = milters.isEmpty ? "is empty" : "does not name siftd's socket"
            // Exim, amavis or MIMEDefang ask there, and nothing says whether they do.
            guard settings.spamd.sockets.isEmpty else {
                return [
                    Finding(
                        "postfix", .warning,
                        "smtpd_milters \(named): only mail of which somebody asks at spamd.socket is "
                            + "judged", remedy: "if nobody asks there: \(suggestion)")
                ]
            }
            return [
                Finding(
                    "postfix", .failure, "smtpd_milters \(named), so no mail is filtered",
                    remedy: suggestion)
            ]
        }
        if match.isLostInChroot, let path = match.path {
            return [
                Finding(
                    "postfix", .failure,
                    "smtpd runs in a chroot and looks for \(path), not for siftd's socket",
                    remedy: chrootRemedy)
            ]
        }
        var findings = [
            Finding("postfix", .ok, "smtpd_milters names siftd (\(match.milter.endpoint))")
        ]
        if let path = match.path, site.files.exists(path) {
            findings.append(reach(path))
        }
        return findings + [defaultAction(match.milter)] + timeout(match.milter)
    }

    private func reach(_ path: String) -> Finding {
        let name = postfix["mail_owner"]
        guard let account = site.account(name) else {
            return Finding("postfix", .warning, "mail_owner \(name) is no user of this system")
        }
        guard let obstacle = site.files.obstacle(to: path, .write, for: account) else {
            return Finding("postfix", .ok, "user \(name) may use the socket")
        }
        let folder = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
        return Finding(
            "postfix", .failure, "\(obstacle), so Postfix can't reach siftd",
            remedy:
                "chgrp \(name) \(folder) && chmod 2750 \(folder), and restart siftd: its socket "
                + "gets the folder's group")
    }

    private func defaultAction(_ milter: PostfixSettings.Milter) -> Finding {
        let action = milter.options["default_action"] ?? postfix["milter_default_action"]
        switch action {
        case "accept":
            return Finding(
                "postfix", .ok,
                "while siftd is away mail is delivered unfiltered "
                    + "(default_action=accept)")
        case "tempfail", "quarantine":
            return Finding(
                "postfix", .ok, "while siftd is away mail waits (default_action=\(action))")
        default:
            return Finding(
                "postfix", .failure,
                "while siftd is away mail is lost or refused "
                    + "(default_action=\(action))",
                remedy:
                    "postconf -e milter_default_action=tempfail, or accept to deliver unfiltered")
        }
    }

    private func timeout(_ milter: PostfixSettings.Milter) -> [Finding] {
        let text = milter.options["content_timeout"] ?? postfix["milter_content_timeout"]
        guard let seconds = PostfixSettings.seconds(text) else { return [] }
        let ours = settings.timeLimit / .seconds(1)
        guard seconds < ours + PostfixView.margin else {
            return [
                Finding(
                    "postfix", .ok,
                    "Postfix waits \(text) for an answer, siftd takes \(Int(ours))s at most")
            ]
        }
        return [
            Finding(
                "postfix", .failure,
                "Postfix waits \(text) for an answer, but siftd may take \(Int(ours))s",
                remedy: "postconf -e milter_content_timeout=300s, or lower scoring.time_limit")
        ]
    }

    // MARK: Others

    func nonSMTPD() -> [Finding] {
        let milters = PostfixSettings.milters(postfix["non_smtpd_milters"])
        guard let match = match(milters, "cleanup/unix") else {
            return [
                Finding(
                    "postfix", .ok,
                    "non_smtpd_milters is without siftd: mail of local programs is not filtered")
            ]
        }
        guard !match.isLostInChroot else {
            return [
                Finding(
                    "postfix", .failure,
                    "non_smtpd_milters names siftd, but cleanup runs in a chroot without its socket",
                    remedy: chrootRemedy)
            ]
        }
        return [
            Finding(
                "postfix", settings.exempt.local ? .ok : .warning,
                "non_smtpd_milters names siftd: mail of local programs is "
                    + (settings.exempt.local ? "seen, and passes by exempt.local" : "judged too"),
                remedy: settings.exempt.local
                    ? "" : "bounces and mail of cron jobs may be marked; exempt.local = true")
        ]
    }

    /// Services whose own `smtpd_milters` differ.
    func overrides() -> [Finding] {
        postfix.overrides.sorted { $0.key < $1.key }.compactMap { service, values in
            guard let value = values["smtpd_milters"] else { return nil }
            let isFiltered = match(PostfixSettings.milters(value), service) != nil
            guard service == PostfixView.service, !isFiltered else {
                return Finding(
                    "postfix", .ok,
                    "master.cf: mail of \(service) is \(isFiltered ? "" : "not ")filtered")
            }
            return Finding(
                "postfix", .failure,
                "master.cf overrides smtpd_milters for \(service), without siftd",
                remedy: "remove that -o smtpd_milters from master.cf, or name siftd there")
        }
    }

    func protocolVersion() -> [Finding] {
        guard let version = Int(postfix["milter_protocol"]), version < 6 else { return [] }
        return [
            Finding(
                "postfix", .warning, "milter_protocol is \(version): each message takes longer",
                remedy: "postconf -e milter_protocol=6")
        ]
    }

    // MARK: Names

    private func match(_ milters: [PostfixSettings.Milter], _ service: String) -> Match? {
        let isChrooted = postfix.chrooted.contains(service)
        var lost: Match?
        for milter in milters {
            for socket in settings.milter.sockets {
                guard case .unix(let ours) = socket else {
                    if milter.endpoint == postfixName(socket) {
                        return Match(socket: socket, milter: milter)
                    }
                    continue
                }
                let parts = milter.endpoint.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0] == "unix" || parts[0] == "local" else { continue }
                let named = String(parts[1])
                // Postfix's programs run in the queue's directory, which is / in their chroot.
                let isInQueue = isChrooted || !named.hasPrefix("/")
                let path = isInQueue ? "\(queue)/\(named.drop { $0 == "/" })" : named
                if path == ours { return Match(socket: socket, milter: milter, path: path) }
                if named == ours {
                    lost = Match(socket: socket, milter: milter, path: path, isLostInChroot: true)
                }
            }
        }
        return lost
    }

    /// As `smtpd_milters` names it; for a unix socket the whole path.
    private func postfixName(_ socket: SocketAddress) -> String {
        switch socket {
        case .unix(let path): return "unix:\(path)"
        case .inet(let port, let host, let isIPv6):
            let isAny = host == nil || host == "0.0.0.0" || host == "::"
            let name = isAny ? (isIPv6 ? "::1" : "127.0.0.1") : host ?? ""
            return "inet:\(isIPv6 ? "[\(name)]" : name):\(port)"
        case .descriptor: return ""
        }
    }

    /// Debian's package has a command that does all of it for Debian's Postfix.
    private static let command = "/usr/sbin/siftd-postfix"

    private var isCommandThere: Bool {
        queue == "/var/spool/postfix" && site.files.exists(PostfixView.command)
            && settings.milter.sockets.contains {
                $0 == .unix(path: "/run/siftd/milter.sock")
                    || $0 == .unix(path: "\(queue)/siftd/milter.sock")
            }
    }

    private var suggestion: String {
        if isCommandThere { return "siftd-postfix enable" }
        guard let socket = settings.milter.sockets.first else { return "" }
        guard case .unix(let path) = socket, !queue.isEmpty,
            postfix.chrooted.contains(PostfixView.service)
        else { return "postconf -e 'smtpd_milters = \(postfixName(socket))'; postfix reload" }
        guard path.hasPrefix("\(queue)/") else { return chrootRemedy }
        let name = path.dropFirst(queue.count + 1)
        return "postconf -e 'smtpd_milters = unix:\(name)'; postfix reload"
    }

    private var chrootRemedy: String {
        if isCommandThere { return "siftd-postfix enable" }
        return """
            install -d -o \(site.daemonUser.name) -g \(postfix["mail_owner"]) -m 2750 \(queue)/siftd
            in siftd.toml: milter.socket = "unix:\(queue)/siftd/milter.sock"; then restart siftd
            postconf -e 'smtpd_milters = unix:siftd/milter.sock'; postfix reload
            """
    }
}
