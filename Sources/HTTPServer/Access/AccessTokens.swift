import Foundation
import Glibc

/// A secret that a client shows as `Authorization: Bearer SECRET` (RFC 6750).
public struct AccessToken: Sendable {
    private let bytes: [UInt8]

    /// Shorter ones can be guessed: 20 letters and digits have 100 bits.
    private static let shortest = 20
    private static let longest = 512

    /// The reason why a file holds no token.
    public struct FileError: Error, CustomStringConvertible, Sendable {
        /// The file.
        public var path: String
        /// What is wrong, and what to do about it.
        public var reason: String
        /// One line for the log or the terminal.
        public var description: String { "token file \(path): \(reason)" }
    }

    /// A token of these bytes; nil unless it has 20 to 512 printable ASCII characters, no space.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard (AccessToken.shortest...AccessToken.longest).contains(bytes.count),
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        self.bytes = bytes
    }

    /// Reads the first line of a file, which no other user may read.
    ///
    /// - Throws: ``FileError``.
    public init(file path: String) throws(FileError) {
        func fail(_ reason: String) -> FileError { FileError(path: path, reason: reason) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw fail(String(cString: strerror(errno))) }
        guard status.st_mode & 0o007 == 0 else {
            throw fail("every user of this host may read it; chmod o= it")
        }
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: 4 * AccessToken.longest)
        else { throw fail("can't be read by siftd's user") }
        let line = String(decoding: data, as: UTF8.self).prefix { !$0.isNewline }
        guard let token = AccessToken(line) else {
            throw fail(
                "must hold one line of \(AccessToken.shortest) to \(AccessToken.longest) printable "
                    + "characters without spaces, such as `openssl rand -hex 20` writes")
        }
        self = token
    }

    /// Whether a text is this token, in a time that does not depend on where they differ.
    func matches(_ text: some StringProtocol) -> Bool {
        let given = Array(text.utf8.prefix(AccessToken.longest + 1))
        var difference = UInt8(given.count == bytes.count ? 0 : 1)
        for index in bytes.indices {
            difference |= bytes[index] ^ (index < given.count ? given[index] : 0)
        }
        return difference == 0
    }
}

/// Who may use the HTTP port, and under which names it is known.
public struct HTTPAccess: Sendable {
    /// For reading and classifying; nil lets everybody who reaches the port do so.
    public var readToken: AccessToken?
    /// For teaching and changing the model; nil lets everybody who reaches the port teach, and
    /// nobody change the model.
    public var writeToken: AccessToken?
    /// Names that `Host` may have besides addresses and `localhost`, in lower case.
    public var hosts: Set<String> = []

    /// Access without tokens, for a port that only this host reaches.
    public init() {}

    /// What a client may do that shows this token, or none.
    ///
    /// - Returns: nil for a token that is neither.
    func grant(bearer: Substring?) -> AccessGrant? {
        guard let bearer else {
            return AccessGrant(
                reads: readToken == nil, teaches: readToken == nil && writeToken == nil)
        }
        // Both are compared always, so that the time tells nothing.
        let writes = writeToken?.matches(bearer) ?? false
        let reads = readToken?.matches(bearer) ?? false
        if writes { return AccessGrant(reads: true, teaches: true, administers: true) }
        return reads ? AccessGrant(reads: true, teaches: writeToken == nil) : nil
    }
}

/// What a client may do.
struct AccessGrant: Sendable, Equatable {
    /// Classify, and see verdicts and figures.
    var reads = false
    /// Give labels as a user, and take back those.
    var teaches = false
    /// Give labels as an admin, retrain, and change the model.
    var administers = false
}
