import Feedback
import FilterPolicy
import Fleet
import PostgreSQL
import Settings
import SiteMemory

extension Check {
    /// The database of several hosts answers, and is fit for what siftd keeps there.
    @Sendable static func database(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        guard settings.store.isShared else {
            return [Finding("database", .skipped, "store.url is not set: labels stay on this host")]
        }
        guard let ask = site.askDatabase else {
            return [Finding("database", .skipped, "the database was not asked")]
        }
        switch ask(settings) {
        case .failure(let error):
            return [DatabaseRefusal(error: error, settings: settings, site: site).finding]
        case .success(let answer):
            let view = DatabaseView(answer: answer, settings: settings, site: site)
            return view.connection() + view.rights() + view.tables() + [view.clock()]
                + view.connections() + view.hosts()
        }
    }
}

/// What the database answered, beside siftd's configuration.
private struct DatabaseView {
    let answer: DatabaseTrial.Answer
    let settings: SiftdSettings
    let site: Surroundings

    /// The oldest server that siftd is tested with, Debian 12's; as `server_version_num`.
    private static let oldestServer = 150_000
    /// Labels of hosts whose clocks differ by more may get another order than people gave them in.
    private static let clockSeconds = 2.0

    private func finding(_ state: Finding.State, _ text: String, _ remedy: String = "") -> Finding {
        Finding("database", state, text, remedy: remedy)
    }

    // MARK: Connection

    func connection() -> [Finding] {
        let version = "\(answer.version / 10_000).\(answer.version % 10_000)"
        var findings = [
            finding(.ok, "PostgreSQL \(version) at \(answer.server) answers role \(answer.role)")
        ]
        if answer.version < DatabaseView.oldestServer {
            findings.append(
                finding(
                    .failure, "PostgreSQL \(version) is too old: siftd needs 15 or later",
                    "upgrade the server (pg_upgradecluster), or name another one in store.url"))
        }
        if answer.encoding != "UTF8" {
            findings.append(
                finding(
                    .failure, "the database's encoding is \(answer.encoding)",
                    "make it anew: createdb --template=template0 --encoding=UTF8 "
                        + "--owner=\(answer.role) \(answer.database)"))
        }
        return findings + tls() + sandbox()
    }

    private func tls() -> [Finding] {
        guard let address = try? PostgreSQLAddress(url: settings.store.url), !address.isLocal else {
            return []
        }
        if !answer.isEncrypted {
            return [
                finding(
                    isLoopback ? .ok : .warning,
                    "the connection is not encrypted (sslmode=\(address.tlsMode))",
                    isLoopback
                        ? ""
                        : "take sslmode out of store.url and give the server a certificate, "
                            + "unless nobody else uses this network")
            ]
        }
        guard !address.isVerified else {
            return [finding(.ok, "the connection is encrypted, and the server proves its name")]
        }
        return [
            finding(
                .warning,
                "the connection is encrypted, but sslmode=\(address.tlsMode) does not ask whether "
                    + "it is the server that store.url names",
                "take sslmode out of store.url (verify-full); sslrootcert=FILE names an authority "
                    + "of your own")
        ]
    }

    private var isLoopback: Bool {
        guard let address = answer.address else { return true }
        return address == "::1" || address.hasPrefix("127.")
    }

    private static let units = [
        "/lib/systemd/system/siftd.service", "/etc/systemd/system/siftd.service",
    ]
    private static let dropIns = "/etc/systemd/system/siftd.service.d"

    /// The daemon's unit lets it reach fewer addresses than whoever asks here.
    private func sandbox() -> [Finding] {
        guard let address = answer.address, !isLoopback else { return [] }
        let dropIns = site.files.names(DatabaseView.dropIns).filter { $0.hasSuffix(".conf") }
            .sorted().map { "\(DatabaseView.dropIns)/\($0)" }
        let lines = (DatabaseView.units + dropIns).compactMap(site.files.text)
            .flatMap { $0.split(separator: "\n") }
        func values(_ name: String) -> [String] {
            lines.filter { $0.hasPrefix("\(name)=") }.reduce(into: []) { values, line in
                let words = line.dropFirst(name.count + 1).split(separator: " ").map(String.init)
                // An empty assignment takes back those before it (systemd.resource-control(5)).
                values = words.isEmpty ? [] : values + words
            }
        }
        let allowed = values("IPAddressAllow")
        guard !values("IPAddressDeny").isEmpty, !allowed.contains("any"),
            !allowed.contains(where: { NetworkRange($0)?.contains(address) == true })
        else { return [] }
        return [
            finding(
                .failure, "siftd.service does not let the daemon reach \(address)",
                """
                put into \(DatabaseView.dropIns)/database.conf
                    [Service]
                    IPAddressAllow=\(address)
                then systemctl daemon-reload && systemctl restart siftd
                """)
        ]
    }

    // MARK: Rights

    func rights() -> [Finding] {
        var findings: [Finding] = []
        if answer.isSuperuser {
            findings.append(
                finding(
                    .warning, "role \(answer.role) is a superuser, who may do everything",
                    "give siftd a role of its own with a schema of its own (docs/fleet.md)"))
        }
        guard let schema = answer.schema else {
            return findings + [
                finding(
                    .failure, "role \(answer.role) has no schema for its tables",
                    "as the database's owner: psql --dbname=\(answer.database) --command="
                        + "'CREATE SCHEMA \(answer.role) AUTHORIZATION \(answer.role)'")
            ]
        }
        if !answer.mayCreate {
            findings.append(
                finding(
                    answer.labels == .usable && answer.fleet == .usable ? .warning : .failure,
                    "role \(answer.role) may not make tables in schema \(schema)",
                    "as the database's owner: ALTER SCHEMA \(schema) OWNER TO \(answer.role)"))
        }
        if !answer.forbiddenTables.isEmpty {
            findings.append(
                finding(
                    .failure,
                    "role \(answer.role) may not read and change "
                        + answer.forbiddenTables.joined(separator: ", "), owners(schema)))
        } else if !answer.foreignTables.isEmpty {
            findings.append(
                finding(
                    .warning,
                    "role \(answer.role) does not own \(answer.foreignTables.joined(separator: ", "))"
                        + ", which a newer siftd may have to change", owners(schema)))
        }
        return findings
    }

    private func owners(_ schema: String) -> String {
        (answer.foreignTables.isEmpty ? answer.forbiddenTables : answer.foreignTables)
            .map { "ALTER TABLE \(schema).\($0) OWNER TO \(answer.role);" }
            .joined(separator: "\n")
    }

    // MARK: Tables

    func tables() -> [Finding] {
        guard let schema = answer.schema, answer.forbiddenTables.isEmpty else { return [] }
        if answer.labels == .newer || answer.fleet == .newer {
            return [
                finding(
                    .failure, "a newer siftd has changed the tables, which this one can't use",
                    "install the newer siftd on this host too")
            ]
        }
        if answer.labels == .absent, let other = answer.otherSchemas.first {
            return [
                finding(
                    .warning,
                    "schema \(schema) has no tables, but schema \(other) has a siftd's: labels would "
                        + "begin anew",
                    "as the database's owner: ALTER ROLE \(answer.role) SET search_path = \(other)")
            ]
        }
        if answer.labels == .absent {
            return [
                finding(.ok, "schema \(schema) has no tables yet: siftd makes them when it starts")
            ]
        }
        if answer.labels == .older || answer.fleet == .older {
            return [
                finding(
                    .ok,
                    "the tables in schema \(schema) are of an older siftd; this one changes "
                        + "them when it starts")
            ]
        }
        return [finding(.ok, "the tables in schema \(schema) are this version's")]
    }

    // MARK: Clock and connections

    func clock() -> Finding {
        let seconds = abs(answer.clockOffset)
        guard seconds - answer.clockError > DatabaseView.clockSeconds else {
            return finding(.ok, "this host's clock and the database's agree")
        }
        let direction = answer.clockOffset > 0 ? "behind" : "ahead of"
        return finding(
            .warning,
            "this host's clock is \(Shown.seconds(seconds)) \(direction) the database's, so labels "
                + "may count in another order than people gave them in",
            "timedatectl set-ntp true, on both")
    }

    /// Besides those of the pool: one that hears of changes, one while it trains.
    private static let connectionsBesides: Int64 = 2

    func connections() -> [Finding] {
        let hosts = Int64(max(answer.hosts?.hosts.count ?? 0, 1))
        let most = Int64(settings.store.pool) + DatabaseView.connectionsBesides
        guard hosts * most > answer.connectionLimit else { return [] }
        return [
            finding(
                .warning,
                "\(hosts) hosts may open \(hosts * most) connections, and the server takes "
                    + "\(answer.connectionLimit)",
                "raise max_connections of the server, or lower store.pool")
        ]
    }

    // MARK: Hosts

    func hosts() -> [Finding] {
        guard settings.fleetModels.isShared else {
            return [
                finding(
                    .skipped, "fleet.share_models is false: this host does not report to the others"
                )
            ]
        }
        guard let status = answer.hosts else { return [] }
        let name = settings.fleet.hostName
        var findings: [Finding] = []
        if !status.hosts.contains(where: { $0.report.host == name }) {
            findings.append(
                finding(
                    .warning, "the database has not heard of this host, \(name), yet",
                    "systemctl start siftd; if it runs, its log says why (journalctl -u siftd)"))
        }
        findings += status.hosts.compactMap { host in
            let isThis = host.report.host == name
            let shown = isThis ? "this host, \(name)," : "host \(host.report.host)"
            switch host.state {
            case .ok: return nil
            case .behind:
                return finding(
                    .warning, "\(shown) does not score with the model of all yet",
                    "for more than a minute: its log has fleet_lost")
            case .refused:
                return finding(
                    .warning, "\(shown) can't take the model of all: \(host.report.reason)",
                    "siftd status --fleet shows all hosts")
            case .away:
                return finding(
                    .warning, "\(shown) was last heard of \(Shown.seconds(host.silence)) ago",
                    "look at its siftd and at its network, or forget it after a week without it")
            }
        }
        for host in status.hosts where host.report.spool > 0 && host.state != .away {
            findings.append(
                finding(
                    .warning,
                    "\(host.report.spool) labels wait on host \(host.report.host) for the database, "
                        + "the oldest for \(Shown.seconds(host.report.spoolAge))",
                    "siftd store status on that host says why"))
        }
        let heard = status.hosts.count { $0.state != .away }
        return findings.isEmpty
            ? [
                finding(
                    .ok, "\(heard) of \(heard) hosts were heard of lately: siftd status --fleet")
            ]
            : findings
    }
}

/// Lengths of time in words.
private enum Shown {
    static func seconds(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: "\(Int(seconds.rounded())) s"
        case ..<5_400: "\(Int((seconds / 60).rounded())) min"
        case ..<172_800: "\(Int((seconds / 3_600).rounded())) h"
        default: "\(Int((seconds / 86_400).rounded())) days"
        }
    }
}
