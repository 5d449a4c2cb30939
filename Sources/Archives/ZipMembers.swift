import CArchive

/// The members of a zip archive in memory, for files that may be hostile.
///
/// Nothing is written to disk. Names that leave the archive, links, encryption, repeated names and
/// members that unpack to far more than their size are refused.
package enum ZipMembers {
    /// Members of an archive at most.
    private static let most = 1_000
    /// Unpacked bytes at most, as a multiple of the archive's, above ``slack``.
    private static let ratio = 100
    /// Unpacked bytes that every archive may have.
    private static let slack = 1 << 22
    /// Bytes that are taken from libarchive at a time.
    private static let block = 1 << 18
    /// `AE_IFREG` and `AE_IFDIR` of archive_entry.h, macros with casts that Swift does not import.
    private static let regularFile = mode_t(0o100000)
    private static let directory = mode_t(0o040000)

    /// Reads members.
    ///
    /// - Parameters:
    ///   - bytes: the archive.
    ///   - limit: the largest size of a member by its name; nil leaves the member out.
    /// - Returns: contents by name.
    /// - Throws: ``ArchiveReader/Failure``, which names the member.
    package static func read(
        _ bytes: [UInt8], limit: (String) -> Int?
    ) throws -> [String: [UInt8]] {
        guard let archive = archive_read_new() else {
            throw ArchiveReader.Failure(reason: "no memory to read it")
        }
        defer { archive_read_free(archive) }
        // Only with the directory at the end, which a truncated archive lacks.
        archive_read_support_format_zip_seekable(archive)
        return try bytes.withUnsafeBytes { buffer in
            guard
                archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK
            else { throw damaged(archive) }
            return try members(archive, size: bytes.count, limit)
        }
    }

    private static func damaged(_ archive: OpaquePointer) -> ArchiveReader.Failure {
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "can't be read"
        return ArchiveReader.Failure(
            reason: "the zip archive is truncated or damaged (\(reason)); copy or save it again")
    }

    private static func members(
        _ archive: OpaquePointer, size: Int, _ limit: (String) -> Int?
    ) throws -> [String: [UInt8]] {
        var members: [String: [UInt8]] = [:]
        var names: Set<String> = []
        var total = 0
        var entry: OpaquePointer?
        while true {
            let status = archive_read_next_header(archive, &entry)
            if status == ARCHIVE_EOF { return members }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN else { throw damaged(archive) }
            let pointer = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
            let name = pointer.map { String(cString: $0) } ?? ""
            try check(name, entry)
            guard names.insert(name).inserted else {
                throw ArchiveReader.Failure(reason: "the member \(name) is there twice")
            }
            guard names.count <= most else {
                throw ArchiveReader.Failure(reason: "has more than \(most) members")
            }
            guard archive_entry_filetype(entry) == regularFile, let limit = limit(name) else {
                continue
            }
            let content = try content(
                archive, name, limit: limit,
                allowed: slack + size * ratio - total)
            total += content.count
            members[name] = content
        }
    }

    private static func check(_ name: String, _ entry: OpaquePointer?) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if name.isEmpty || name.hasPrefix("/") || parts.contains("..") || name.contains("\\") {
            throw ArchiveReader.Failure(
                reason: "the member \"\(name)\" has a path that leaves the archive; "
                    + "it was not written by Keras")
        }
        let type = archive_entry_filetype(entry)
        guard type == regularFile || type == directory else {
            throw ArchiveReader.Failure(reason: "the member \(name) is a link or device")
        }
        if archive_entry_is_encrypted(entry) != 0 {
            throw ArchiveReader.Failure(reason: "the member \(name) is encrypted")
        }
    }

    private static func content(
        _ archive: OpaquePointer, _ name: String, limit: Int, allowed: Int
    ) throws -> [UInt8] {
        var result: [UInt8] = []
        var part = [UInt8](repeating: 0, count: block)
        while true {
            // The block lives for the call; libarchive writes at most its size.
            let count = part.withUnsafeMutableBytes {
                archive_read_data(archive, $0.baseAddress, $0.count)
            }
            if count == 0 { return result }
            guard count > 0 else { throw damaged(archive) }
            guard result.count + count <= limit else {
                throw ArchiveReader.Failure(
                    reason: "the member \(name) is larger than the limit of \(limit >> 20) MiB")
            }
            guard result.count + count <= allowed else {
                throw ArchiveReader.Failure(
                    reason: "the member \(name) unpacks to more than \(ratio) times its size")
            }
            result += part[..<count]
        }
    }
}
