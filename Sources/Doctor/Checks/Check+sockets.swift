import Glibc
import Milter
import Settings

extension Check {
    /// Somebody listens on each socket, and the MTA's user may connect.
    @Sendable static func sockets(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        settings.milter.sockets.flatMap { socket in
            switch socket {
            case .unix(let path): unixSocket(path, socket, settings, site)
            case .inet: [listening(socket, site)]
            case .descriptor:
                [Finding("socket", .skipped, "\(socket) is opened by systemd (siftd.socket)")]
            }
        }
    }

    /// Somebody listens on each socket of the spamd port, and Exim may connect.
    @Sendable static func spamd(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        guard !settings.spamd.sockets.isEmpty else {
            return [Finding("spamd", .skipped, "spamd.socket is not set")]
        }
        return settings.spamd.sockets.flatMap { socket in
            if case .descriptor = socket {
                return [
                    Finding("spamd", .skipped, "\(socket) is opened by systemd (a .socket unit)")
                ]
            }
            guard case .unix(let path) = socket, let exim = site.account(eximUser),
                site.files.exists(path)
            else { return [listening(socket, site, check: "spamd")] }
            guard let obstacle = site.files.obstacle(to: path, .write, for: exim) else {
                return [
                    listening(socket, site, check: "spamd"),
                    Finding("spamd", .ok, "user \(exim.name) may use the socket"),
                ]
            }
            return [
                Finding(
                    "spamd", .failure, "\(obstacle), so Exim can't reach siftd",
                    remedy:
                        "spamd.group = \"\(exim.name)\", or a folder of its group with mode 2750")
            ]
        }
    }

    /// Of Debian's Exim.
    private static let eximUser = "Debian-exim"

    private static func unixSocket(
        _ path: String, _ socket: SocketAddress, _ settings: SiftdSettings, _ site: Surroundings
    ) -> [Finding] {
        let folder = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
        let user = site.daemonUser.name
        guard let status = site.files.status(folder) else {
            return [
                Finding(
                    "socket", .failure, "\(folder) does not exist",
                    remedy:
                        "systemd-tmpfiles --create, or install -d -o \(user) -g postfix -m 2750 "
                        + folder)
            ]
        }
        guard site.files.exists(path) else {
            var findings = [
                Finding(
                    "socket", .failure, "\(path) does not exist: siftd does not run, or failed",
                    remedy: "systemctl start siftd; journalctl -u siftd says why it does not start")
            ]
            if let obstacle = site.files.obstacle(to: folder, .change, for: site.daemonUser) {
                findings.append(
                    Finding(
                        "socket", .failure, "\(obstacle), so siftd can't make its socket",
                        remedy: "chown \(user) \(folder)"))
            }
            return findings
        }
        guard site.files.isSocket(path) else {
            return [
                Finding(
                    "socket", .failure, "\(path) is no socket",
                    remedy: "move it away, or name another path in milter.socket")
            ]
        }
        var findings = [listening(socket, site)]
        if status.st_mode & 0o002 != 0, status.st_mode & S_ISVTX == 0 {
            findings.append(
                Finding(
                    "socket", .warning,
                    "everybody may replace the socket: \(folder) is "
                        + site.files.shown(status), remedy: "chmod o-w \(folder)"))
        }
        return findings
    }

    private static func listening(
        _ socket: SocketAddress, _ site: Surroundings, check: String = "socket"
    ) -> Finding {
        let address: SocketAddress
        if case .unix(let path) = socket {
            address = .unix(path: site.root + path)
        } else {
            address = socket
        }
        do throws(MilterTrial.Failure) {
            close(try MilterTrial.connect(address))
            return Finding(check, .ok, "siftd listens on \(socket)")
        } catch {
            return Finding(
                check, .failure, "nobody answers on \(socket): \(error)",
                remedy: "systemctl start siftd; journalctl -u siftd says why it does not start")
        }
    }
}
