import Foundation
import Models
import TextCNN
import TextFeatures

/// A model of Keras as a bundle of siftd's.
///
/// Reads data alone: nothing in the file is run, and nothing is written.
public struct KerasImport: Sendable {
    /// The bundle, not yet written.
    public var bundle: ModelBundle
    /// What the model's own output is.
    public let form: OutputForm
    /// What was assumed or is worth knowing, a line each.
    public let notes: [String]

    /// What to import.
    public struct Options: Sendable {
        /// The path of the model.
        public var model: String
        /// The weights of a model whose architecture is JSON.
        public var weights: String?
        /// The text step, as far as the model does not have it.
        public var text = KerasTextOptions()
        /// The labels in the order of the outputs; empty for the default.
        public var labels: [String] = []
        /// How logits become probabilities, when the model ends in logits; nil for the default.
        public var head: Head?

        /// An import of a file with the defaults.
        public init(model: String) { self.model = model }
    }

    /// Ids that are kept of a text whose length is open, at most.
    private static let longest = 20_000

    /// Reads a model.
    ///
    /// - Throws: ``KerasImportError``, which names the layer or member and what to do.
    public init(_ options: Options, date: Date = Date()) throws {
        let name = URL(fileURLWithPath: options.model).lastPathComponent
        do { try self.init(reading: options, name: name, date: date) } catch let refusal as Refusal
        {
            throw KerasImportError(file: name, refusal)
        } catch let defect as LayerGraph.Defect {
            throw KerasImportError(file: name, reason: "\(defect)")
        }
    }

    private init(reading options: Options, name: String, date: Date) throws {
        let file = try KerasFile(path: options.model, weights: options.weights)
        let reader = TextStepReader(options: options.text, file: file)
        let textLayer = try TextStepReader.textLayer(in: file.config)
        var step = try textLayer.map { try reader.inside($0) }
        let builder = GraphBuilder(
            file.version, length: step?.spec.length, layersGroup: file.layersGroup)
        var graph = try builder.build(file.config)
        if textLayer != nil, builder.textLayer == nil {
            throw Refusal("has a TextVectorization that does not read the model's input")
        }
        let form = OutputForm.removeActivation(&graph)
        var network = try KerasImport.network(graph, builder.places, file.weights)
        if step == nil {
            let outside = try reader.outside(length: graph.length, vocabulary: graph.vocabulary)
            if graph.length == nil, outside.spec.length != nil {
                graph.length = outside.spec.length
                network = try network.fixed(graph)
            }
            step = outside
        }
        guard let step else { throw Refusal("has no text step") }
        guard let outputs = graph.outputs else {
            throw Refusal(
                "has an output of several axes; end the model with Flatten or a pooling layer")
        }
        guard graph.vocabulary >= step.terms.count else {
            throw Refusal(
                "layer \"\(KerasImport.embedding(graph))\" (Embedding) has \(graph.vocabulary) rows, and "
                    + "the text step \(step.terms.count) ids; is it the tokenizer or vocabulary that the "
                    + "model was trained with? (num_words limits a Tokenizer)")
        }
        var notes = step.notes
        let (labels, head) = try KerasImport.labels(options, form, outputs)
        let configuration = try KerasImport.configuration(
            graph, step, labels: labels, head: head, date: date, &notes)
        self.form = form
        if form == .logits, outputs == 1 || head == .sigmoid {
            notes.append("the last layer is linear: its number is taken as a logit")
        }
        if let policy = builder.shortFloats {
            notes.append(
                "Keras computes this model in \(policy) and siftd in 32 bits; allow for the "
                    + "difference with --tolerance \(policy.contains("bfloat") ? "1e-2" : "1e-3")")
        }
        let origin = KerasOrigin(name: name, file: file, form: form, notes: notes)
        bundle = ModelBundle(
            configuration: configuration, pipeline: try TextPipeline(configuration.textPipeline),
            vocabulary: Vocabulary(terms: step.terms), layers: network, report: origin.report,
            card: origin.card(configuration, network))
        self.notes = notes
    }

    private static func embedding(_ graph: LayerGraph) -> String {
        graph.layers.first {
            if case .embedding(graph.vocabulary, _, _) = $0.operation { return true }
            return false
        }?.name ?? "?"
    }

    private static func network(
        _ graph: LayerGraph, _ places: [Int: GraphBuilder.Place], _ source: any WeightSource
    ) throws -> LayerNetwork {
        // The graph checks all shapes before the first number is read.
        var next = [Int](repeating: 0, count: graph.layers.count)
        var direction = [String](repeating: "", count: graph.layers.count)
        return try LayerNetwork(graph) { name, dimensions in
            let parts = name.split(separator: ".", maxSplits: 1)
            guard let layer = Int(parts[0]), let place = places[layer] else {
                throw Refusal("has a layer without weights")
            }
            let weight = String(parts[1])
            let prefix = weight.contains(".") ? String(weight.prefix { $0 != "." }) : ""
            if direction[layer] != prefix {
                direction[layer] = prefix
                next[layer] = 0
            }
            defer { next[layer] += 1 }
            do {
                return try source.numbers(
                    of: place, name: weight, index: next[layer], dimensions)
            } catch let refusal as Refusal {
                guard !refusal.reason.hasPrefix("layer ") else { throw refusal }
                throw place.layer.refusal(refusal.reason)
            }
        }
    }

    private static func labels(
        _ options: Options, _ form: OutputForm, _ outputs: Int
    ) throws -> ([String], Head) {
        let head: Head =
            switch form {
            case .independent: .sigmoid
            case .exclusive: .softmax
            case .logits: options.head ?? (outputs == 1 ? .sigmoid : .softmax)
            }
        if head == .softmax, outputs == 1 {
            throw Refusal("ends in a softmax of one number, which is always 1; use a sigmoid")
        }
        var labels = options.labels.isEmpty ? options.text.labels : options.labels
        if labels.isEmpty, outputs == 1 { labels = ["spam"] }
        // Names of both classes: the number of a single output is the second one's.
        if labels.count == 2, outputs == 1 { labels = [labels[1]] }
        guard labels.count == outputs else {
            throw Refusal(
                labels.isEmpty
                    ? "has \(outputs) outputs, whose order no file says; name them with --labels A,B,…"
                    : "has \(outputs) outputs, and \(labels.count) labels are named: "
                        + labels.joined(separator: ", "))
        }
        guard Set(labels).count == labels.count, !labels.contains("") else {
            throw Refusal("is given a label twice, or an empty one")
        }
        return (labels, head)
    }

    private static func configuration(
        _ graph: LayerGraph, _ step: TextStep, labels: [String], head: Head, date: Date,
        _ notes: inout [String]
    ) throws -> ModelConfiguration {
        var longest = graph.length ?? longest
        let limit = LayerGraph.Limit.work
        while graph.length == nil, longest > 100, graph.work(length: longest) ?? Int.max > limit {
            longest /= 2
        }
        guard let work = graph.work(length: longest), work <= limit else {
            throw Refusal(
                "needs more than \(limit / 1_000_000_000) thousand million multiplications for a "
                    + "text; make it smaller")
        }
        if graph.length == nil {
            notes.append("a text has any number of ids; siftd reads the first \(longest)")
        }
        if let defect = step.spec.defect(vocabulary: step.terms.count) {
            throw Refusal("has a text step whose \(defect)")
        }
        return ModelConfiguration(
            importing: graph, labels: labels, head: head, date: date,
            textPipeline: .keras(step.spec, longest: longest))
    }
}
