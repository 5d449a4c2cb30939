import Foundation
import MailText
import Models
import TextCNN
import TextFeatures

/// Compares an imported model with the results that Keras gives.
public struct ParityCheck: Sendable {
    /// One input and what Keras makes of it.
    struct Case: Sendable {
        var text: [UInt8]?
        var ids: [Int32]?
        /// nil when Keras gives no number.
        var output: [Double]?
    }

    private let cases: [Case]
    /// The difference that the file itself allows, for models in 16-bit floats.
    private let file: String

    /// The result of a comparison.
    public struct Result: Sendable {
        /// Cases.
        public var count = 0
        /// The largest difference, of logits relative to the logit where it is above 1.
        public var largest = 0.0
        /// Cases whose ids differ.
        public var idDifferences = 0
        /// Cases where one side has a number and the other none.
        public var missing = 0
        /// The first mistake, in words.
        public var first: String?

        /// One line for the terminal.
        public var line: String { "checked \(count), largest difference \(largest)" }

        /// Whether ids are equal, the same cases have numbers, and no difference is larger.
        public func agrees(within tolerance: Double) -> Bool {
            count > 0 && idDifferences == 0 && missing == 0 && largest <= tolerance
        }
    }

    /// Reads a file of cases.
    ///
    /// - Throws: ``KerasImportError``.
    public init(path: String) throws {
        let name = URL(fileURLWithPath: path).lastPathComponent
        do {
            let json = try JSONParser.parse(
                try KerasFile.contents(path, largest: KerasTextOptions.largest))
            guard let cases = json["cases"]?.elements ?? json.elements, !cases.isEmpty else {
                throw Refusal("has no list of cases")
            }
            self.cases = try cases.map { try ParityCheck.read($0) }
        } catch let refusal as Refusal {
            throw KerasImportError(file: name, refusal)
        }
        file = name
    }

    private static func read(_ json: JSON) throws -> Case {
        var one = Case()
        one.text = json["text"]?.bytes
        if let ids = json["ids"]?.elements {
            one.ids = try ids.map { id in
                guard let number = id.integer, let id = Int32(exactly: number) else {
                    throw Refusal("has a case with an id that is no whole number")
                }
                return id
            }
        }
        guard one.text != nil || one.ids != nil else {
            throw Refusal("has a case without text and ids")
        }
        // Models in 16-bit floats have both; siftd computes in 32 bits.
        if let output = json["output_float32"] ?? json["output"] {
            let numbers = output.elements?.compactMap(\.number) ?? output.number.map { [$0] }
            guard let numbers, numbers.allSatisfy(\.isFinite) else {
                throw Refusal("has a case whose output is no list of numbers")
            }
            one.output = numbers
        }
        return one
    }

    /// Compares a model with all cases.
    public func run(_ model: ScoringModel, form: OutputForm) -> Result {
        var result = Result()
        for (index, one) in cases.enumerated() {
            result.count += 1
            var ids = one.ids ?? []
            if let text = one.text {
                let document = Document(subject: nil, body: text, source: text)
                let found = model.pipeline.ids(
                    of: model.pipeline.tokens(of: document), in: model.vocabulary)
                if one.ids != nil, found != ids {
                    result.idDifferences += 1
                    result.first = result.first ?? "case \(index + 1): the ids differ"
                }
                ids = found
            }
            compare(index, model.outputs(of: ids), one.output, form, &result)
        }
        return result
    }

    private func compare(
        _ index: Int, _ found: [Float]?, _ expected: [Double]?, _ form: OutputForm,
        _ result: inout Result
    ) {
        func fail(_ reason: String) {
            result.missing += 1
            result.first = result.first ?? "case \(index + 1): \(reason)"
        }
        switch (found, expected) {
        case (nil, nil): return
        case (nil, _?): fail("siftd has no number, and Keras has")
        case (_?, nil): fail("siftd has a number, and Keras has none")
        case (let logits?, let expected?):
            guard logits.count == expected.count else {
                return fail("the outputs differ in number")
            }
            let values: [Double] =
                switch form {
                case .independent: Head.sigmoid.probabilities(logits)
                case .exclusive: Head.softmax.probabilities(logits)
                case .logits: logits.map(Double.init)
                }
            for (value, wanted) in zip(values, expected) {
                let scale = form == .logits ? max(1, abs(wanted)) : 1
                result.largest = max(result.largest, abs(value - wanted) / scale)
            }
        }
    }
}
