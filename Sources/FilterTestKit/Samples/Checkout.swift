import Foundation

/// The checkout that the tests were built from.
public enum Checkout {
    /// The directory with `Package.swift`, above this file.
    public static let folder: URL = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/",
            !FileManager.default.fileExists(
                atPath: folder.appendingPathComponent("Package.swift").path)
        { folder = folder.deletingLastPathComponent() }
        return folder
    }()

    /// The path of a file or directory of the checkout.
    public static func file(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }
}
