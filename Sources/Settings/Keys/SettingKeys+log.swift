import Telemetry

extension SettingKey {
    static let log = [
        SettingKey.choice(
            "log", "target", \.log.target,
            "\"stderr\", with journald priorities under systemd, or \"syslog\" (facility mail)."
        ).restarting,
        .choice(
            "log", "level", \.log.level,
            "\"debug\", \"info\" (one line a message), \"notice\", \"warning\" or \"error\"."
        ).restarting,
        .choice(
            "log", "format", \.log.format,
            "\"text\", or \"json\" with the same keys, one object a line."
        ).restarting,
        .choice(
            "log", "addresses", \.log.addresses,
            """
            Addresses of senders, users and clients, and message ids: "plain", "hashed" (the same
            one gives the same word until siftd is restarted) or "omitted".
            """),
    ]
}
