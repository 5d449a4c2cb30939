import Foundation

extension JSONEncoder {
    /// The encoder of all JSON that siftd writes: keys in alphabetical order, slashes as they are.
    ///
    /// - Parameter pretty: one value a line, for files that people read; else a single line.
    /// - Returns: a new encoder.
    public static func siftd(pretty: Bool) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return encoder
    }
}
