import Glibc

/// The file of a unix socket: who may use it, and whether another process does.
struct UnixSocketFile {
    let path: String

    /// A live socket of another process must not be taken over, a missing folder has a clear error.
    ///
    /// - Throws: ``MilterServer/StartError``.
    func prepare() throws {
        let folder = path.split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" }
        guard access(folder.isEmpty ? "/" : folder, W_OK) == 0 else {
            throw MilterServer.StartError(
                reason: "the directory \(folder) of the socket is missing or not writable: "
                    + String(cString: strerror(errno)))
        }
        guard path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else {
            throw MilterServer.StartError(
                reason: "the path \(path) is too long for a socket; 107 bytes are the most")
        }
        guard let kind else { return }
        guard kind == S_IFSOCK else {
            throw MilterServer.StartError(
                reason: "\(path) is there and no socket; name another path or move it away")
        }
        let reason = answer()
        guard reason == ECONNREFUSED || reason == ENOENT else {
            throw MilterServer.StartError(
                reason: reason == 0 || reason == EAGAIN
                    ? "another process listens on \(path); stop it first"
                    : "can't tell whether another process listens on \(path): "
                        + String(cString: strerror(reason)))
        }
    }

    /// What stands there (inode(7)); nil for nothing.
    private var kind: mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// What a client is told: 0 when somebody listens.
    private func answer() -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return UnixSocketFile.withAddress(Array(path.utf8)) {
            Glibc.connect(descriptor, $0, $1) == 0 ? 0 : errno
        }
    }

    /// - Throws: ``MilterServer/StartError``.
    func protect(_ access: MilterServer.SocketAccess) throws {
        var owner = uid_t.max
        var group = gid_t.max
        if !access.owner.isEmpty {
            guard let entry = getpwnam(access.owner) else {
                throw MilterServer.StartError(
                    reason: "there is no user \(access.owner) for the socket")
            }
            owner = entry.pointee.pw_uid
        }
        if !access.group.isEmpty {
            guard let entry = getgrnam(access.group) else {
                throw MilterServer.StartError(
                    reason: "there is no group \(access.group) for the socket")
            }
            group = entry.pointee.gr_gid
        }
        guard chown(path, owner, group) == 0 else {
            throw MilterServer.StartError(
                reason: "can't give \(path) to \(access.owner):\(access.group): "
                    + String(cString: strerror(errno)))
        }
        guard chmod(path, access.mode) == 0 else {
            throw MilterServer.StartError(
                reason: "can't set the mode of \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Removes it, if it is a socket.
    func remove() { if kind == S_IFSOCK { unlink(path) } }

    /// A name of unix(7) as system calls want it: a path, or an abstract name behind a zero byte.
    static func withAddress<Result>(
        _ name: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let kept = name.prefix(MemoryLayout.size(ofValue: address.sun_path) - 1)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: kept) }
        // A path may end anywhere behind its last byte, an abstract name must end with it.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + kept.count)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
