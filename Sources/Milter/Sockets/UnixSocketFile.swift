import Glibc

/// The file of a unix socket: who may use it, and whether another process does.
public struct UnixSocketFile: Sendable {
    let path: String

    /// The file with this absolute path, which need not be there.
    public init(path: String) { self.path = path }

    /// Checks that a socket can be opened here: the directory is writable, and there is no file but
    /// a stale socket, which no process listens on any more.
    ///
    /// - Throws: ``MilterServer/StartError``.
    public func prepare() throws(MilterServer.StartError) {
        let directory = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
        guard access(directory, W_OK) == 0 else {
            throw .unusableDirectory(directory, code: errno)
        }
        guard let address = UnixAddress(path: path) else { throw .pathTooLong(path) }
        guard let type = fileType else { return }
        guard type == S_IFSOCK else { throw .notASocket(path) }
        switch UnixSocketFile.connectionError(address) {
        case ECONNREFUSED, ENOENT: return
        // The listener is alive; with EAGAIN its queue of connections is full.
        case 0, EAGAIN: throw .socketInUse(path)
        case let code: throw .unknownUse(of: path, code: code)
        }
    }

    /// The type of the file (inode(7)); nil where there is none.
    private var fileType: mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// The error number of a connection attempt: 0 when a process listens.
    private static func connectionError(_ address: UnixAddress) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return address.withSocketAddress {
            Glibc.connect(descriptor, $0, $1) == 0 ? 0 : errno
        }
    }

    /// Sets owner, group and permissions of the file.
    func protect(_ access: MilterServer.SocketAccess) throws(MilterServer.StartError) {
        // The largest numbers leave owner and group as they are (chown(2)).
        var owner = uid_t.max
        var group = gid_t.max
        if !access.owner.isEmpty {
            guard let entry = getpwnam(access.owner) else { throw .unknownUser(access.owner) }
            owner = entry.pointee.pw_uid
        }
        if !access.group.isEmpty {
            guard let entry = getgrnam(access.group) else { throw .unknownGroup(access.group) }
            group = entry.pointee.gr_gid
        }
        // The sandbox of the systemd unit forbids the call, even if it would change nothing.
        let isNamed = !access.owner.isEmpty || !access.group.isEmpty
        guard !isNamed || chown(path, owner, group) == 0 else {
            throw .ownerNotSet(of: path, access, code: errno)
        }
        guard chmod(path, access.mode) == 0 else { throw .modeNotSet(of: path, code: errno) }
    }

    /// Removes the file if it is a socket.
    public func remove() { if fileType == S_IFSOCK { unlink(path) } }
}
