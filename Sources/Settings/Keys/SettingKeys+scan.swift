import MailText
import Scoring

extension SettingKey {
    /// What a message is scored with.
    static let model = [
        SettingKey.text(
            "model", "directory", \.model.directory,
            """
            The model bundle to score with. "" takes /var/lib/siftd/models/active if there is
            one, else the starter model that came with siftd.
            """),
        .bytes(
            "model", "table_limit", \.model.tableLimit, in: 0...1 << 40,
            """
            Memory that the model's look-up tables may take; the starter model's take 46 MB. A
            model that needs more is served without them, some fifty times slower.
            """),
    ]

    /// How much of a message is read.
    static let scan = [
        SettingKey.bytes(
            "scan", "body_limit", \.scan.bodyBytes, in: 1_024...1 << 30,
            """
            Bytes of body kept of each message. Of a larger one the longest parts lose their
            middle, attachments long before text; if that is not enough, the MTA is told to skip
            the rest.
            """
        ).restarting,
        .integer(
            "scan", "header_field_limit", \.scan.headerFields, in: 50...1_000_000,
            "Header fields read of the message and of each of its parts."),
        .bytes(
            "scan", "header_limit", \.scan.headerBytes, in: 1_024...1 << 24,
            "Bytes read of each header field."),
        .integer(
            "scan", "part_limit", \.scan.parts, in: 1...100_000,
            "MIME parts read of each message."),
        .integer(
            "scan", "depth_limit", \.scan.depth, in: 1...200, "Levels of MIME nesting followed."),
        .bytes(
            "scan", "decoded_limit", \.scan.decodedBytes, in: 1_024...1 << 30,
            "Bytes of text parts decoded, over the whole message."),
        .bytes(
            "scan", "text_limit", \.scan.textBytes, in: 1_024...1 << 28,
            "Bytes of visible text kept."),
        .integer(
            "scan", "link_limit", \.scan.links, in: 0...100_000, "Links and images kept."),
        .integer(
            "scan", "tag_limit", \.scan.tags, in: 100...10_000_000,
            """
            Tags of HTML read as browsers do, over the whole message; all text behind them counts as
            visible.
            """),
        .integer(
            "scan", "token_limit", \.scan.tokens, in: 100...1_000_000,
            "Tokens made of a message; the starter model scores 16,384 of them."),
        SettingKey(
            section: "scan", name: "time_limit",
            comment: """
                CPU time spent on reading one message; a sound one needs a thousandth of it. Beyond
                this and any other limit the message is judged by what was read, and its log line
                names the limit.
                """,
            read: { $0.scan.seconds = try $1.seconds(0.01...600) },
            show: { Shown.seconds($0.scan.seconds) }),
        .text(
            "scan", "crash_journal", \.crashJournal,
            """
            File that remembers which messages were in progress when siftd died: they pass unjudged
            when they come again. "" takes /var/lib/siftd/crash-journal if that folder is there.
            """
        ).restarting,
    ]

    static let scoring = [
        SettingKey.integer(
            "scoring", "workers", \.scoring.workers, in: 0...1_024,
            "Threads that run the network; 0 is one for each core."
        ).restarting,
        SettingKey(
            section: "scoring", name: "batch_limit",
            comment: """
                Messages that a worker takes at once, at most, of those that arrived while all were
                busy. "auto" follows the model: 1 where tables serve, for which more was never faster,
                8 for an imported model that is computed layer by layer, and 32 if it is recurrent.
                """,
            read: { settings, value in
                if (try? value.string()) == "auto" {
                    settings.scoring.batchLimit = nil
                } else {
                    settings.scoring.batchLimit = try value.integer(1...4_096)
                }
            },
            show: { $0.scoring.batchLimit.map { "\($0)" } ?? Shown.text("auto") }
        ).restarting,
        .integer(
            "scoring", "queue_limit", \.scoring.queueLimit, in: 1...1_000_000,
            "Messages that may wait for a worker; see policy.on_overload for one more."
        ).restarting,
        .time(
            "scoring", "deadline", \.timeLimit, in: 0.01...600,
            """
            Time from end-of-message to the latest answer; see policy.on_timeout. Keep it well
            below the MTA's own limit (Postfix: milter_content_timeout).
            """),
        .time(
            "scoring", "drain_limit", \.drainLimit, in: 0...600,
            "Time that messages in progress get to finish when siftd stops."),
    ]
}
