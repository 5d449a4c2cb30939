import Foundation

/// Where the model is when nobody says so: the promoted one, else the starter model beside the
/// binary, as installed or in a checkout.
public enum ModelLocation {
    static let promoted = "/var/lib/siftd/models/current"
    private static let starter = "share/siftd/models/starter"

    /// - Parameter chosen: from the command line or the configuration; empty for none.
    public static func directory(_ chosen: String) -> String {
        if !chosen.isEmpty { return chosen }
        let known = candidates
        return known.first { FileManager.default.fileExists(atPath: "\($0)/config.json") }
            ?? known[known.count - 1]
    }

    private static var candidates: [String] {
        var folders = [promoted]
        if let binary = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        {
            var folder = URL(fileURLWithPath: binary).deletingLastPathComponent()
            // <prefix>/bin/siftd, or a checkout's .build/<triple>/release/siftd.
            for _ in 0..<4 {
                folder.deleteLastPathComponent()
                folders.append(folder.appendingPathComponent(starter).path)
            }
        }
        return folders + ["/usr/\(starter)"]
    }
}
