import ArgumentParser
import Foundation
import KerasImport
import Models
import TextCNN

/// `siftd model import`.
struct ModelImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a model of siftd's from a text classifier that Keras saved.",
        discussion: """
            FILE is a .keras archive, a .h5 file, an architecture as JSON with --weights, or a \
            directory with both. Nothing in it is run. What the model does not say about its text \
            step is asked for; docs/keras.md explains each option. With --check the model is written \
            only if it gives what Keras gives.
            """)

    @Argument(help: .init("The model.", valueName: "file")) var file: String
    @Option(help: .init("Where to write it; must not exist.", valueName: "dir")) var output: String
    @Option(help: .init("Weights of an architecture that is JSON.", valueName: "file.h5"))
    var weights: String?
    @Option(
        help: .init("A Tokenizer: what to_json() gave, or its word_index.", valueName: "file.json"))
    var tokenizer: String?
    @Option(
        help: .init(
            "The vocabulary of a TextVectorization layer, a term a line.", valueName: "file"))
    var vocabulary: String?
    @Option(help: .init("The text step as a JSON object.", valueName: "file.json")) var text:
        String?
    @Option(help: "Ids of a text: maxlen, or output_sequence_length.") var length: Int?
    @Option(help: "The side on which short texts are filled up: pre or post.") var padding: String?
    @Option(help: "The side on which long texts are cut: pre or post.") var truncating: String?
    @Option(help: .init("Words of the Tokenizer that count.", valueName: "n")) var numWords: Int?
    @Option(help: .init("The Tokenizer's or layer's word for unknown ones.", valueName: "token"))
    var oovToken: String?
    @Option(help: .init("Characters that the Tokenizer takes as spaces.", valueName: "characters"))
    var filters: String?
    @Flag(help: "The Tokenizer has lower=False.") var noLower = false
    @Flag(help: "The Tokenizer has char_level=True.") var charLevel = false
    @Option(
        help:
            "What TextVectorization does first: lower_and_strip_punctuation, lower, strip_punctuation or none."
    )
    var standardize: String?
    @Option(help: "How TextVectorization splits: whitespace, character or none.") var split: String?
    @Option(help: .init("Longest n-gram of TextVectorization.", valueName: "n")) var ngrams: Int?
    @Option(help: .init("Labels in the order of the outputs.", valueName: "a,b")) var labels:
        String?
    @Option(help: "What a linear last layer's numbers become probabilities by: sigmoid or softmax.")
    var head: String?
    @Option(
        help:
            "Serve by rounded tables of int16 or int8 instead of 32-bit floats, with small differences."
    )
    var tables: String?
    @Option(help: .init("Inputs with what Keras gives for them.", valueName: "file.json"))
    var check: String?
    @Option(help: "The largest difference that --check allows.") var tolerance = 1e-5

    func run() async throws {
        try await SystemExit.reporting {
            try ModelBundle.checkIsFree(output)
            guard ImportProcess.isInside else { return try ImportProcess.run(file) }
            try ImportProcess.limitResources()
            try importModel()
        }
    }

    private func importModel() throws {
        var options = KerasImport.Options(model: file)
        options.weights = weights
        options.text = try textOptions()
        options.labels =
            labels.map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            } ?? []
        options.head = try head.map { name in
            guard let head = Head(rawValue: name) else {
                throw ValidationError("--head is \(name); it is sigmoid or softmax")
            }
            return head
        }
        let parity = try check.map { try ParityCheck(path: $0) }
        var imported = try KerasImport(options)
        imported.bundle.configuration.tables = try tables.map { name in
            guard let precision = OffsetTables.Precision(rawValue: name) else {
                throw ValidationError("--tables is \(name); it is int16 or int8")
            }
            return precision
        }
        let model = ScoringModel(imported.bundle)
        for note in imported.notes { SystemExit.note(note) }
        if let parity { try compare(parity, model, imported) }
        try imported.bundle.write(to: output)
        let count = model.bundle.labels.count == 1 ? "label" : "labels"
        print(
            "imported \(model.id), \(count) \(model.bundle.labels.joined(separator: ", ")), "
                + "served by \(model.serving): \(output)")
        if parity == nil {
            SystemExit.note("not compared with Keras; give inputs and its results with --check")
        }
    }

    private func compare(
        _ parity: ParityCheck, _ model: ScoringModel, _ imported: KerasImport
    ) throws {
        let result = parity.run(model, form: imported.form)
        print(result.line)
        if let first = result.first { SystemExit.note(first) }
        // Rounded tables are asked for in the knowledge that they differ.
        let allowed = tables == nil ? tolerance : .infinity
        guard result.agrees(within: allowed) else {
            SystemExit.complain(
                "\(URL(fileURLWithPath: file).lastPathComponent): differs from Keras by more than "
                    + "\(tolerance); the model is not written")
            throw ExitCode(SystemExit.badData)
        }
    }

    private func textOptions() throws -> KerasTextOptions {
        var text = try self.text.map { try KerasTextOptions(path: $0) } ?? KerasTextOptions()
        if tokenizer != nil, vocabulary != nil {
            throw ValidationError("--tokenizer and --vocabulary exclude each other")
        }
        if let tokenizer {
            text.kind = .tokenizer
            text.file = tokenizer
        }
        if let vocabulary {
            text.kind = .vectorization
            text.file = vocabulary
        }
        text.set("maxlen", length)
        text.set("output_sequence_length", length)
        text.set("padding", padding)
        text.set("truncating", truncating)
        text.set("num_words", numWords)
        text.set("oov_token", oovToken)
        text.set("filters", filters)
        if noLower { text.set("lower", flag: false) }
        if charLevel { text.set("char_level", flag: true) }
        text.set("ngrams", ngrams)
        for (key, value) in [("standardize", standardize), ("split", split)] {
            if value == "none" { text.clear(key) } else { text.set(key, value) }
        }
        return text
    }
}
