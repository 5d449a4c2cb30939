extension PolicySettings {
    /// The settings for some of the recipients of a message.
    public struct Applied: Sendable {
        /// The address or domain they are configured for; empty for the general settings.
        public var name: String
        /// The general settings, with those of the recipient in their stead.
        public var settings: PolicySettings
        /// False where mail passes unjudged.
        public var judges = true
    }

    /// Every different policy that the recipients of a message have, by name, the general one
    /// first.
    ///
    /// - Parameter addresses: the envelope recipients.
    /// - Returns: at least one; only the general policy when there are no recipients.
    public func applied(to addresses: [String]) -> [Applied] {
        guard !recipients.isEmpty, !addresses.isEmpty else {
            return [Applied(name: "", settings: self)]
        }
        return Set(addresses.map(policyName)).sorted().map { name in
            guard let policy = recipients[name] else { return Applied(name: "", settings: self) }
            var settings = self
            settings.tagThreshold = policy.tagThreshold ?? tagThreshold
            settings.unsureThreshold = policy.unsureThreshold ?? unsureThreshold
            settings.rejects = policy.rejects ?? rejects
            settings.rejectThreshold = policy.rejectThreshold ?? rejectThreshold
            settings.rules = policy.rules ?? rules
            return Applied(name: name, settings: settings, judges: policy.judges ?? true)
        }
    }

    /// The key of ``recipients`` that applies: the address, then its domain; empty for neither.
    private func policyName(of recipient: String) -> String {
        let address = EmailAddress(recipient)
        if recipients[address.description] != nil { return address.description }
        let domain = String(address.domain)
        return recipients[domain] != nil ? domain : ""
    }
}
