import CArchive

/// Writes a zip archive to memory, without compression.
package enum ZipWriter {
    private static let regularFile: UInt32 = 0o100000
    private static let permissions = mode_t(0o644)

    /// The archive of these members, in order.
    ///
    /// - Throws: ``ArchiveReader/Failure`` when there is no memory for it.
    package static func archive(_ members: [(name: String, content: [UInt8])]) throws -> [UInt8] {
        let slack = 1 << 16
        let size = members.reduce(slack) { $0 + $1.content.count + 2 * $1.name.utf8.count + 512 }
        var bytes = [UInt8](repeating: 0, count: size)
        var used = 0
        let isWritten = bytes.withUnsafeMutableBytes { buffer -> Bool in
            guard let archive = archive_write_new() else { return false }
            defer { archive_write_free(archive) }
            archive_write_set_format_zip(archive)
            archive_write_set_options(archive, "zip:compression=store")
            archive_write_set_bytes_per_block(archive, 0)
            guard
                archive_write_open_memory(archive, buffer.baseAddress, buffer.count, &used)
                    == ARCHIVE_OK
            else { return false }
            for (name, content) in members {
                let entry = archive_entry_new()
                defer { archive_entry_free(entry) }
                archive_entry_set_pathname(entry, name)
                archive_entry_set_filetype(entry, regularFile)
                archive_entry_set_perm(entry, permissions)
                archive_entry_set_size(entry, Int64(content.count))
                guard archive_write_header(archive, entry) == ARCHIVE_OK else { return false }
                // The content lives for the call.
                let count = content.withUnsafeBytes {
                    archive_write_data(archive, $0.baseAddress, $0.count)
                }
                guard count == content.count else { return false }
            }
            return archive_write_close(archive) == ARCHIVE_OK
        }
        guard isWritten else { throw ArchiveReader.Failure(reason: "the archive can't be written") }
        return Array(bytes[..<used])
    }
}
