import Foundation
import Glibc

/// To whom root leaves what its commands create: the daemon, which is not root, goes on with it.
public enum FolderOwner {
    /// Gives an open file or directory to the owner of the folder that it is in.
    ///
    /// - Parameters:
    ///   - descriptor: of the file or directory.
    ///   - path: its path.
    public static func adopt(_ descriptor: Int32, at path: String) {
        let folder = (path as NSString).deletingLastPathComponent
        var status = stat()
        guard geteuid() == 0, stat(folder.isEmpty ? "." : folder, &status) == 0 else { return }
        _ = fchown(descriptor, status.st_uid, status.st_gid)
    }

    /// Creates a directory that belongs to the owner of the folder that it is in.
    ///
    /// - Returns: 0, or -1 with `errno`, as mkdir(2).
    public static func makeDirectory(_ path: String, _ mode: mode_t) -> Int32 {
        guard mkdir(path, mode) == 0 else { return -1 }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return -1 }
        adopt(descriptor, at: path)
        close(descriptor)
        return 0
    }
}
