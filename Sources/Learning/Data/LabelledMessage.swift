import Checksums
import Corpora
import MailText

/// A message with the label that it is learnt or measured by.
struct LabelledMessage: Sendable {
    var message: CorpusMessage
    /// The label as a labelling uses it: `ham`, `spam`, a topic, or topics joined by `|`.
    var label: String
    /// From a split file or a column; nil if the digest of the text decides.
    var part: DataSplit?

    /// Finds label and part of a message; nil when a split file leaves it out.
    ///
    /// - Parameters:
    ///   - message: as the data set holds it.
    ///   - splits: empty, or the only messages to use, with their parts.
    ///   - labelling: the kind of labels.
    /// - Throws: `CorpusError` when the message has no label, or one that the labelling can't use.
    init?(_ message: CorpusMessage, _ splits: SplitFile, _ labelling: Labelling) throws {
        let entry = splits.entry(set: message.set, path: message.path)
        if !splits.isEmpty, entry == nil { return nil }
        let location = "\(message.set): \(message.path)"
        let label =
            labelling == .spam
            ? message.spamLabel ?? entry?.label
            : message.label ?? entry?.label ?? message.folder
        guard let label else {
            throw CorpusError(
                path: location,
                reason: "has no label; put messages into directories ham/ and spam/, or write "
                    + "PATH=ham or PATH=spam")
        }
        self.message = message
        self.label = try labelling.checked(label, at: location)
        part = entry?.part ?? message.part
    }

    /// The part of a message that nothing assigns to one: 80 % train, 10 % dev, 10 % test.
    ///
    /// The digest of the text without white space decides, so that copies of a text are in the same
    /// part.
    static func part(of content: MailContent) -> DataSplit {
        let bytes = content.body.bytes.filter { $0 > 0x20 }
        let digest = SHA256.hex(bytes.isEmpty ? content.source : bytes)
        let tenth = (UInt32(digest.prefix(6), radix: 16) ?? 0) % 10
        return tenth < 8 ? .train : tenth == 8 ? .dev : .test
    }
}

extension CorpusMessage {
    /// SHA-256 over path, label and content, in hexadecimal.
    func digest(_ label: String) -> String {
        let bytes: [UInt8]
        switch content {
        case .message(let message): bytes = message
        case .text(let text): bytes = Array(text.utf8)
        }
        return SHA256.hex(Array("\(path)\t\(label)\n".utf8) + bytes)
    }
}
