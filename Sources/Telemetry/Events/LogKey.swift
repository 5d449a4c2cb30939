/// A key of the log. Scripts, logcheck and fail2ban rules match these names, so they never change.
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
    case reason
    case policy
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
    case error

    /// What the key's value says, for the documentation.
    public var meaning: String {
        switch self {
        case .time: "time of the event, RFC 3339; JSON only"
        case .level: "debug, info, notice, warning or error; JSON only"
        case .queueID: "the MTA's queue id; in text it stands in front of the line with a colon"
        case .event: "the event's name; the line of a message has none"
        case .text: "what happened and what to do, in words; in text it ends the line"
        case .verdict: "ham, spam, unsure, or skipped for a message that was not judged"
        case .action:
            "what the policy does: accept, add_header, redirect, quarantine, tempfail, "
                + "reject, discard"
        case .score: "points, 0.00 to 10.00"
        case .required: "points from which a message is spam"
        case .probability: "probability of spam, 0 to 1; - for a message that was not judged"
        case .model: "id of the model"
        case .client: "address of the SMTP client; - for local mail"
        case .authenticated: "user who logged in; - for nobody"
        case .envelopeSender: "envelope sender in angle brackets; <> for bounces"
        case .recipients: "number of envelope recipients"
        case .bytes: "bytes of the message that were read"
        case .messageID: "Message-ID"
        case .parseTime: "milliseconds to read the message"
        case .queueTime: "milliseconds it waited for a scoring worker"
        case .inferTime: "milliseconds to score it"
        case .totalTime: "milliseconds from end-of-message to the answer"
        case .batch: "messages scored together"
        case .reason: "why the message was not judged, or is unsure; left out otherwise"
        case .policy: "whose policy decided, where recipients have their own; left out otherwise"
        case .flags: "defects of the message, with commas; - for none"
        case .version: "version of siftd"
        case .socket: "sockets for the MTA, with commas"
        case .url: "address of the HTTP port"
        case .serving: "how scores are computed"
        case .setting: "configuration key"
        case .label: "label of a model"
        case .messages: "number of messages"
        case .seconds: "a time limit"
        case .change: "the modification that was refused"
        case .error: "what went wrong"
        }
    }
}
