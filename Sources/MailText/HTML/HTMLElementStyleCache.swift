import Glibc

/// What the start tags of a document declare, read once for all tags that are alike.
///
/// Each slot holds the last result that fell into it, as in ``HTMLLookCache``.
struct HTMLElementStyleCache {
    /// What the declarations of a tag depend on, apart from the values of its attributes.
    struct Key: Equatable {
        var element: HTMLElement
        var isHTML: Bool
        /// True when nothing that the element holds is shown, because of where it is.
        var isUndrawn: Bool
        /// The attributes that matter, as a set of ``HTMLTag/Attribute/bit``.
        var attributes: UInt32
        /// The number of bytes of all attributes, when a style sheet may ask for any.
        var sourceLength = 0
        var nameHash: UInt64 = 0
        var scopes: UInt64 = 0
        var openedScopes: UInt64 = 0
        var variables: ObjectIdentifier?
        /// The hash of all that and of the values.
        var hash: UInt64 = 0
    }

    private static let slotCount = 256

    private var slots: [HTMLElementStyle?] = []
    /// What elements declare that have no attribute that matters: the last result by element.
    private var plain: [HTMLElementStyle?] = []
    private var lastNumber = 0

    /// The declarations of an element of HTML without attributes that matter; nil when none are
    /// known.
    ///
    /// - Parameters:
    ///   - element: The element.
    ///   - nameHash: The hash of its name, when a rule may ask for it.
    ///   - outer: The style around it: rules may ask what is around an element.
    /// - Returns: The declarations.
    func plain(
        _ element: HTMLElement, _ nameHash: UInt64, in outer: SharedStyle
    ) -> HTMLElementStyle? {
        guard !plain.isEmpty, let known = plain[Int(element.rawValue)],
            known.key.nameHash == nameHash, known.key.scopes == outer.value.scopes,
            known.key.openedScopes == outer.value.openedScopes,
            known.variables === outer.value.variables
        else { return nil }
        return known
    }

    /// Keeps the declarations of an element without attributes that matter.
    mutating func keep(plain style: HTMLElementStyle, _ nameHash: UInt64, in outer: SharedStyle) {
        if plain.isEmpty {
            plain = [HTMLElementStyle?](repeating: nil, count: HTMLElement.count)
        }
        lastNumber += 1
        style.number = lastNumber
        style.key.nameHash = nameHash
        style.key.scopes = outer.value.scopes
        style.key.openedScopes = outer.value.openedScopes
        plain[Int(style.element.rawValue)] = style
    }

    /// The declarations of a tag like this one; nil when none are known.
    ///
    /// - Parameters:
    ///   - tag: The start tag.
    ///   - key: The rest of what they depend on; it gets its hash here.
    ///   - bytes: The document.
    /// - Returns: The declarations.
    func find(_ tag: HTMLTag, _ key: inout Key, in bytes: [UInt8]) -> HTMLElementStyle? {
        // Pointers, because every byte of most tags passes here.
        bytes.withUnsafeBytes { bytes in
            key.hash = HTMLElementStyleCache.hash(tag, key, bytes)
            guard !slots.isEmpty, let known = slots[HTMLElementStyleCache.slot(key)],
                known.key == key, HTMLElementStyleCache.isEqual(tag, known, bytes)
            else { return nil }
            return known
        }
    }

    /// Keeps the declarations of a tag.
    mutating func keep(_ style: HTMLElementStyle, of tag: HTMLTag, _ key: Key) {
        if slots.isEmpty {
            slots = [HTMLElementStyle?](
                repeating: nil, count: HTMLElementStyleCache.slotCount)
        }
        lastNumber += 1
        style.number = lastNumber
        style.key = key
        style.values = tag.ranges
        style.source = tag.attributes
        slots[HTMLElementStyleCache.slot(key)] = style
    }

    private static func slot(_ key: Key) -> Int {
        Int(truncatingIfNeeded: key.hash >> 32) & (slotCount - 1)
    }

    private static func hash(
        _ tag: HTMLTag, _ key: Key, _ bytes: UnsafeRawBufferPointer
    ) -> UInt64 {
        var hash = UInt64(key.element.rawValue) << 32 | UInt64(key.attributes)
        mix(&hash, key.scopes ^ key.nameHash)
        if key.sourceLength > 0 {
            add(tag.attributes, bytes, to: &hash)
            return hash
        }
        var rest = key.attributes & HTMLTag.Attribute.valued
        while rest != 0 {
            add(tag.ranges[rest.trailingZeroBitCount], bytes, to: &hash)
            rest &= rest - 1
        }
        return hash
    }

    /// The hash of a piece of a document.
    static func hash(of range: Range<Int>, in bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0
        bytes.withUnsafeBytes { add(range, $0, to: &hash) }
        return hash
    }

    /// True when two pieces of a document are equal.
    static func isSame(_ one: Range<Int>, _ other: Range<Int>, in bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { isSame(one, other, $0) }
    }

    private static func isSame(
        _ one: Range<Int>, _ other: Range<Int>, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        guard one.count == other.count else { return false }
        guard !one.isEmpty, let start = bytes.baseAddress else { return true }
        return memcmp(start + one.lowerBound, start + other.lowerBound, one.count) == 0
    }

    /// Adds bytes to a hash, eight at a time.
    private static func add(
        _ range: Range<Int>, _ bytes: UnsafeRawBufferPointer, to hash: inout UInt64
    ) {
        mix(&hash, UInt64(range.count))
        var index = range.lowerBound
        while index + 8 <= range.upperBound {
            mix(&hash, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var last: UInt64 = 0
        while index < range.upperBound {
            last = last << 8 | UInt64(bytes[index])
            index += 1
        }
        mix(&hash, last)
    }

    private static func mix(_ hash: inout UInt64, _ value: UInt64) {
        hash = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
    }

    /// True when the values that matter are those of the known tag.
    private static func isEqual(
        _ tag: HTMLTag, _ known: HTMLElementStyle, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        if known.key.sourceLength > 0 { return isSame(tag.attributes, known.source, bytes) }
        var rest = known.key.attributes & HTMLTag.Attribute.valued
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            guard isSame(tag.ranges[index], known.values[index], bytes) else { return false }
            rest &= rest - 1
        }
        return true
    }
}
