import CDomainName

/// Domain names in the one form in which they are compared.
///
/// Clients write an international name in either of two forms: as Unicode (U-labels) or encoded in
/// ASCII (A-labels). A-labels are compared (RFC 5890 section 2.3.2.1).
public enum DomainName {
    /// The longest name (RFC 1035 section 2.3.4), without a dot at its end.
    public static let longestName = 253
    /// The longest label of a name.
    public static let longestLabel = 63
    /// Bytes of a longer text are not converted: no name is as long.
    private static let longestText = 1_024

    /// The name with A-labels, in lower case; what is no international name stays as it is.
    ///
    /// - Parameter name: in lower case.
    /// - Returns: a text to compare.
    public static func ascii(_ name: some StringProtocol) -> String {
        guard name.utf8.contains(where: { $0 >= 0x80 }), name.utf8.count <= longestText else {
            return String(name)
        }
        let source = name.utf8.map { CChar(bitPattern: $0) }
        // Room for every name that is none because of its length.
        var target = [CChar](repeating: 0, count: 4 * longestText)
        let count = siftd_domain_to_ascii(
            source, Int32(source.count), &target, Int32(target.count))
        guard count > 0 else { return String(name) }
        return String(
            decoding: target.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
