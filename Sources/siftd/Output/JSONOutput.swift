import Foundation
import Models

extension Encodable {
    /// Prints the value as JSON, keys in alphabetical order.
    ///
    /// - Parameter isPretty: one member a line; else the whole is one line, for tools that read an
    ///   object a line.
    /// - Throws: `EncodingError`.
    func printJSON(isPretty: Bool = false) throws {
        let encoder = JSONEncoder.siftd(pretty: isPretty)
        print(String(decoding: try encoder.encode(self), as: UTF8.self))
    }
}
