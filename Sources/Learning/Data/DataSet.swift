import Checksums
import Corpora
import MailText
import Models
import Scoring
import TextCNN
import TextFeatures

/// Labelled messages as tokens, divided into parts.
public struct DataSet: Sendable {
    public struct Item: Sendable {
        public var set: String
        public var path: String
        /// As the data say it: `ham`, `spam`, or what else there is.
        public var label: String
        public var part: DataSplit
        public var tokens: TokenStream

        var isSpam: Bool { label == Label.spam.rawValue }
    }

    /// What went in, for the report: a data set's name, size and digest.
    public struct Source: Codable, Sendable {
        public var name: String
        public var messages: Int
        /// SHA-256 over path, label, part and content of all messages in order.
        public var sha256: String
    }

    public private(set) var items: [Item] = []
    public private(set) var sources: [Source] = []

    /// Reads and tokenises data sets.
    ///
    /// Without a split file messages are divided 80/10/10 by a digest of their text, so that copies
    /// of one text fall on the same side.
    ///
    /// - Parameter progress: called with the number of messages read so far.
    /// - Throws: ``CorpusError``.
    public init(
        _ corpora: [Corpus], splits: SplitFile, labelling: Labelling, pipeline: TextPipeline,
        progress: (Int) -> Void
    ) throws {
        for corpus in corpora {
            var digest = ""
            var batch: [(message: CorpusMessage, label: String, part: DataSplit?)] = []
            let before = items.count
            func flush() {
                let read = Parallel.map(batch) { entry -> (Item, String) in
                    let content = entry.message.content.read()
                    let item = Item(
                        set: entry.message.set, path: entry.message.path, label: entry.label,
                        part: entry.part ?? DataSet.part(of: content),
                        tokens: pipeline.tokens(of: Document(content)))
                    return (item, entry.message.digest("\(item.label)\t\(item.part.rawValue)"))
                }
                for (item, sum) in read {
                    items.append(item)
                    digest = SHA256.hex(Array((digest + sum).utf8))
                }
                batch.removeAll(keepingCapacity: true)
                progress(items.count)
            }
            try corpus.forEach { message in
                guard let (label, part) = try DataSet.place(message, splits, labelling)
                else { return }
                batch.append((message, label, part))
                if batch.count == 2_048 { flush() }
            }
            flush()
            guard items.count > before else {
                throw CorpusError(path: corpus.path, reason: "holds no message to learn from")
            }
            sources.append(
                Source(name: corpus.name, messages: items.count - before, sha256: digest))
        }
    }

    public func part(_ part: DataSplit) -> [Item] { items.filter { $0.part == part } }

    /// Messages by data set, and by part and label such as `train_ham`.
    func counts(_ labelling: Labelling) -> [String: [String: Int]] {
        var counts: [String: [String: Int]] = [:]
        for item in items {
            let names = labelling == .spam ? [item.label] : labelling.names(of: item.label)
            for name in names {
                counts[item.set, default: [:]]["\(item.part.rawValue)_\(name)", default: 0] += 1
            }
        }
        return counts
    }

    /// Label and part of a message; nil when a split file leaves it out.
    static func place(
        _ message: CorpusMessage, _ splits: SplitFile, _ labelling: Labelling
    ) throws -> (label: String, part: DataSplit?)? {
        let entry = splits.entry(set: message.set, path: message.path)
        if !splits.isEmpty, entry == nil { return nil }
        let place = "\(message.set): \(message.path)"
        let found =
            labelling == .spam
            ? message.spamLabel ?? entry?.label
            : message.label ?? entry?.label ?? message.folder
        guard let name = found else {
            throw CorpusError(
                path: place,
                reason: "has no label; put messages into directories ham/ and spam/, or write "
                    + "PATH=ham or PATH=spam")
        }
        return (try labelling.checked(name, at: place), entry?.part ?? message.part)
    }

    /// A tenth each for dev and test, by the digest of the text.
    static func part(of content: MailContent) -> DataSplit {
        let bytes = content.body.bytes.filter { $0 > 0x20 }
        let digest = SHA256.hex(bytes.isEmpty ? content.source : bytes)
        let value = (UInt32(digest.prefix(6), radix: 16) ?? 0) % 10
        return value < 8 ? .train : value == 8 ? .dev : .test
    }
}

extension CorpusMessage {
    /// SHA-256 over path, label and content.
    func digest(_ label: String) -> String {
        let bytes: [UInt8]
        switch content {
        case .message(let message): bytes = message
        case .text(let text): bytes = Array(text.utf8)
        }
        return SHA256.hex(Array("\(path)\t\(label)\n".utf8) + bytes)
    }
}
