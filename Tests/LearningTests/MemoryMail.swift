import Corpora

/// Labelled messages in memory: what a store of messages is to the trainer.
struct MemoryMail: LabelledMail {
    var name: String
    var messages: [CorpusMessage]
    var path: String { "memory:\(name)" }

    init(messages: [CorpusMessage], name: String = "mail") {
        self.name = name
        self.messages = messages
    }

    /// Texts with these labels; their paths are their numbers from 0.
    init(_ texts: [(label: String?, text: String)], name: String = "mail") {
        self.init(
            messages: texts.enumerated().map { index, message in
                CorpusMessage(
                    set: name, path: "\(index)", label: message.label,
                    content: .text(message.text))
            }, name: name)
    }

    func forEach(_ body: (CorpusMessage) throws -> Void) throws {
        for message in messages { try body(message) }
    }
}
