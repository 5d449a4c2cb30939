import FilterPolicy
import Milter
import Telemetry

/// The changes made to a message that is delivered.
struct MessageEdits {
    let policy: PolicySettings
    let metrics: FilterMetrics

    /// Removes forged fields and adds siftd's own.
    ///
    /// Forged fields are removed first, because an insertion would shift the occurrences. The field
    /// inserted last stands first.
    func adding(_ fields: [SpamHeaders.Field], to transaction: Transaction) -> [Modification] {
        removals(transaction)
            + fields.reversed().map { .insertHeader(name: $0.name, value: $0.value) }
    }

    /// Deletions from the highest occurrence of a name to the lowest, so that renumbering can't
    /// matter.
    func removals(_ transaction: Transaction) -> [Modification] {
        var occurrences: [String: Int] = [:]
        var removals: [Modification] = []
        for field in transaction.header where policy.isForged(field.name) {
            let count = occurrences[field.name.lowercased(), default: 0] + 1
            occurrences[field.name.lowercased()] = count
            removals.append(.deleteHeader(name: field.name, occurrence: count))
        }
        if !removals.isEmpty { metrics.countRemovedHeaders(removals.count) }
        return removals.reversed()
    }

    /// The tag in front of the Subject, once.
    func subjectTag(_ transaction: Transaction) -> [Modification] {
        let tag = policy.subjectTag
        // A Subject that was dropped for its size would be lost for good.
        guard !tag.isEmpty, !transaction.isHeaderCut else { return [] }
        guard let field = transaction.header.first(where: { $0.name.lowercased() == "subject" })
        else { return [.insertHeader(name: "Subject", value: tag)] }
        guard !field.value.starts(with: tag.utf8) else { return [] }
        return [
            .changeHeader(name: field.name, occurrence: 1, value: Array(tag.utf8) + field.value)
        ]
    }

    /// The admin's mailbox instead of the recipients, whom a field names.
    func redirection(_ transaction: Transaction) -> [Modification] {
        let field = SpamHeaders.originalRecipients(transaction.recipients)
        return [.insertHeader(name: field.name, value: field.value)]
            + transaction.recipients.map { .deleteRecipient($0) }
            + [.addRecipient(policy.redirectTo)]
    }
}
