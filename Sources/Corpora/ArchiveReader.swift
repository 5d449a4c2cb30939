import CArchive

/// Reads the files in an archive, or the one file in a compressed file, through libarchive.
package enum ArchiveReader {
    /// A member larger than this is refused: archives can hold far more than their own size.
    private static let largestMember = 1 << 30
    /// Bytes that libarchive reads from the file at a time.
    private static let fileBlock = 1 << 16
    /// Bytes that are taken from libarchive at a time.
    private static let contentBlock = 1 << 18
    /// `AE_IFREG` of archive_entry.h, a macro with a cast that Swift does not import.
    private static let regularFile = mode_t(0o100000)

    /// Calls `body` with path and content of each regular file, in the order of the archive.
    ///
    /// - Throws: ``CorpusError``, or any error that `body` throws.
    package static func forEachFile(
        in path: String, _ body: (_ name: String, _ content: [UInt8]) throws -> Void
    ) throws {
        guard let archive = archive_read_new() else {
            throw CorpusError.unreadable(path, "no memory to read it")
        }
        defer { archive_read_free(archive) }
        archive_read_support_filter_all(archive)
        archive_read_support_format_all(archive)
        archive_read_support_format_raw(archive)
        guard archive_read_open_filename(archive, path, fileBlock) == ARCHIVE_OK else {
            throw CorpusError.unreadable(path, message(archive))
        }
        var entry: OpaquePointer?
        while true {
            let status = archive_read_next_header(archive, &entry)
            if status == ARCHIVE_EOF { return }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
                throw CorpusError.unreadable(path, message(archive))
            }
            guard archive_entry_filetype(entry) == regularFile || isRaw(archive) else {
                continue
            }
            let name = archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
            try body(name, try content(archive, path))
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

    private static func isRaw(_ archive: OpaquePointer) -> Bool {
        archive_format(archive) == ARCHIVE_FORMAT_RAW
    }

    private static func content(_ archive: OpaquePointer, _ path: String) throws -> [UInt8] {
        var result: [UInt8] = []
        var block = [UInt8](repeating: 0, count: contentBlock)
        while true {
            // The block lives for the call; libarchive writes at most its size.
            let count = block.withUnsafeMutableBytes {
                archive_read_data(archive, $0.baseAddress, $0.count)
            }
            if count == 0 { return result }
            guard count > 0 else { throw CorpusError.unreadable(path, message(archive)) }
            guard result.count + count <= largestMember else {
                throw CorpusError.memberTooLarge(path)
            }
            result += block[..<count]
        }
    }

    private static func message(_ archive: OpaquePointer) -> String {
        archive_error_string(archive).map { String(cString: $0) } ?? "can't be read"
    }
}
