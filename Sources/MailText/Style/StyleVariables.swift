/// The custom properties of an element, shared with the elements in it.
final class StyleVariables: Sendable {
    let values: [[UInt8]: [UInt8]]

    init(_ values: [[UInt8]: [UInt8]]) { self.values = values }
}
