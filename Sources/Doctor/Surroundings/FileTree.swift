// Some builds find stat(2) in the C part of Dispatch.
import CDispatch
import Foundation
import Glibc

/// The file system below a root, with the question who may reach what.
struct FileTree: Sendable {
    /// Put in front of every path; empty for the real root.
    let root: String

    /// Permission bits of a file for one class of users (inode(7)).
    enum Need: UInt32 {
        case read = 4
        case write = 2
        case search = 1
        /// To read what a folder holds.
        case list = 5
        /// To make files in a folder.
        case change = 3

        var words: String {
            switch self {
            case .read: "read"
            case .write: "write to"
            case .search: "pass through"
            case .list: "read"
            case .change: "write into"
            }
        }
    }

    /// The status of a file; nil where there is none.
    func status(_ path: String) -> stat? {
        var status = stat()
        return stat(root + path, &status) == 0 ? status : nil
    }

    func exists(_ path: String) -> Bool { status(path) != nil }

    func isSocket(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFSOCK } ?? false
    }

    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: root + path).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Names in a folder.
    func names(_ path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: root + path)) ?? []
    }

    /// Bytes that users may still write where a path is; nil when not known.
    func freeBytes(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(root + path, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// The first thing on the way to a file that keeps a user from what it needs; nil for none.
    ///
    /// By permission bits and access control lists; capabilities are not looked at.
    func obstacle(to path: String, _ need: Need, for account: Account) -> String? {
        var folder = ""
        let parts = path.split(separator: "/").map(String.init)
        for part in parts.dropLast() {
            folder += "/\(part)"
            guard let status = status(folder) else { return "\(folder) does not exist" }
            if !permits(status, folder, .search, account) {
                return "user \(account.name) may not pass through \(folder) (\(shown(status)))"
            }
        }
        guard let status = status(path) else { return "\(path) does not exist" }
        return permits(status, path, need, account)
            ? nil : "user \(account.name) may not \(need.words) \(path) (\(shown(status)))"
    }

    private func permits(
        _ status: stat, _ path: String, _ need: Need, _ account: Account
    ) -> Bool {
        if account.user == 0 { return true }
        if let list = AccessControlList(path: root + path) {
            return list.permits(
                need.rawValue, account, owner: status.st_uid, group: status.st_gid)
        }
        let shift: UInt32 =
            account.user == status.st_uid ? 6 : account.groups.contains(status.st_gid) ? 3 : 0
        return status.st_mode >> shift & need.rawValue == need.rawValue
    }

    /// Mode, owner and group, such as `0750 siftd:siftd`.
    func shown(_ status: stat) -> String {
        let mode = String(status.st_mode & 0o7777, radix: 8)
        let user = getpwuid(status.st_uid).map { String(cString: $0.pointee.pw_name) }
        let group = getgrgid(status.st_gid).map { String(cString: $0.pointee.gr_name) }
        return "0\(mode) \(user ?? "\(status.st_uid)"):\(group ?? "\(status.st_gid)")"
    }
}
