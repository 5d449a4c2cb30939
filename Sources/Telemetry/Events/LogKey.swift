/// A key of the log; `docs/log-and-metrics.md` says what each value means.
///
/// Scripts, logcheck and fail2ban rules match these names, so they never change.
public enum LogKey: String, Sendable, CaseIterable {
    // Of every event.
    case time = "ts"
    case level
    case queueID = "id"
    case event = "msg"
    case text

    // Of the line that each message leaves, in this order.
    case verdict
    case action
    case score
    case required
    case probability = "p"
    case model
    case client
    case authenticated = "auth"
    case envelopeSender = "from"
    case recipients = "nrcpt"
    case bytes = "size"
    case messageID = "mid"
    case parseTime = "parse_ms"
    case queueTime = "queue_ms"
    case inferTime = "infer_ms"
    case totalTime = "total_ms"
    case batch
    case site
    case siteLabels = "labels"
    case siteRevision = "revision"
    case reason
    case policy
    case view
    case command = "spamd"
    case user
    case flags

    // Of the daemon's events.
    case version
    case socket
    case url
    case serving = "served_by"
    case setting = "key"
    case label
    case messages
    case seconds
    case change
    case activation
    case host
    case error
}
