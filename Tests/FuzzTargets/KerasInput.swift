import Foundation
import KerasImport

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

    /// Reads an archive, HDF5 or JSON file.
    private static func violations(ofFile content: [UInt8]) -> [String] {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("siftd-fuzz-\(ProcessInfo.processInfo.globallyUniqueString)")
        defer { try? FileManager.default.removeItem(at: path) }
        do {
            try Data(content).write(to: path)
            var options = KerasImport.Options(model: path.path)
            options.text.kind = .integers
            _ = try KerasImport(options)
            return []
        } catch let error as KerasImportError {
            return error.description.contains("\n") ? ["the refusal has several lines"] : []
        } catch { return ["an error of another kind: \(error)"] }
    }
}
