/// What a file is by its first bytes, whatever its name: mail servers and people compress mail
/// under any name.
package enum FileFormat: Sendable, Equatable {
    /// Compressed, or an archive: libarchive reads it.
    case packed
    /// Nothing that siftd can undo; why, human-readable.
    case locked(String)
    /// Anything else: a message, a mailbox, a table, or no mail at all.
    case plain

    /// Bytes that the decision needs; the mark of a tar archive is the last one.
    package static let prefixLength = 264

    /// Looks at the first bytes of a file.
    package init(_ bytes: some Sequence<UInt8>) {
        let start = Array(bytes.prefix(FileFormat.prefixLength))
        func begins(_ mark: [UInt8]) -> Bool { start.starts(with: mark) }
        if let locked = FileFormat.locks.first(where: { begins($0.mark) }) {
            self = .locked(locked.reason)
        } else if FileFormat.marks.contains(where: begins) || FileFormat.isBzip2(start)
            || start.dropFirst(FileFormat.tarMark.offset).starts(with: FileFormat.tarMark.bytes)
            || FileFormat.isSkippableFrame(start)
        {
            self = .packed
        } else {
            self = .plain
        }
    }

    /// Signatures of compressed files and archives.
    private static let marks: [[UInt8]] = [
        [0x1F, 0x8B, 0x08],  // gzip, RFC 1952
        [0x1F, 0x9D],  // compress
        [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00],  // xz
        [0x5D, 0x00, 0x00],  // lzma
        [0x28, 0xB5, 0x2F, 0xFD],  // zstd, RFC 8878
        [0x04, 0x22, 0x4D, 0x18],  // lz4 frame
        Array("LZIP".utf8),
        Array("PK\u{3}\u{4}".utf8), Array("PK\u{5}\u{6}".utf8),  // zip
        [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C],  // 7-Zip
        Array("Rar!\u{1A}\u{7}".utf8),
    ]

    private static let tarMark = (offset: 257, bytes: Array("ustar".utf8))

    private static let locks: [(mark: [UInt8], reason: String)] = [
        (
            Array("CRYPTED\u{3}\u{7}".utf8),
            "is encrypted by Dovecot's mail_crypt; export it with doveadm"
        ),
        (
            Array("Dovecot-LZ4\r".utf8),
            "is in Dovecot's LZ4 form, which siftd can't read; export it with doveadm"
        ),
        ([0x89, 0x50, 0x47, 0x50], "is encrypted with PGP"),
        (Array("age-encryption.org/".utf8), "is encrypted with age"),
    ]

    /// `BZh`, the block size, and the mark of a block or of the end.
    private static func isBzip2(_ start: [UInt8]) -> Bool {
        guard start.starts(with: "BZh".utf8), start.count > 9,
            (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(start[3])
        else { return false }
        let block: [UInt8] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
        let end: [UInt8] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]
        return start[4...].starts(with: block) || start[4...].starts(with: end)
    }

    /// A frame that zstd and lz4 skip and that may stand first (RFC 8878 section 3.1.2).
    private static func isSkippableFrame(_ start: [UInt8]) -> Bool {
        start.count >= 4 && start[0] & 0xF0 == 0x50
            && start[1...].starts(with: [0x2A, 0x4D, 0x18])
    }
}
