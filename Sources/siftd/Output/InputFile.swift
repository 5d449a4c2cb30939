import Foundation

/// Files that options name.
enum InputFile {
    /// The content of a file of UTF-8 text.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - option: that names it, for the error.
    /// - Returns: the text.
    /// - Throws: ``FileError`` of the kinds `missing` and `unreadable`.
    static func text(_ path: String, option: String) throws(FileError) -> String {
        guard access(path, R_OK) == 0 else {
            let number = errno
            throw FileError(
                number == ENOENT || number == ENOTDIR ? .missing : .unreadable, path: path,
                reason: "given with \(option), can't be read: \(String(cString: strerror(number)))")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw FileError(
                .unreadable, path: path,
                reason: "given with \(option), can't be read as UTF-8 text")
        }
        return text
    }
}
