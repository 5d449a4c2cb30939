import Glibc
import Milter
import Settings

extension Check {
    private static let sendmailFile = "/etc/mail/sendmail.cf"

    /// Sendmail asks siftd and trusts the socket's folder.
    @Sendable static func sendmail(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        guard let text = site.files.text(sendmailFile) else {
            return [Finding("sendmail", .skipped, "Sendmail is not configured")]
        }
        let lines = text.split(separator: "\n")
        guard let (name, socket) = ours(lines, settings) else {
            return [
                Finding(
                    "sendmail", .failure, "\(sendmailFile) has no filter with siftd's socket",
                    remedy:
                        "in sendmail.mc: INPUT_MAIL_FILTER(`siftd', "
                        + "`S=\(settings.milter.sockets.first?.description ?? ""), F=T, "
                        + "T=C:10s;S:30s;R:2m;E:5m')dnl")
            ]
        }
        var findings = [Finding("sendmail", .ok, "filter \(name) is siftd (\(socket))")]
        let isUsed = lines.contains { line in
            line.hasPrefix("O InputMailFilters=")
                && line.split { "=, ".contains($0) }.contains { $0 == name }
        }
        if !isUsed {
            findings.append(
                Finding(
                    "sendmail", .failure, "filter \(name) is defined but not used",
                    remedy: "INPUT_MAIL_FILTER in sendmail.mc instead of MAIL_FILTER"))
        }
        if case .unix(let path) = socket {
            for folder in folders(above: path) {
                guard let status = site.files.status(folder), status.st_mode & 0o022 != 0 else {
                    continue
                }
                findings.append(
                    Finding(
                        "sendmail", .failure,
                        "Sendmail refuses the socket: others may write into \(folder) "
                            + "(\(site.files.shown(status)))", remedy: "chmod go-w \(folder)"))
            }
        }
        return findings
    }

    /// The filter with one of siftd's sockets: a line `Xname, S=unix:/path, …`.
    private static func ours(
        _ lines: [Substring], _ settings: SiftdSettings
    ) -> (name: Substring, socket: SocketAddress)? {
        for line in lines where line.hasPrefix("X") {
            let parts = line.dropFirst().split(separator: ",").map { part in
                part.drop { $0 == " " || $0 == "\t" }
            }
            guard let name = parts.first,
                let value = parts.first(where: { $0.hasPrefix("S=") })?.dropFirst(2),
                let socket = SocketAddress(String(value))
            else { continue }
            if settings.milter.sockets.contains(socket) { return (name, socket) }
        }
        return nil
    }

    /// `/run/siftd`, `/run` for `/run/siftd/milter.sock`.
    private static func folders(above path: String) -> [String] {
        let parts = path.split(separator: "/").dropLast()
        return parts.indices.reversed().map { "/" + parts[...$0].joined(separator: "/") }
    }
}
