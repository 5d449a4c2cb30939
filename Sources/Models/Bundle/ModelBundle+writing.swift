import Checksums
import Foundation
import TextCNN
import TextFeatures

extension ModelBundle {
    /// Writes the bundle into a new directory.
    ///
    /// The files are written to a directory beside it, which is renamed when it is complete.
    ///
    /// - Parameter path: a directory that does not exist.
    /// - Throws: ``ModelError`` of the kinds `exists` and `notWritable`.
    public func write(to path: String) throws(ModelError) {
        try ModelBundle.checkIsFree(path)
        let scratch = "\(path).new-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            let files = try contents()
            let sums = files.map { "\(SHA256.hex($0.bytes))  \($0.name)\n" }.joined()
            let unchecked = [
                (name: ModelBundle.cardFile, bytes: Array(card.utf8)),
                (name: ModelBundle.sumsFile, bytes: Array(sums.utf8)),
            ]
            try FileManager.default.createDirectory(
                atPath: scratch, withIntermediateDirectories: true)
            for (name, bytes) in files + unchecked {
                try Data(bytes).write(to: URL(fileURLWithPath: "\(scratch)/\(name)"))
            }
            try FileManager.default.moveItem(atPath: scratch, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: scratch)
            throw ModelError(
                .notWritable, path: path, reason: "can't be written: \(error.systemWords)")
        }
    }

    /// The weights as a safetensors file (https://huggingface.co/docs/safetensors).
    ///
    /// - Returns: the content of the file.
    /// - Throws: `EncodingError`.
    public func safetensors() throws -> [UInt8] { try Safetensors.encode(tensors) }

    /// Checks that no file or directory has this name, and that this user may create one, as
    /// `write` does.
    ///
    /// Called before training, which would otherwise be lost.
    ///
    /// - Parameter path: the directory to be written.
    /// - Throws: ``ModelError`` of the kinds `exists` and `notWritable`.
    public static func checkIsFree(_ path: String) throws(ModelError) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw ModelError(
                .exists, path: path, reason: "exists already; choose another directory")
        }
        // Folders above it that are missing are created.
        var folder = path
        repeat {
            folder = (folder as NSString).deletingLastPathComponent
            if folder.isEmpty { folder = "." }
        } while folder != "." && !FileManager.default.fileExists(atPath: folder)
        // The slash, because access(2) finds nothing wrong with a file in the place of a folder.
        guard access(folder + "/", W_OK | X_OK) == 0 else {
            let words = String(cString: strerror(errno))
            throw ModelError(
                .notWritable, path: path, reason: "can't be written: \(folder): \(words)")
        }
    }

    /// The files that `SHA256SUMS` lists.
    private func contents() throws -> [(name: String, bytes: [UInt8])] {
        let encoder = JSONEncoder.siftd(pretty: true)
        func json(_ value: some Encodable) throws -> [UInt8] {
            Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
        }
        return [
            ("config.json", try json(configuration)),
            (
                "vocabulary.txt",
                Array((layers == nil ? vocabulary.fileText : vocabulary.termText).utf8)
            ),
            ("weights.safetensors", try Safetensors.encode(tensors)),
            ("report.json", try json(report)),
        ]
    }
}
