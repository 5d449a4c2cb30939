import Foundation
import KerasImport
import Models

/// A file that someone says is a model of Keras; the first byte chooses how it is read.
enum KerasInput {
    /// What does not hold after the file is read: a refusal is one line, and nothing else happens.
    static func violations(of input: [UInt8]) -> [String] {
        let content = Array(input.dropFirst())
        switch (input.first ?? 0) % 3 {
        case 0: return KerasImport.defect(ofArchitecture: content).map { [$0] } ?? []
        case 1: return KerasImport.defect(ofTokenizer: content).map { [$0] } ?? []
        default: return violations(ofFile: content)
        }
    }

    /// A model that was read scores any text without a number that is none, and alone as among
    /// others.
    private static func violations(of imported: KerasImport) -> [String] {
        let model = ScoringModel(imported.bundle)
        let texts: [[Int32]] = [[], [0], [1, 2, 1], [Int32](repeating: 1, count: 20)]
        let together = model.score(texts)
        for (text, score) in zip(texts, together) {
            if !score.logits.allSatisfy(\.isFinite) { return ["a logit that is no number"] }
            if model.score(text).logits != score.logits { return ["other bits among others"] }
        }
        return []
    }

    /// Reads an archive, HDF5 or JSON file.
    private static func violations(ofFile content: [UInt8]) -> [String] {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("siftd-fuzz-\(ProcessInfo.processInfo.globallyUniqueString)")
        defer { try? FileManager.default.removeItem(at: path) }
        do {
            try Data(content).write(to: path)
            var options = KerasImport.Options(model: path.path)
            options.text.kind = .integers
            return violations(of: try KerasImport(options))
        } catch let error as KerasImportError {
            return error.description.contains("\n") ? ["the refusal has several lines"] : []
        } catch { return ["an error of another kind: \(error)"] }
    }
}
