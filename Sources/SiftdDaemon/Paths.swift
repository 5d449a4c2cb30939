import Foundation

/// Where siftd looks when nobody names a file (hier(7)).
public enum Paths {
    /// The configuration; may be absent.
    public static let configuration = "/etc/siftd/siftd.toml"
    /// What siftd keeps between runs.
    public static let state = "/var/lib/siftd"
    /// The versions of the model.
    public static let registry = "\(state)/models"
    /// The active version, a link that is replaced atomically.
    static let promotedModel = "\(registry)/active"
    /// What the site has taught.
    public static let learning = "\(state)/learn"
    /// Where the daemon's sockets are.
    static let run = "/run/siftd"
    /// The socket of `siftd learn`.
    public static let control = "\(run)/control.sock"
    /// Messages in progress when siftd died.
    static let crashJournal = "\(state)/crash-journal"
    private static let baseReservoir = "share/siftd/reservoir.bin"
    private static let starterModel = "share/siftd/models/starter"

    /// The model to use: the one chosen, else the promoted one, else the starter model beside the
    /// binary, as installed or in a checkout.
    ///
    /// - Parameter chosen: from the command line or the configuration; empty for none.
    /// - Returns: the directory of a bundle, which may not exist.
    public static func model(_ chosen: String) -> String {
        if !chosen.isEmpty { return chosen }
        let folders = [promotedModel] + shared(starterModel)
        return folders.first { FileManager.default.fileExists(atPath: "\($0)/config.json") }
            ?? "/usr/\(starterModel)"
    }

    /// The base mail that came with siftd, as installed or in a checkout; nil without any.
    static var reservoir: String? {
        shared(baseReservoir).first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Where a file that comes with siftd may be.
    private static func shared(_ file: String) -> [String] {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        // <prefix>/bin/siftd, or a checkout's .build/<triple>/release/siftd.
        let prefixes = (1...4).map { levels in
            (0..<levels).reduce(folder) { folder, _ in folder.deletingLastPathComponent() }
        }
        return prefixes.map { $0.appendingPathComponent(file).path } + ["/usr/\(file)"]
    }
}
