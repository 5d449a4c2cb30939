import Foundation

/// The text step of a model as the owner names it, for what no file of the model says.
public struct KerasTextOptions: Sendable {
    /// What turns text into ids.
    public enum Kind: String, Sendable {
        /// A `TextVectorization` layer in the model.
        case inside = "inside the model"
        /// A `Tokenizer`, as `to_json()` writes it.
        case tokenizer = "keras-tokenizer"
        /// The `word_index` of a `Tokenizer`.
        case wordIndex = "keras-word-index"
        /// A `TextVectorization` layer outside of the model.
        case vectorization = "text-vectorization"
        /// Nothing: ids come from elsewhere.
        case integers
    }

    /// What turns text into ids; nil when nothing is named.
    public var kind: Kind?
    /// The path of the tokenizer, word index or vocabulary.
    public var file: String?
    /// The settings by the names that Keras gives them.
    var settings: [String: JSON] = [:]
    /// The labels that stand in the file of the text step; empty when none do.
    public private(set) var labels: [String] = []

    /// Nothing is named.
    public init() {}

    /// Reads a text step from a JSON file with an object `text`, whose file names are relative to
    /// it.
    ///
    /// - Throws: ``KerasImportError``.
    public init(path: String) throws {
        let url = URL(fileURLWithPath: path)
        do {
            let json = try JSONParser.parse(
                try KerasFile.contents(path, largest: KerasTextOptions.largest))
            guard let members = (json["text"] ?? json).members,
                let name = (json["text"] ?? json)["kind"]?.text
            else { throw Refusal("has no object text with a kind") }
            guard let kind = Kind(rawValue: name) else {
                throw Refusal("has the kind \(name), which siftd does not know")
            }
            self.kind = kind
            for member in members {
                settings[String(decoding: member.key, as: UTF8.self)] = member.value
            }
            if let name = settings["file"]?.text {
                file =
                    name.hasPrefix("/")
                    ? name : url.deletingLastPathComponent().path + "/" + name
            }
            labels = (json["labels"]?.elements ?? []).compactMap(\.text)
        } catch let refusal as Refusal {
            throw KerasImportError(file: url.lastPathComponent, refusal)
        }
    }

    static let largest = 1 << 28

    /// Sets a setting to text; nil leaves it as it is.
    public mutating func set(_ key: String, _ text: String?) {
        if let text { settings[key] = .string(Array(text.utf8)) }
    }

    /// Sets a setting to a whole number; nil leaves it as it is.
    public mutating func set(_ key: String, _ number: Int?) {
        if let number { settings[key] = .number(Double(number)) }
    }

    /// Sets a setting to a truth value.
    public mutating func set(_ key: String, flag: Bool) { settings[key] = .bool(flag) }

    /// Sets a setting to nothing, as Keras' `None`.
    public mutating func clear(_ key: String) { settings[key] = .null }
}
