/// The class of a message; the raw value appears in headers, log and metrics.
public enum Verdict: String, Sendable, CaseIterable {
    /// Wanted mail.
    case ham
    /// Unwanted mail, from the tag threshold on.
    case spam
    /// Between the thresholds, or too little text to decide; delivered as ham.
    case unsure
    /// Not judged: an exempt client, an entry of the allow list, or a fault.
    case skipped
}
