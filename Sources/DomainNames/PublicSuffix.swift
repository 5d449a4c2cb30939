import CPublicSuffix

/// Which part of a domain name an organisation registered, by the Public Suffix List
/// (https://publicsuffix.org), read by libpsl.
public enum PublicSuffix {
    /// A list that libpsl has loaded; it never changes, so all threads share it.
    private struct List: @unchecked Sendable {
        let pointer: OpaquePointer?
    }

    /// The list of the system's package `publicsuffix` where it is newer than the one that is
    /// compiled into libpsl.
    ///
    /// Loaded once, at first use, and kept for the life of the process.
    private static let list = List(pointer: psl_latest(nil) ?? psl_builtin())

    /// The registered domain of a host name: `mail.example.co.uk` gives `example.co.uk`.
    ///
    /// Private registries of the list count as well, so that `shop.github.io` stays apart from its
    /// neighbours. A top-level domain that the list lacks has registrations right below it.
    ///
    /// - Parameter name: a domain name in any case, with U-labels or A-labels, with or without a
    ///   dot at its end.
    /// - Returns: in lower case with A-labels; nil for a public suffix itself, for a single label
    ///   such as `localhost`, for a network address, and for what is no domain name.
    public static func registeredDomain(of name: some StringProtocol) -> String? {
        var domain = DomainName.ascii(name.lowercased())
        // By bytes: characters are found some ten times slower.
        if domain.utf8.last == UInt8(ascii: ".") { domain.unicodeScalars.removeLast() }
        guard domain.utf8.count <= DomainName.longestName, isName(domain.utf8),
            let list = list.pointer
        else { return nil }
        return domain.withCString { text in
            // Points into `text`, or is null.
            psl_registrable_domain(list, text).map { String(cString: $0) }
        }
    }

    /// The registered domain, or the whole name in lower case with A-labels where there is none.
    public static func organization(of name: some StringProtocol) -> String {
        registeredDomain(of: name) ?? DomainName.ascii(name.lowercased())
    }

    /// Whether a label is a top-level domain that exists, as a U-label or as an A-label.
    ///
    /// - Parameter label: in lower case.
    /// - Returns: false for what the list lacks.
    public static func isTopLevelDomain(_ label: some StringProtocol) -> Bool {
        let name = DomainName.ascii(label)
        guard let list = list.pointer, isName(name.utf8), !name.utf8.contains(UInt8(ascii: "."))
        else { return false }
        // Without the rule by which every unknown label counts.
        return name.withCString {
            psl_is_public_suffix2(list, $0, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1
        }
    }

    /// Whether these bytes are labels of ASCII, the last of which is not a number.
    private static func isName(_ bytes: String.UTF8View) -> Bool {
        var label = 0
        var isNumber = true
        for byte in bytes {
            guard byte != UInt8(ascii: ".") else {
                guard label > 0 else { return false }
                label = 0
                isNumber = true
                continue
            }
            guard byte > 0x20, byte < 0x7F else { return false }
            label += 1
            if byte < UInt8(ascii: "0") || byte > UInt8(ascii: "9") { isNumber = false }
            guard label <= DomainName.longestLabel else { return false }
        }
        return label > 0 && !isNumber
    }
}
