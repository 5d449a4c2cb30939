import Glibc

/// Options of a socket that are on or off (setsockopt(2)).
enum SocketOption {
    /// Turns an option on; an option that the socket doesn't have is left out.
    static func enable(_ option: Int32, level: Int32, on descriptor: Int32) {
        var yes: Int32 = 1
        setsockopt(descriptor, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
}
