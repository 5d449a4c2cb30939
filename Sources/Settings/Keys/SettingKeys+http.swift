import Milter

extension SettingKey {
    /// The HTTP port, and what its clients may take.
    static let http = [
        SettingKey.text(
            "http", "address", \.http.address,
            """
            Where metrics, health, the JSON API and the page are: an address, or "unix:/path".
            Beyond loopback both token files must be named.
            """, check: address
        ).restarting,
        .integer(
            "http", "port", \.http.port, in: 0...65_535, "0 takes any free port and logs it."
        ).restarting,
        .choice(
            "http", "platform", \.http.platform,
            """
            "sagemaker" in a container of Amazon SageMaker: the port is 8080 on all addresses, or
            what SAGEMAKER_BIND_TO_PORT says, and answers /ping, /invocations and health only,
            without tokens; the model is in /opt/ml/model. See docs/serving.md.
            """
        ).restarting,
        .text(
            "http", "read_token_file", \.http.readTokenFile,
            """
            File with the token that clients must show, as "Authorization: Bearer TOKEN", to
            classify and to see metrics and verdicts. One line of 20 characters or more, not readable
            by all: openssl rand -hex 20. "" needs no token.
            """, check: path
        ).restarting,
        .text(
            "http", "write_token_file", \.http.writeTokenFile,
            """
            The same for teaching as anybody, for retraining and for changing the model. With ""
            whoever reaches the port may teach as a user, and nobody may do the rest.
            """, check: path
        ).restarting,
        .list(
            "http", "hosts", \.http.hosts,
            """
            Names by which browsers may reach the port without a token, besides addresses and
            localhost; others are refused, because a page elsewhere could use them.
            """, entry: name, show: { $0 }
        ).restarting,
        .bytes(
            "http", "body_limit", \.http.bodyBytes, in: 1_024...1 << 30,
            "Bytes of a request's body; a table for retraining may be larger."
        ).restarting,
        .time(
            "http", "time_limit", \.http.timeLimit, in: 1...600,
            "Time for a request to arrive, and for its answer to be read."
        ).restarting,
        .integer(
            "http", "rate_limit", \.http.rateLimit, in: 0...1_000_000,
            "Requests of one address in a second; 0 for no limit."
        ).restarting,
        .integer(
            "http", "concurrency", \.http.concurrency, in: 0...1_024,
            "Messages of requests that are scored at once; 0 is half of the cores."
        ).restarting,
        .integer(
            "http", "queue_limit", \.http.queueLimit, in: 0...10_000,
            "Requests that wait for that; one more is answered with 503."
        ).restarting,
    ]

    private static func address(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            guard path.hasPrefix("/"), UnixAddress(path: path) != nil else {
                throw ValueError(
                    "must be \"unix:/path\" of \(UnixAddress.longestPath) bytes at most")
            }
        } else if text.wholeMatch(of: /[A-Za-z0-9.:-]+/) == nil {
            throw ValueError("must be an address or host name, such as \"127.0.0.1\"")
        }
        return text
    }

    private static func path(_ value: ConfigurationValue) throws -> String {
        let path = try value.string()
        guard path.isEmpty || path.hasPrefix("/") else {
            throw ValueError("is \"\(path)\"; paths begin with /")
        }
        return path
    }

    private static func name(_ text: String) throws -> String {
        guard text.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil else {
            throw ValueError("holds \"\(text)\", which is no host name")
        }
        return text
    }
}
