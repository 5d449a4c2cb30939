import Foundation
import TextFeatures

/// Finds the text step of a model: inside of it, or as the owner names it.
struct TextStepReader {
    var options: KerasTextOptions
    var file: KerasFile

    /// The text layer's entry in a config; nil when the model takes ids.
    static func textLayer(in json: JSON, depth: Int = 0) throws -> KerasLayer? {
        guard depth < 16,
            let entries = json["config"]?["layers"]?.elements ?? json["config"]?.elements
        else { return nil }
        for entry in entries {
            if entry["class_name"]?.text == "TextVectorization" { return try KerasLayer(entry) }
            if let inner = try textLayer(in: entry, depth: depth + 1) { return inner }
        }
        return nil
    }

    /// The step of a text layer inside of the model.
    func inside(_ layer: KerasLayer) throws -> TextStep {
        if options.kind == .tokenizer || options.kind == .wordIndex {
            throw layer.refusal("reads text itself; leave out the tokenizer")
        }
        var terms = try given(layer)
        if terms == nil, let vocabulary = options.file {
            terms = try TextStep.lines(
                KerasFile.contents(vocabulary, largest: KerasTextOptions.largest))
        }
        return try TextStep.vectorization(layer.config, terms: terms, layer.refusal)
    }

    /// The vocabulary in the config or among the assets.
    private func given(_ layer: KerasLayer) throws -> [[UInt8]]? {
        if let vocabulary = layer.config["vocabulary"] {
            if let elements = vocabulary.elements {
                let terms = elements.compactMap(\.bytes)
                guard terms.count == elements.count else {
                    throw layer.refusal("has a vocabulary that is no list of words")
                }
                return terms
            }
            throw layer.refusal(
                "has its vocabulary in a file (\(vocabulary.text ?? "?")) that is not part of the "
                    + "model; give it as --vocabulary FILE")
        }
        let assets = file.assets.filter { !$0.key.contains("/_lookup_layer/") }
        let chosen = assets.isEmpty ? file.assets : assets
        guard chosen.count <= 1 else {
            throw layer.refusal("is one of several text layers with vocabularies; siftd reads one")
        }
        return try chosen.first.map { try TextStep.lines($0.value) }
    }

    /// The step that the owner names.
    ///
    /// The length is that of the model's input, nil when it takes any number of ids; the vocabulary
    /// has as many ids as the embedding rows.
    func outside(length: Int?, vocabulary: Int) throws -> TextStep {
        guard let kind = options.kind, kind != .inside else {
            throw Refusal(
                "takes ids and not text; name its text step: --tokenizer FILE (tokenizer.to_json()), "
                    + "--vocabulary FILE (TextVectorization outside of the model) or --text FILE")
        }
        if kind == .integers {
            return TextStep(
                spec: KerasTextSpec(
                    readsText: false, lowercase: .none, split: .none, unknown: nil, length: length),
                terms: [[UInt8]](repeating: Vocabulary.absentTerm, count: vocabulary),
                notes: ["the model reads no text: siftd will find every message unsure"])
        }
        guard let path = options.file else { throw Refusal("lacks the file of its text step") }
        let name = URL(fileURLWithPath: path).lastPathComponent
        do {
            let bytes = try KerasFile.contents(path, largest: KerasTextOptions.largest)
            guard !KerasFile.isPickle(bytes) else {
                throw Refusal(
                    "is a pickle, and loading one runs code; in Python, write "
                        + "open('tokenizer.json', 'w').write(tokenizer.to_json()) and give that file"
                )
            }
            if kind == .vectorization {
                let settings = JSON.object(
                    options.settings.map { JSON.Member(key: Array($0.key.utf8), value: $0.value) })
                var step = try TextStep.vectorization(
                    settings, terms: try TextStep.lines(bytes)
                ) { Refusal($0) }
                if step.spec.length == nil { step.spec.length = length }
                return step
            }
            return try TextStep.tokenizer(
                try JSONParser.parse(bytes), options.settings, length: length)
        } catch let refusal as Refusal { throw Refusal("text step \(name) \(refusal.reason)") }
    }
}
