import Foundation

extension LabelLedger {
    /// Stores a label.
    ///
    /// - Returns: the receipt, without the number of new labels and the revision.
    mutating func add(_ label: NewLabel) throws -> LabelReceipt {
        let digest = Data(label.digest.bytes)
        let before = try entries(of: digest)
        let inForce = Precedence.inForce(before)
        let earlier = before.first { $0.source == label.source.description }
        if let earlier, try isKnown(label, earlier, inForce) {
            try recordTime(label, earlier)
            return LabelReceipt(
                outcome: .alreadyKnown, digest: label.digest, state: earlier.state)
        }
        if let earlier, earlier.labelClass == label.labelClass, earlier.admission != .held {
            try restate(earlier)
            try recordTime(label, earlier)
            return try receipt(label, before: inForce, released: 0)
        }
        let group = label.nearDuplicateKey.map {
            NearGroup(
                source: label.source.description, labelClass: label.labelClass,
                key: Int64(bitPattern: $0))
        }
        let opinion = Opinion(labelClass: label.labelClass, digest: digest, nearKey: group?.key)
        var isDuplicate = try isDuplicate(group, except: digest)
        let admission = try admission(label, opinion, isDuplicate: isDuplicate)
        // A held label represents nobody and is represented by nobody.
        if admission == .held { isDuplicate = false }
        if admission == .held || isDuplicate, earlier == nil, try isWaitingFull(label.source) {
            return LabelReceipt(outcome: .tooManyWaiting, digest: label.digest)
        }
        try store(label, over: earlier, first: before, admission, isDuplicate)
        if let earlier { try withdraw([earlier]) }
        touch(digest)
        let released = try release(
            held(opinion, except: label.source.person), as: .agreed)
        try settleNow()
        return try receipt(label, before: inForce, released: released)
    }

    /// Whether the source has said the same before and saying it again would change nothing.
    private func isKnown(
        _ label: NewLabel, _ earlier: LabelEntry, _ inForce: LabelEntry?
    ) throws -> Bool {
        guard earlier.labelClass == label.labelClass else { return false }
        // Another day the quota may have room for a label that was over it.
        if earlier.state == .held { return try !isWithinQuota(label) }
        guard earlier.state == .superseded, let inForce else { return true }
        return inForce.labelClass == label.labelClass || inForce.rank > earlier.rank
    }

    /// Gives a superseded label its word back: the source says once more what it has said before.
    ///
    /// All but the order of statements stays, so that taking back what came in between leaves no
    /// trace of it.
    private mutating func restate(_ earlier: LabelEntry) throws {
        let number = nextRevision()
        try db.run(
            "UPDATE label SET given = ?, revision = ? WHERE id = ?", [number, number, earlier.id])
        touch(earlier.digest)
        try settleNow()
    }

    /// Keeps when the source has said so last, beside when it has said so first: what arrives late
    /// from between must not hold instead.
    private func recordTime(_ label: NewLabel, _ earlier: LabelEntry) throws {
        try db.run(
            "UPDATE label SET said = ? WHERE id = ? AND said < ?",
            [label.time, earlier.id, label.time])
    }

    private func admission(
        _ label: NewLabel, _ opinion: Opinion, isDuplicate: Bool
    ) throws -> Admission {
        if label.source.isExemptFromQuota { return .exempt }
        if isDuplicate { return .counted }
        if try isWithinQuota(label) { return .counted }
        return try isAgreed(opinion, except: label.source.person) ? .agreed : .held
    }

    /// Writes the row; the states are settled later.
    private mutating func store(
        _ label: NewLabel, over earlier: LabelEntry?, first: [LabelEntry], _ admission: Admission,
        _ isDuplicate: Bool
    ) throws {
        if earlier?.state == .active { markRewritten() }
        var score = label.score
        if let first = first.map(\.id).min() {
            (score.modelID, score.modelLogit) = try firstScore(first)
        }
        let number = nextRevision()
        let values: SQLArguments = [
            label.labelClass.rawValue, label.way.rawValue, label.time, label.weight,
            label.mailbox, label.senderDomain,
            label.nearDuplicateKey.map { Int64(bitPattern: $0) }, number, number, number,
            admission.rawValue, isDuplicate, score.verdict, score.probability, score.modelID,
            score.modelLogit, label.features.version, Data(label.features.bytes),
            label.payload?.kind.rawValue, label.payload.map { Data($0.bytes) },
        ]
        if let earlier {
            try db.run(
                """
                UPDATE label SET class = ?, way = ?, time = ?, weight = ?, mailbox = ?,
                sender_domain = ?, near_key = ?, given = ?, sequence = ?, revision = ?,
                admission = ?, is_duplicate = ?, verdict = ?, probability = ?, model = ?,
                logit = ?, feature_version = ?, features = ?, payload_kind = ?, payload = ?,
                state = 'superseded', job = NULL WHERE id = ?
                """, values + [earlier.id])
        } else {
            try db.run(
                """
                INSERT INTO label (class, way, time, weight, mailbox, sender_domain, near_key,
                given, sequence, revision, admission, is_duplicate, verdict, probability, model,
                logit, feature_version, features, payload_kind, payload, state, digest, source,
                person, rank) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                'superseded', ?, ?, ?, ?)
                """,
                values + [
                    Data(label.digest.bytes), label.source.description, label.source.person,
                    label.source.rank,
                ])
        }
    }

    /// The model's id and logit when the message was first scored.
    private func firstScore(_ id: Int64) throws -> (String, Double) {
        guard let row = try db.rows("SELECT model, logit FROM label WHERE id = ?", [id]).first
        else {
            throw StoreDamage(description: "label \(id) is missing")
        }
        var columns = ColumnReader(row)
        return (try columns.next(), try columns.next())
    }

    private func receipt(
        _ label: NewLabel, before: LabelEntry?, released: Int
    ) throws -> LabelReceipt {
        let entries = try entries(of: Data(label.digest.bytes))
        let inForce = Precedence.inForce(entries)
        let entry = entries.first { $0.source == label.source.description }
        var receipt = LabelReceipt(
            outcome: .stored, digest: label.digest, state: entry?.state, released: released)
        if let before, let inForce, before.labelClass != inForce.labelClass {
            receipt.replaced = before.labelClass
            receipt.replacedSource = try? LabelSource(parsing: before.source)
        }
        switch entry?.state {
        case .held: receipt.outcome = .overQuota
        case .duplicate: receipt.outcome = .nearDuplicate
        case .superseded:
            receipt.outcome = inForce?.labelClass == label.labelClass ? .agrees : .outranked
        case .active, nil: receipt.outcome = receipt.replaced == nil ? .stored : .relabelled
        }
        return receipt
    }
}

extension LabelSource {
    /// Whoever is behind the source: labels and replies of one address are one person's.
    var person: String { subject }
}
