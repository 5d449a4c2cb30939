import Foundation

extension StoreOperation {
    /// The change as JSON, as the spool keeps it.
    var encoded: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return try encoder.encode(Record(change))
        }
    }

    /// Reads what ``encoded`` wrote.
    ///
    /// - Throws: `StoreDamage` for anything else.
    init(id: UUID, time: Int64, encoded: Data) throws {
        let record: Record
        do { record = try JSONDecoder().decode(Record.self, from: encoded) } catch {
            throw StoreDamage(description: "an operation can't be read: \(error)")
        }
        guard let change = record.change else {
            throw StoreDamage(description: "an operation means nothing")
        }
        self.init(change, id: id, time: time)
    }

    /// The form on disk; names are never changed, because a newer siftd delivers what an older one
    /// has kept.
    private struct Record: Codable {
        var labels: [LabelRecord]?
        var history: HistoryRecord?
        var remove: SelectionRecord?
        var confirm: SelectionRecord?

        init(_ change: Change) {
            switch change {
            case .add(let labels): self.labels = labels.map(LabelRecord.init)
            case .addOfHistory(let label): history = HistoryRecord(label)
            case .remove(let selection): remove = SelectionRecord(selection)
            case .confirm(let selection): confirm = SelectionRecord(selection)
            }
        }

        var change: Change? {
            if let labels {
                let read = labels.compactMap(\.label)
                return read.count == labels.count ? .add(read) : nil
            }
            if let history { return history.label.map { .addOfHistory($0) } }
            if let remove { return remove.selection.map { .remove($0) } }
            return confirm?.selection.map { .confirm($0) }
        }
    }

    private struct LabelRecord: Codable {
        var digest: Data
        var labelClass: String
        var source: String
        var way: String
        var time: Int64
        var weight: Double
        var verdict: String
        var probability: Double
        var model: String
        var logit: Double
        var featureVersion: Int
        var features: Data
        var payloadKind: String?
        var payload: Data?
        var senderDomain: String
        var nearKey: UInt64?
        var mailbox: String?

        init(_ label: NewLabel) {
            digest = Data(label.digest.bytes)
            labelClass = label.labelClass.rawValue
            source = label.source.description
            way = label.way.rawValue
            time = label.time
            weight = label.weight
            verdict = label.score.verdict
            probability = label.score.probability
            model = label.score.modelID
            logit = label.score.modelLogit
            featureVersion = label.features.version
            features = Data(label.features.bytes)
            payloadKind = label.payload?.kind.rawValue
            payload = label.payload.map { Data($0.bytes) }
            senderDomain = label.senderDomain
            nearKey = label.nearDuplicateKey
            mailbox = label.mailbox
        }

        var label: NewLabel? {
            guard let digest = MessageDigest([UInt8](digest)),
                let labelClass = LabelClass(rawValue: labelClass),
                let source = try? LabelSource(parsing: source), let way = LabelWay(rawValue: way)
            else { return nil }
            return NewLabel(
                digest: digest, labelClass: labelClass, source: source, way: way, time: time,
                weight: weight,
                score: MessageScore(
                    verdict: verdict, probability: probability, modelID: model, modelLogit: logit),
                features: LabelFeatures(version: featureVersion, bytes: [UInt8](features)),
                payload: payloadKind.flatMap { LabelPayload.Kind(rawValue: $0) }.map {
                    LabelPayload($0, bytes: [UInt8](payload ?? Data()))
                }, senderDomain: senderDomain, nearDuplicateKey: nearKey, mailbox: mailbox)
        }
    }

    private struct HistoryRecord: Codable {
        var entry: Int64
        var labelClass: String
        var source: String
        var way: String
        var time: Int64
        var weight: Double

        init(_ label: HistoryLabel) {
            entry = label.id
            labelClass = label.labelClass.rawValue
            source = label.source.description
            way = label.way.rawValue
            time = label.time
            weight = label.weight
        }

        var label: HistoryLabel? {
            guard let labelClass = LabelClass(rawValue: labelClass),
                let source = try? LabelSource(parsing: source), let way = LabelWay(rawValue: way)
            else { return nil }
            return HistoryLabel(
                id: entry, labelClass: labelClass, source: source, way: way, time: time,
                weight: weight)
        }
    }

    private struct SelectionRecord: Codable {
        var all: Bool?
        var digest: Data?
        var source: String?
        var person: String?
        var mailbox: String?
        var from: Int64?
        var to: Int64?
        var before: Int64?

        init(_ selection: LabelSelection) {
            switch selection {
            case .all: all = true
            case .message(let digest): self.digest = Data(digest.bytes)
            case .messageBy(let digest, let source):
                self.digest = Data(digest.bytes)
                self.source = source.description
            case .source(let source): self.source = source.description
            case .person(let person): self.person = person
            case .mailbox(let mailbox): self.mailbox = mailbox
            case .time(let range):
                from = range.lowerBound
                to = range.upperBound
            case .before(let time): before = time
            }
        }

        /// Nil for a record with nothing in it, which must not mean all labels.
        var selection: LabelSelection? {
            if let digest {
                guard let digest = MessageDigest([UInt8](digest)) else { return nil }
                guard let source else { return .message(digest) }
                return (try? LabelSource(parsing: source)).map { .messageBy(digest, $0) }
            }
            if let source { return (try? LabelSource(parsing: source)).map { .source($0) } }
            if let person { return .person(person) }
            if let mailbox { return .mailbox(mailbox) }
            if let from, let to { return from <= to ? .time(from...to) : nil }
            if let before { return .before(before) }
            return all == true ? .all : nil
        }
    }
}
