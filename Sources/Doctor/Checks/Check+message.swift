import FilterPolicy
import Milter
import Settings

extension Check {
    /// A message goes through each socket and comes back judged.
    @Sendable static func message(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        guard let send = site.sendMessage else {
            return [Finding("message", .skipped, "no message was sent")]
        }
        return settings.milter.sockets.map { socket in
            if case .descriptor = socket {
                return Finding("message", .skipped, "\(socket) has no name to connect to")
            }
            switch send(socket) {
            case .failure(let failure):
                return Finding(
                    "message", .failure, "no answer through \(socket): \(failure)",
                    remedy: "journalctl -u siftd")
            case .success(let answer): return finding(answer, socket, settings)
            }
        }
    }

    private static func finding(
        _ answer: MilterTrial.Answer, _ socket: SocketAddress, _ settings: SiftdSettings
    ) -> Finding {
        let isAccepted = answer.reply == "c" || answer.reply == "a"
        if isAccepted, settings.policy.mode == .monitor {
            return Finding(
                "message", .warning, "a message passes through \(socket); it gets no fields",
                remedy:
                    "mode = \"monitor\" only logs; set policy.mode = \"filter\" when you trust it")
        }
        guard isAccepted else {
            let text = answer.text.isEmpty ? "\"\(answer.reply)\"" : answer.text
            return Finding(
                "message", .failure, "an everyday message through \(socket) was answered \(text)",
                remedy: "journalctl -u siftd has a line with DOCTOR that says why")
        }
        guard let status = answer.fields["X-Spam-Status"] ?? answer.fields.values.first else {
            return Finding(
                "message", .warning, "a message through \(socket) got no field",
                remedy: "an exemption or a recipient's policy may let it pass unjudged, or "
                    + "headers.fields adds none; the log's line with DOCTOR says which")
        }
        guard !status.contains("UNSCANNED"), !status.hasPrefix("Yes") else {
            return Finding(
                "message", .failure, "an everyday message through \(socket) got: \(status)",
                remedy: "journalctl -u siftd has a line with DOCTOR that says why")
        }
        return Finding("message", .ok, "a message through \(socket) was judged: \(status)")
    }
}
