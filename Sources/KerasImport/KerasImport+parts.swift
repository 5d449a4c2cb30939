import TextCNN
import TextFeatures

/// Parts of an import on bytes alone, for fuzzing: each refuses, or gives something sound.
extension KerasImport {
    /// What is wrong with the graph that an architecture gives; nil when it is sound or refused.
    package static func defect(ofArchitecture bytes: [UInt8]) -> String? {
        guard let config = try? JSONParser.parse(bytes) else { return nil }
        let length = try? TextStepReader.textLayer(in: config)
            .map { try TextStep.vectorization($0.config, terms: [[]], $0.refusal).spec.length }
        let builder = GraphBuilder(
            KerasVersion(formOf: config), length: length.flatMap { $0 } ?? nil,
            layersGroup: CheckpointWeights.roots[0])
        do {
            var graph = try builder.build(config)
            _ = OutputForm.removeActivation(&graph)
            _ = try graph.weights()
            _ = graph.work(length: graph.length ?? 10)
            return nil
        } catch is Refusal { return nil } catch is LayerGraph.Defect { return nil } catch {
            return "an error of another kind: \(error)"
        }
    }

    /// What is wrong with the text step that a tokenizer gives; nil when it is sound or refused.
    package static func defect(ofTokenizer bytes: [UInt8]) -> String? {
        guard let json = try? JSONParser.parse(bytes),
            let step = try? TextStep.tokenizer(
                json,
                ["padding": .string(Array("pre".utf8)), "truncating": .string(Array("post".utf8))],
                length: 5)
        else { return nil }
        if let defect = step.spec.defect(vocabulary: step.terms.count) { return defect }
        guard let pipeline = try? TextPipeline(.keras(step.spec, longest: 5)) else {
            return "there is no pipeline"
        }
        let vocabulary = Vocabulary(terms: step.terms)
        let document = Document(subject: nil, body: Array("a b, c\u{3A3}".utf8), source: [])
        let ids = pipeline.ids(of: pipeline.tokens(of: document), in: vocabulary)
        return ids.count == 5 && ids.allSatisfy { $0 >= 0 && Int($0) < vocabulary.count }
            ? nil : "an id is not in the vocabulary"
    }
}
