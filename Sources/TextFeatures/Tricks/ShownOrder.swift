import CUnicode

/// A text whose characters control the order in which it is shown, in that order.
///
/// Overrides, embeddings and isolates (UAX #9) show letters of other text in the order of the
/// reader than they are sent in. Lines are those of the text, not of a window.
struct ShownOrder {
    /// UTF-8, without the characters that control the order.
    private(set) var bytes: [UInt8]
    /// The lines in which something was moved.
    private(set) var turned: Int

    /// Orders valid UTF-8; nil for a text without such characters.
    init?(_ text: ArraySlice<UInt8>) {
        guard ShownOrder.isControlled(text) else { return nil }
        let source = Array(String(decoding: text, as: UTF8.self).utf16)
        var moved: Int32 = 0
        var units = [UInt16](unsafeUninitializedCapacity: source.count) { target, count in
            // Both buffers live for the call, which writes at most as many units as it reads.
            count = source.withUnsafeBufferPointer { source in
                Int(
                    siftd_shown_order(
                        source.baseAddress, Int32(source.count), target.baseAddress, &moved))
            }
        }
        // They are still in lines that stay as they are.
        units.removeAll { ShownOrder.isControl(UInt32($0)) }
        bytes = UnicodeFolding.utf8(units)
        turned = Int(moved)
    }

    /// Whether a character controls the order of others.
    static func isControl(_ value: UInt32) -> Bool {
        (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }

    /// Whether U+202A to U+202E or U+2066 to U+2069 are in a text.
    private static func isControlled(_ text: ArraySlice<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { bytes in
            guard bytes.count > 2 else { return false }
            for index in 0..<(bytes.count - 2) where bytes[index] == 0xE2 {
                switch (bytes[index + 1], bytes[index + 2]) {
                case (0x80, 0xAA...0xAE), (0x81, 0xA6...0xA9): return true
                default: continue
                }
            }
            return false
        }
    }
}
