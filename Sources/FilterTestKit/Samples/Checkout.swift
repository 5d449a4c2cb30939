import Foundation

/// The checkout that the tests were built from.
public enum Checkout {
    /// The folder that holds `Package.swift`, found upwards from this file.
    public static let path: String = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let manifest = folder.appendingPathComponent("Package.swift").path
            if FileManager.default.fileExists(atPath: manifest) { break }
            folder.deleteLastPathComponent()
        }
        return folder.path
    }()

    /// The path of a file or folder of the checkout.
    public static func file(_ name: String) -> String { "\(path)/\(name)" }
}
