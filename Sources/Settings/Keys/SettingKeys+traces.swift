import Traces

extension SettingKey {
    /// Traces of messages and requests.
    static let traces = [
        SettingKey.text(
            "traces", "endpoint", \.traces.endpoint,
            """
            A collector of OpenTelemetry that takes OTLP over HTTP, such as "http://127.0.0.1:4318"; siftd
            adds /v1/traces. "" records no traces. Traces have no addresses and no content.
            """, check: endpoint
        ).restarting,
        .number(
            "traces", "sample", \.traces.sample, in: 0...1,
            """
            Share of messages and requests that are traced. Requests that name a trace which is
            sampled, or is not, are taken at their word.
            """
        ).restarting,
    ]

    private static func endpoint(_ value: ConfigurationValue) throws -> String {
        let text = try value.string()
        guard text.isEmpty || text.wholeMatch(of: /https?:\/\/[^\s\/?#@]+(\/[^\s?#]*)?/) != nil
        else {
            throw ValueError("must be an address such as \"http://127.0.0.1:4318\"")
        }
        return text
    }
}
