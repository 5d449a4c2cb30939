import Foundation

extension StoredLabel {
    /// The columns that ``init(_:)`` reads.
    ///
    /// - Parameter withPayload: whether to read the payload too.
    /// - Returns: a list for SELECT.
    static func columns(withPayload: Bool) -> String {
        """
        id, digest, class, source, way, time, weight, verdict, probability, model, logit, \
        feature_version, features, sender_domain, near_key, mailbox, state, sequence, job, \
        \(withPayload ? "payload_kind, payload" : "NULL, NULL")
        """
    }

    init(_ row: SQLRow) throws {
        var columns = ColumnReader(row)
        let id: Int64 = try columns.next()
        let digest = try columns.make { (data: Data) in MessageDigest([UInt8](data)) }
        let labelClass = try columns.make { LabelClass(rawValue: $0) }
        let source = try columns.make { try? LabelSource(parsing: $0) }
        let way = try columns.make { LabelWay(rawValue: $0) }
        let time: Int64 = try columns.next()
        let weight: Double = try columns.next()
        let score = try MessageScore(&columns)
        let features = LabelFeatures(version: try columns.next(), bytes: try columns.bytes())
        let senderDomain: String = try columns.next()
        let nearKey: Int64? = try columns.optional()
        let mailbox: String? = try columns.optional()
        let state = try columns.make { LabelState(rawValue: $0) }
        let sequence: Int64 = try columns.next()
        let job: Int64? = try columns.optional()
        let kind: String? = try columns.optional()
        let payload: Data? = try columns.optional()
        let label = NewLabel(
            digest: digest, labelClass: labelClass, source: source, way: way, time: time,
            weight: weight, score: score, features: features,
            payload: kind.flatMap { LabelPayload.Kind(rawValue: $0) }.map {
                LabelPayload($0, bytes: [UInt8](payload ?? Data()))
            }, senderDomain: senderDomain,
            nearDuplicateKey: nearKey.map { UInt64(bitPattern: $0) }, mailbox: mailbox)
        self.init(id: id, label: label, state: state, sequence: sequence, archivedBy: job)
    }
}

extension MessageScore {
    /// Reads four columns: verdict, probability, model, logit.
    init(_ columns: inout ColumnReader) throws {
        self.init(
            verdict: try columns.next(), probability: try columns.next(),
            modelID: try columns.next(), modelLogit: try columns.next())
    }
}
