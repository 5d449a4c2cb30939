import Glibc

/// A user of the system as permissions see it.
public struct Account: Sendable, Equatable {
    /// The login name.
    public var name: String
    /// The number of the user.
    public var user: UInt32
    /// Numbers of all its groups.
    public var groups: [UInt32]

    /// A user with these numbers.
    public init(name: String, user: UInt32, groups: [UInt32]) {
        self.name = name
        self.user = user
        self.groups = groups
    }

    /// The user that the system has by a name; nil for none.
    public init?(system name: String) {
        guard let entry = getpwnam(name) else { return nil }
        let group = entry.pointee.pw_gid
        user = entry.pointee.pw_uid
        self.name = name
        var count: Int32 = 64
        var groups = [gid_t](repeating: 0, count: Int(count))
        if getgrouplist(name, group, &groups, &count) < 0 {
            groups = [gid_t](repeating: 0, count: Int(count))
            _ = getgrouplist(name, group, &groups, &count)
        }
        self.groups = Array(groups.prefix(Int(max(count, 0))))
    }

    /// The user who runs this process.
    public static var current: Account {
        let name = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) }
        return name.flatMap { Account(system: $0) }
            ?? Account(name: "\(geteuid())", user: geteuid(), groups: [getegid()])
    }
}
