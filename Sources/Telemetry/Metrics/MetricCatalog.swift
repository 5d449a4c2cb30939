/// All metrics of siftd: name, meaning, labels and buckets in one place.
///
/// Names follow Prometheus' practice: one prefix, base units, `_total` on counters, label values
/// from small closed sets. A bucket border stands on each limit that the documentation promises.
public enum MetricCatalog {
    private static let seconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    static let messages = MetricDefinition(
        "siftd_messages_total", .counter, "Messages judged, by verdict, action and source.",
        labels: ["verdict", "action", "source"])
    static let stageDuration = MetricDefinition(
        "siftd_stage_duration_seconds", .histogram,
        "Time a message spent in a stage, such as read, queue, infer, total.", labels: ["stage"],
        buckets: seconds)
    static let probability = MetricDefinition(
        "siftd_spam_probability", .histogram, "Spam probability of judged messages.",
        buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    static let messageBytes = MetricDefinition(
        "siftd_message_bytes", .histogram, "Size of messages as read.",
        buckets: [1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216])
    static let queueDepth = MetricDefinition(
        "siftd_queue_depth", .gauge, "Messages waiting for a scoring worker.")
    static let queueRejected = MetricDefinition(
        "siftd_queue_rejected_total", .counter,
        "Messages that found the scoring queue full or passed their deadline in it.")
    static let batchSize = MetricDefinition(
        "siftd_batch_size", .histogram, "Messages scored together.",
        buckets: [1, 2, 4, 8, 16, 32, 64])
    static let limitsHit = MetricDefinition(
        "siftd_limits_hit_total", .counter, "Messages that met a reading limit, by limit.",
        labels: ["limit"])
    static let headersRemoved = MetricDefinition(
        "siftd_headers_removed_total", .counter, "Inbound X-Spam header fields taken out.")
    static let faults = MetricDefinition(
        "siftd_faults_total", .counter, "Messages not judged because of a fault of ours.")
    static let acceptFailures = MetricDefinition(
        "siftd_accept_failures_total", .counter,
        "Times that no MTA could be accepted for lack of descriptors or memory.")
    static let feedback = MetricDefinition(
        "siftd_feedback_total", .counter,
        "Labels that people gave over HTTP, by siftd's verdict before and the label.",
        labels: ["predicted", "label"])
    static let httpRequests = MetricDefinition(
        "siftd_http_requests_total", .counter, "Requests to the HTTP port, by class of status.",
        labels: ["status"])
    static let spamdRequests = MetricDefinition(
        "siftd_spamd_requests_total", .counter,
        "Requests to the spamd port, by the code of the answer.", labels: ["code"])
    static let words = MetricDefinition(
        "siftd_words_total", .counter,
        "Words of judged messages, by whether the model's vocabulary has them.", labels: ["known"])
    static let modelUnknownWords = MetricDefinition(
        "siftd_model_unknown_words_ratio", .gauge,
        "Share of words of the active model's training mail that its vocabulary lacks.")
    static let spans = MetricDefinition(
        "siftd_trace_spans_total", .counter,
        "Spans of sampled traces, by whether the collector took them.", labels: ["result"])
    static let storeUp = MetricDefinition(
        "siftd_store_up", .gauge, "Whether the database that hosts share answers: 1 or 0.")
    static let storeContact = MetricDefinition(
        "siftd_store_last_contact_seconds", .gauge, "How long ago the database last answered.")
    static let spoolEntries = MetricDefinition(
        "siftd_spool_entries", .gauge, "Changes of labels that wait for the database.")
    static let spoolAge = MetricDefinition(
        "siftd_spool_oldest_seconds", .gauge, "How long the oldest of them has waited.")
    static let spoolRefused = MetricDefinition(
        "siftd_spool_refused_entries", .gauge,
        "Changes of labels that the database refused for good.")
    static let spoolDelivered = MetricDefinition(
        "siftd_spool_delivered_total", .counter,
        "Changes of labels that had waited and were delivered.")
    static let historyDropped = MetricDefinition(
        "siftd_history_dropped_total", .counter,
        "Recent verdicts that the label store did not take.")
    static let labelRevision = MetricDefinition(
        "siftd_label_revision", .gauge, "Revision of the labels that scores rest on.")
    static let labelLag = MetricDefinition(
        "siftd_label_lag_revisions", .gauge,
        "Changes of labels that this host has heard of and that do not count yet.")
    static let fleetHosts = MetricDefinition(
        "siftd_fleet_hosts", .gauge, "Hosts that share the model, by how it is with them.",
        labels: ["state"])
    static let fleetActivation = MetricDefinition(
        "siftd_fleet_activation", .gauge,
        "Number of the change of the model that this host has followed last.")
    static let fleetAgreed = MetricDefinition(
        "siftd_fleet_agreed_activation", .gauge,
        "Number of the last change of the model that all hosts have agreed on.")
    static let fleetLag = MetricDefinition(
        "siftd_fleet_model_lag_seconds", .gauge,
        "How long this host has not followed that change; 0 when it has.")
    static let retrainings = MetricDefinition(
        "siftd_retrain_total", .counter, "Retrainings that ended, by how.", labels: ["result"])
    static let retrainTime = MetricDefinition(
        "siftd_retrain_last_duration_seconds", .gauge, "How long the last retraining took.")
    static let retrainEnd = MetricDefinition(
        "siftd_retrain_last_timestamp_seconds", .gauge, "When the last retraining ended.")
    static let guardAccuracy = MetricDefinition(
        "siftd_retrain_guard_accuracy_drop_ratio", .gauge,
        "By how much the last candidate was less accurate on held-out labels than the model.")
    static let guardFalsePositives = MetricDefinition(
        "siftd_retrain_guard_false_positive_rise_ratio", .gauge,
        "By how much the last candidate called more held-out ham spam than the model.")
    static let modelFalsePositives = MetricDefinition(
        "siftd_model_holdout_false_positive_ratio", .gauge,
        "Share of ham called spam that was held out when the active model was trained.")
    static let modelRecall = MetricDefinition(
        "siftd_model_holdout_recall_ratio", .gauge,
        "Share of spam found that was held out when the active model was trained.")
    static let modelAccuracy = MetricDefinition(
        "siftd_model_holdout_accuracy_ratio", .gauge,
        "Share of messages right that were held out when the active model was trained.")
    static let modelInfo = MetricDefinition(
        "siftd_model_info", .gauge, "The active model; always 1.", labels: ["model", "normalizer"])
    static let modelTrained = MetricDefinition(
        "siftd_model_trained_timestamp_seconds", .gauge, "When the active model was trained.")
    static let buildInfo = MetricDefinition(
        "siftd_build_info", .gauge, "The running version; always 1.", labels: ["version"])

    /// Every metric, in the order of the documentation.
    public static let all = [
        messages, stageDuration, probability, messageBytes, queueDepth, queueRejected, batchSize,
        limitsHit, headersRemoved, faults, acceptFailures, feedback, httpRequests, spamdRequests,
        spans, words, storeUp, storeContact, spoolEntries, spoolAge, spoolRefused, spoolDelivered,
        historyDropped, labelRevision, labelLag,
        fleetHosts, fleetActivation, fleetAgreed, fleetLag,
        retrainings, retrainTime, retrainEnd, guardAccuracy, guardFalsePositives,
        modelInfo,
        modelTrained,
        modelAccuracy, modelFalsePositives, modelRecall, modelUnknownWords,
        buildInfo,
    ]
}
