import CArchive

/// Walks the files in an archive, or the one file in a compressed file, through libarchive.
enum ArchiveReader {
    /// A member larger than this is refused: archives can hold far more than their own size.
    private static let largestMember = 1 << 30

    /// Calls `body` with path and content of each regular file, in the order of the archive.
    ///
    /// - Throws: ``CorpusError``, or what `body` throws.
    static func forEachFile(
        in path: String, _ body: (_ name: String, _ content: [UInt8]) throws -> Void
    ) throws {
        guard let archive = archive_read_new() else {
            throw CorpusError(path: path, reason: "no memory to read it")
        }
        defer { archive_read_free(archive) }
        archive_read_support_filter_all(archive)
        archive_read_support_format_all(archive)
        archive_read_support_format_raw(archive)
        guard archive_read_open_filename(archive, path, 1 << 16) == ARCHIVE_OK else {
            throw CorpusError(path: path, reason: message(archive))
        }
        var entry: OpaquePointer?
        while true {
            let status = archive_read_next_header(archive, &entry)
            if status == ARCHIVE_EOF { return }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
                throw CorpusError(path: path, reason: message(archive))
            }
            guard archive_entry_filetype(entry) == mode_t(0o100000) || isRaw(archive) else {
                continue
            }
            let name = archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
            try body(name, try content(archive, path))
        }
    }

    /// The content of a file that may be compressed.
    static func decompressed(_ path: String) throws -> [UInt8] {
        var result: [UInt8] = []
        try forEachFile(in: path) { _, content in result += content }
        return result
    }

    private static func isRaw(_ archive: OpaquePointer) -> Bool {
        archive_format(archive) == ARCHIVE_FORMAT_RAW
    }

    private static func content(_ archive: OpaquePointer, _ path: String) throws -> [UInt8] {
        var result: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            // The block lives for the call; libarchive writes at most its size.
            let count = block.withUnsafeMutableBytes {
                archive_read_data(archive, $0.baseAddress, $0.count)
            }
            if count == 0 { return result }
            guard count > 0 else { throw CorpusError(path: path, reason: message(archive)) }
            guard result.count + count <= largestMember else {
                throw CorpusError(path: path, reason: "a file in it is larger than 1 GiB")
            }
            result += block[..<count]
        }
    }

    private static func message(_ archive: OpaquePointer) -> String {
        archive_error_string(archive).map { String(cString: $0) } ?? "can't be read"
    }
}
