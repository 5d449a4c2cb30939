import CXattr

/// The access control list of a file (acl(5)), as Linux keeps it: systemd-tmpfiles opens siftd's
/// folder for Postfix by one.
struct AccessControlList: Equatable {
    /// One entry; permissions are three bits as in a mode.
    struct Entry: Equatable {
        enum Tag: UInt16 {
            case owner = 1
            case user = 2
            case owningGroup = 4
            case group = 8
            case mask = 16
            case others = 32
        }

        var tag: Tag
        var permissions: UInt32
        /// Of a named user or group.
        var id: UInt32 = 0
    }

    let entries: [Entry]

    private static let attribute = "system.posix_acl_access"
    /// The form of the attribute that Linux has (linux/posix_acl_xattr.h).
    private static let version: UInt32 = 2
    private static let entryBytes = 8
    private static let largest = 65_536

    init(_ entries: [Entry]) { self.entries = entries }

    /// The list of a file; nil where there is none beside the mode.
    init?(path: String) {
        var bytes = [UInt8](repeating: 0, count: AccessControlList.largest)
        let count = getxattr(path, AccessControlList.attribute, &bytes, bytes.count)
        guard count > 0 else { return nil }
        self.init(attribute: Array(bytes.prefix(count)))
    }

    /// Reads the attribute's bytes, which are little-endian.
    init?(attribute bytes: [UInt8]) {
        func number(_ range: Range<Int>) -> UInt32 {
            bytes[range].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        guard bytes.count >= 4, number(0..<4) == AccessControlList.version else { return nil }
        var entries: [Entry] = []
        for start in stride(from: 4, to: bytes.count, by: AccessControlList.entryBytes) {
            guard start + AccessControlList.entryBytes <= bytes.count,
                let tag = Entry.Tag(rawValue: UInt16(number(start..<start + 2)))
            else { return nil }
            entries.append(
                Entry(
                    tag: tag, permissions: number(start + 2..<start + 4),
                    id: number(start + 4..<start + 8)))
        }
        self.entries = entries
    }

    /// Whether a user has permissions on a file, by the algorithm of acl(5).
    ///
    /// - Parameters:
    ///   - need: bits as in a mode.
    ///   - account: the user.
    ///   - owner: the number of the file's owner.
    ///   - group: the number of the file's group.
    /// - Returns: false where the list denies it.
    func permits(_ need: UInt32, _ account: Account, owner: UInt32, group: UInt32) -> Bool {
        let mask = entries.first { $0.tag == .mask }?.permissions ?? 7
        if account.user == owner {
            return entries.contains { $0.tag == .owner && $0.permissions & need == need }
        }
        if let entry = entries.first(where: { $0.tag == .user && $0.id == account.user }) {
            return entry.permissions & mask & need == need
        }
        let groups = entries.filter { entry in
            entry.tag == .owningGroup && account.groups.contains(group)
                || entry.tag == .group && account.groups.contains(entry.id)
        }
        guard groups.isEmpty else {
            return groups.contains { $0.permissions & mask & need == need }
        }
        return entries.contains { $0.tag == .others && $0.permissions & need == need }
    }
}
