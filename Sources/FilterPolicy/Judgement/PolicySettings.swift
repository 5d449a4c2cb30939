/// What the admin wants done, as checked by Settings. The defaults are careful: tag only.
public struct PolicySettings: Sendable, Equatable {
    public enum Mode: String, Sendable, CaseIterable {
        /// Do what the policy says.
        case filter
        /// Only log what would be done.
        case monitor
    }

    public var mode = Mode.filter
    /// Probability from which on a message is spam; nil takes the model's own.
    public var tagThreshold: Double?
    /// Probability from which on a message is unsure instead of ham.
    public var unsureThreshold = 0.5
    public var rejects = false
    /// Probability from which on a message is rejected; nil takes the model's own.
    public var rejectThreshold: Double?
    /// More actions than rejection; the strictest that applies is carried out.
    public var rules: [ActionRule] = []
    public var rejection = RefusalText("550", "5.7.1", "Spam message rejected")
    public var delay = RefusalText("451", "4.7.1", "Try again later")
    /// Where redirected mail goes; empty for nowhere.
    public var redirectTo = ""
    /// What the MTA's queue says of quarantined mail.
    public var quarantineReason = "siftd: spam"
    /// Put in front of the Subject of spam; empty for nothing.
    public var subjectTag = ""
    /// Messages with fewer words and links than this are unsure.
    public var minimumEvidence = 4
    /// Whether marked and unsure messages get `X-Spam-Reason`.
    public var addsReasons = true
    public var faults = FaultPolicy()
    /// The fields that are added.
    public var headers = HeaderTemplate.defaults
    /// Header names taken out of inbound mail beside `X-Spam*` and those that are added.
    public var removedHeaders: [String] = []
    /// Other settings for some recipients: by address or domain, in lower case.
    public var recipients: [String: RecipientPolicy] = [:]

    public init() {}

    /// Whether a field must not come in from outside: senders forge verdicts.
    ///
    /// Asked for every field of every message, so it makes no new strings.
    public func isForged(_ name: String) -> Bool {
        PolicySettings.matches(name.utf8.prefix(6), "x-spam")
            || removedHeaders.contains { PolicySettings.matches(name.utf8[...], $0) }
            || headers.contains { PolicySettings.matches(name.utf8[...], $0.name) }
    }

    private static func matches(_ bytes: Substring.UTF8View, _ name: String) -> Bool {
        guard bytes.count == name.utf8.count else { return false }
        return zip(bytes, name.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

/// What differs for one recipient or one recipient domain; nil keeps the general setting.
public struct RecipientPolicy: Sendable, Equatable {
    /// False for mail that passes unjudged.
    public var judges: Bool?
    public var tagThreshold: Double?
    public var unsureThreshold: Double?
    public var rejects: Bool?
    public var rejectThreshold: Double?
    public var rules: [ActionRule]?

    public init() {}
}

extension PolicySettings {
    /// The settings for one recipient, and whose they are.
    public struct Applied: Sendable {
        /// The address or domain that stands in the configuration; empty for the general settings.
        public var name: String
        public var settings: PolicySettings
        public var judges = true
    }

    /// Every different policy that the recipients of a message have; the general one for none.
    public func applied(to addresses: [String]) -> [Applied] {
        guard !recipients.isEmpty, !addresses.isEmpty else {
            return [Applied(name: "", settings: self)]
        }
        let names = Set(addresses.map(policyName))
        return names.sorted().map { name in
            guard let own = recipients[name] else { return Applied(name: "", settings: self) }
            var settings = self
            settings.tagThreshold = own.tagThreshold ?? tagThreshold
            settings.unsureThreshold = own.unsureThreshold ?? unsureThreshold
            settings.rejects = own.rejects ?? rejects
            settings.rejectThreshold = own.rejectThreshold ?? rejectThreshold
            settings.rules = own.rules ?? rules
            return Applied(name: name, settings: settings, judges: own.judges ?? true)
        }
    }

    private func policyName(of address: String) -> String {
        let lower = address.lowercased()
        if recipients[lower] != nil { return lower }
        let domain = lower.lastIndex(of: "@").map { String(lower[lower.index(after: $0)...]) } ?? ""
        return recipients[domain] != nil ? domain : ""
    }
}

/// The thresholds in force for one model.
public struct PolicyThresholds: Sendable, Equatable {
    public var unsure: Double
    public var tag: Double
    public var reject: Double

    /// - Parameters:
    ///   - modelTag: what the model's bundle says; 0.9 and 0.99 stand in for a bundle without.
    public init(_ settings: PolicySettings, modelTag: Double?, modelReject: Double?) {
        tag = settings.tagThreshold ?? modelTag ?? 0.9
        unsure = min(settings.unsureThreshold, tag)
        reject = max(settings.rejectThreshold ?? modelReject ?? 0.99, tag)
    }
}
