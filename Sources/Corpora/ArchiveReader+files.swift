import Archives

extension ArchiveReader {
    /// Calls `body` with path and content of each regular file, in the order of the archive.
    ///
    /// - Throws: ``CorpusError``, or any error that `body` throws.
    package static func forEachFile(
        in path: String, _ body: (_ name: String, _ content: [UInt8]) throws -> Void
    ) throws {
        do {
            try forEachEntry(in: .file(path)) { try body($0.name ?? "", $0.content) }
        } catch let failure as Failure {
            throw CorpusError.unreadable(path, failure.reason)
        }
    }

    /// The content of a compressed file, or of a plain one as it is.
    ///
    /// - Throws: ``CorpusError``.
    package static func decompressed(_ path: String) throws -> [UInt8] {
        var result: [UInt8] = []
        try forEachFile(in: path) { _, content in result += content }
        return result
    }
}
