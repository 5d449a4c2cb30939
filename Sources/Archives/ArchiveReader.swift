import CArchive

/// Reads the files in an archive, or the one file in a compressed file, through libarchive.
package enum ArchiveReader {
    /// What is read.
    package enum Source {
        /// The file at this path.
        case file(String)
        /// The content of a file.
        case bytes([UInt8])
    }

    /// One file.
    package struct Entry {
        /// The path in the archive; nil for the one file in a compressed file.
        package var name: String?
        /// The content.
        package var content: [UInt8]
    }

    /// The reason why an archive can't be read, in libarchive's words.
    package struct Failure: Error {
        /// What is wrong, in one line.
        package var reason: String
    }

    /// A member larger than this is refused: archives can hold far more than their own size.
    private static let largestMember = 1 << 30
    /// Bytes that libarchive reads from the file at a time.
    private static let fileBlock = 1 << 16
    /// Bytes that are taken from libarchive at a time.
    private static let contentBlock = 1 << 18
    /// `AE_IFREG` of archive_entry.h, a macro with a cast that Swift does not import.
    private static let regularFile = mode_t(0o100000)

    /// Calls `body` with each regular file, in the order of the archive.
    ///
    /// - Throws: ``Failure``, or any error that `body` throws.
    package static func forEachEntry(in source: Source, _ body: (Entry) throws -> Void) throws {
        guard let archive = archive_read_new() else {
            throw Failure(reason: "no memory to read it")
        }
        defer { archive_read_free(archive) }
        support(archive)
        switch source {
        case .file(let path):
            guard archive_read_open_filename(archive, path, fileBlock) == ARCHIVE_OK else {
                throw Failure(reason: message(archive))
            }
            try readEntries(archive, body)
        case .bytes(let bytes):
            // libarchive reads the bytes until the entries are read, which is inside the call.
            try bytes.withUnsafeBytes { buffer in
                guard
                    archive_read_open_memory(archive, buffer.baseAddress, buffer.count)
                        == ARCHIVE_OK
                else { throw Failure(reason: message(archive)) }
                try readEntries(archive, body)
            }
        }
    }

    /// Only what people keep mail in.
    ///
    /// libarchive's other filters include one that decodes the first uuencoded file of any text,
    /// and some that start programs.
    private static func support(_ archive: OpaquePointer) {
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_compress(archive)
        archive_read_support_filter_bzip2(archive)
        archive_read_support_filter_xz(archive)
        archive_read_support_filter_lzma(archive)
        archive_read_support_filter_lzip(archive)
        archive_read_support_filter_lz4(archive)
        archive_read_support_filter_zstd(archive)
        archive_read_support_format_tar(archive)
        archive_read_support_format_zip(archive)
        archive_read_support_format_7zip(archive)
        archive_read_support_format_rar(archive)
        archive_read_support_format_rar5(archive)
        archive_read_support_format_raw(archive)
    }

    private static func readEntries(
        _ archive: OpaquePointer, _ body: (Entry) throws -> Void
    ) throws {
        var entry: OpaquePointer?
        while true {
            let status = archive_read_next_header(archive, &entry)
            if status == ARCHIVE_EOF { return }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
                throw Failure(reason: message(archive))
            }
            let isRaw = archive_format(archive) == ARCHIVE_FORMAT_RAW
            guard archive_entry_filetype(entry) == regularFile || isRaw else { continue }
            let name = isRaw ? nil : archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
            try body(Entry(name: name, content: try content(archive)))
        }
    }

    private static func content(_ archive: OpaquePointer) throws -> [UInt8] {
        var result: [UInt8] = []
        var block = [UInt8](repeating: 0, count: contentBlock)
        while true {
            // The block lives for the call; libarchive writes at most its size.
            let count = block.withUnsafeMutableBytes {
                archive_read_data(archive, $0.baseAddress, $0.count)
            }
            if count == 0 { return result }
            guard count > 0 else { throw Failure(reason: message(archive)) }
            guard result.count + count <= largestMember else {
                throw Failure(reason: "a file in it is larger than 1 GiB")
            }
            result += block[..<count]
        }
    }

    private static func message(_ archive: OpaquePointer) -> String {
        archive_error_string(archive).map { String(cString: $0) } ?? "can't be read"
    }
}
