import Feedback
import PostgreSQL
import SiteMemory

extension SettingKey {
    /// Where labels are when several hosts share them.
    static let store = [
        SettingKey.text(
            "store", "url", \.store.url,
            """
            The PostgreSQL database in which several hosts keep labels, recent verdicts and
            retrainings, such as "postgresql://siftd@db.example.net/siftd". Over TCP sslmode is
            verify-full unless the URL says otherwise. "" keeps them in a file of this host. See
            docs/fleet.md.
            """, check: databaseURL
        ).restarting,
        .text(
            "store", "password_file", \.store.passwordFile,
            """
            File whose first line is the password of the URL's role. "" for none: a unix socket knows
            the user (peer), or the URL names a client certificate.
            """, check: { try absolutePath($0.string()) }
        ).restarting,
        .integer(
            "store", "pool", \.store.pool, in: 1...64,
            "Connections to the database at most, besides one that hears of changes."
        ).restarting,
        .time(
            "store", "timeout", \.store.timeout, in: 0.1...60,
            """
            How long a connection, a statement or a lock is waited for. A label that the database
            does not take in this time is kept on this host and delivered later. No message waits.
            """
        ).restarting,
    ]

    /// What this host is among others.
    static let fleet = [
        SettingKey.text(
            "fleet", "host", \.fleet.host,
            "This host's name among those that share labels. \"\" takes the system's host name.",
            check: hostName
        ).restarting,
        SettingKey(
            section: "fleet", name: "trainer",
            comment: """
                Which host retrains the model: "any", whichever finds first that it is time; "none"; or
                the name of one host.
                """,
            read: {
                let name = try hostName($1)
                guard let trainer = FleetOptions.Trainer(name) else {
                    throw ValueError("is empty; give \"any\", \"none\" or a host's name")
                }
                $0.fleet.trainer = trainer
            },
            show: { Shown.text($0.fleet.trainer.description) }),
    ]

    private static func databaseURL(_ value: ConfigurationValue) throws -> String {
        let url = try value.string()
        guard !url.isEmpty else { return url }
        do throws(PostgreSQLError) { _ = try PostgreSQLAddress(url: url) } catch {
            throw ValueError("is not usable: \(error.reason)")
        }
        return url
    }

    private static func hostName(_ value: ConfigurationValue) throws -> String {
        let name = try value.string()
        guard name.utf8.count <= 253, name.wholeMatch(of: /[A-Za-z0-9._-]*/) != nil else {
            throw ValueError("is \"\(name)\"; names have letters, digits, dots and hyphens")
        }
        return name
    }
}
