/// Bytes and strings for tests of functions that take slices of bytes.
extension String {
    var bytes: [UInt8] { Array(utf8) }
    var slice: ArraySlice<UInt8> { bytes[...] }

    /// The characters as bytes, for text in a charset of one byte: all must be below U+0100.
    var latin1: [UInt8] { unicodeScalars.map { UInt8($0.value) } }
}

extension Sequence where Element == UInt8 {
    var string: String { String(decoding: Array(self), as: UTF8.self) }
}
