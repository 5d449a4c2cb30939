extension MilterServer {
    /// Who may use a unix socket.
    public struct SocketAccess: Sendable, Equatable {
        /// Permission bits of the file (chmod(2)); connecting needs the write permission.
        public var mode: UInt32
        /// Name of the user that owns the file; empty for the process's.
        public var owner: String
        /// Name of the file's group; empty for the process's or, in a set-group-ID directory, the
        /// directory's.
        public var group: String

        /// Access for these; by default for the process's user and group.
        public init(mode: UInt32 = 0o660, owner: String = "", group: String = "") {
            self.mode = mode
            self.owner = owner
            self.group = group
        }
    }
}
