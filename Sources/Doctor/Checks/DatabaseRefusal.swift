import PostgreSQL
import Settings

/// Why there is no connection to the database, in plain words, and what to do.
struct DatabaseRefusal {
    let error: PostgreSQLError
    let settings: SiftdSettings
    let site: Surroundings

    /// Codes of PostgreSQL's appendix A.
    private enum State {
        static let password = "28P01"
        static let authorization = "28000"
        static let noDatabase = "3D000"
        static let noRight = "42501"
        static let full = "53300"
        static let starting = "57P03"
    }

    private var address: PostgreSQLAddress? { try? PostgreSQLAddress(url: settings.store.url) }
    private var role: String { address?.role ?? site.daemonUser.name }
    private var database: String { address?.database ?? role }
    private var servers: String { address?.servers.joined(separator: ", ") ?? settings.store.url }
    private var passwordFile: String { settings.store.passwordFile }

    /// A failure: no label counts, though mail is filtered by what was learnt before.
    var finding: Finding {
        let (text, remedy) = words
        return Finding("database", .failure, text, remedy: remedy)
    }

    private var words: (text: String, remedy: String) {
        switch error.sqlState {
        case State.password:
            return (
                "the database refuses the password of role \(role), or has no such role",
                passwordFile.isEmpty
                    ? "write the role's password into a file that only siftd's user can read, and "
                        + "name the file in store.password_file"
                    : "the first line of \(passwordFile) must be the password; to set a new one, as "
                        + "the database's admin: psql -c '\\password \(role)'"
            )
        case State.authorization:
            return (
                "the database lets role \(role) not in: \(error.reason)",
                "the role must exist (createuser), and pg_hba.conf of the server must let it in from "
                    + "this host; with peer its name must be that of siftd's user, "
                    + site.daemonUser.name
            )
        case State.noDatabase:
            return (
                "the server has no database \(database)",
                "createdb --owner=\(role) \(database), or correct store.url"
            )
        case State.noRight:
            return (
                "role \(role) has too few rights: \(error.reason)",
                "GRANT CONNECT ON DATABASE \(database) TO \(role)"
            )
        case State.full:
            return (
                "the server has no connection left",
                "raise max_connections of the server, or lower store.pool on each host"
            )
        case State.starting: return ("the server starts or stops just now", "try again in a minute")
        default: return wordsByKind
        }
    }

    private var wordsByKind: (text: String, remedy: String) {
        switch error.kind {
        case .readOnly:
            (
                "no server of store.url takes changes: \(servers) is a standby or read-only",
                "name the primary in store.url too: the one that takes changes is used"
            )
        case .refused where error.reason.hasPrefix("password file"):
            (
                error.reason,
                "chown root:\(site.daemonUser.name) \(passwordFile) && chmod 0640 \(passwordFile)"
            )
        case .refused: ("the connection can't be encrypted as it must: \(error.reason)", tlsRemedy)
        case .unavailable, .busy:
            (
                "no answer of the database at \(servers): \(error.reason); mail is filtered by what "
                    + "was learnt before",
                address?.isLocal == true
                    ? "start PostgreSQL on this host, or correct the folder of its socket in store.url"
                    : "see that PostgreSQL runs there, listens on that address (listen_addresses), "
                        + "and no firewall is between"
            )
        default: ("the database can't be used: \(error.reason)", "see the server's log")
        }
    }

    private var tlsRemedy: String {
        if error.reason.contains("does not support SSL") {
            return
                "give the server a certificate (ssl = on), or add sslmode=disable to store.url on "
                + "a network that nobody else uses"
        }
        if error.reason.contains("does not match host name") {
            return "name the server in store.url as its certificate does, or give it a certificate "
                + "with that name"
        }
        return
            "add sslrootcert=FILE to store.url, the authority that signed the server's certificate"
    }
}
