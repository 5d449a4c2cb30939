import Foundation

/// The checkout that the tests were built from.
enum Checkout {
    /// The directory with Package.swift, above this file.
    static let folder: URL = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/",
            !FileManager.default.fileExists(
                atPath: folder.appendingPathComponent("Package.swift").path)
        { folder = folder.deletingLastPathComponent() }
        return folder
    }()
}
