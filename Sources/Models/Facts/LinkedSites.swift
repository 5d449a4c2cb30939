import ASCIIText
import MailText
import TextFeatures

/// Whose sites a message links to, in HTML or by URLs in its text.
///
/// Companies link to their own site, among others. How many others there are is no fact: it would
/// change with each link in a text that is put around spam.
struct LinkedSites {
    enum Owner {
        /// The author's, and maybe others.
        case author
        case others
    }

    /// nil if there are no links.
    let owner: Owner?
    /// Whether at least half of the sites besides the author's cost nothing: under a cheap
    /// top-level domain, or at a host where anybody gets one.
    let areThrowaway: Bool

    /// Hosts that are looked at: no honest message has as many before one of its author.
    private static let mostHosts = 200
    /// Bytes of a URL in a text that are searched for its host.
    private static let longestURL = 300

    /// Looks at the links of a text.
    ///
    /// - Parameters:
    ///   - text: the visible text.
    ///   - organization: the author's registered domain.
    init(in text: VisibleText, of organization: String) {
        var hosts: Set<[UInt8]> = []
        // Most links lead where the one before does.
        var last: [UInt8] = []
        func add(_ url: [UInt8]) {
            guard let host = URLParts(url)?.host, !host.elementsEqual(last) else { return }
            last = Array(host)
            guard hosts.count < LinkedSites.mostHosts, host.contains(UInt8(ascii: ".")) else {
                return
            }
            hosts.insert(host.lowercasedASCII())
        }
        for mark in text.marks {
            if case .link(let target) = mark.kind { add(Array(target.utf8)) }
        }
        var lastShown: ArraySlice<UInt8> = []
        LinkedSites.forEachHost(in: text.bytes) { host in
            guard !host.elementsEqual(lastShown) else { return }
            lastShown = host
            add(Array("http://".utf8) + host)
        }
        var others: Set<String> = []
        var throwaway: Set<String> = []
        var isOwn = false
        for host in hosts.map({ String(decoding: $0, as: UTF8.self) }) {
            let site = MailAddress.organization(of: host)
            if site == organization {
                isOwn = true
                continue
            }
            // Each name at such a host is somebody else's site.
            let isHosted = FreeHosts.contain(host)
            let name = isHosted ? host : site
            others.insert(name)
            if isHosted || CheapDomains.contain(site) { throwaway.insert(name) }
        }
        owner = hosts.isEmpty ? nil : isOwn ? .author : .others
        areThrowaway = !throwaway.isEmpty && 2 * throwaway.count >= others.count
    }

    /// Calls back with the host of each URL of a text that begins with `http:` or `https:`, and its
    /// port.
    private static func forEachHost(in text: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
        let colon = UInt8(ascii: ":")
        var place = text.firstIndex(of: colon, from: 0)
        while place < text.count {
            let rest = text[(place + 1)...]
            let scheme = text[..<place].suffix(5)
            if rest.startsIgnoringCase("//"),
                scheme.suffix(4).equalsIgnoringCase("http") || scheme.equalsIgnoringCase("https")
            {
                body(rest.dropFirst(2).prefix(longestURL).prefix(while: isOfHost))
            }
            place = text.firstIndex(of: colon, from: place + 1)
        }
    }

    /// Whether a byte may be of a host, of a port or of a user name in front of it.
    private static func isOfHost(_ byte: UInt8) -> Bool {
        ASCII.isLetterOrDigit(byte) || byte >= 0x80
            || [
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
                UInt8(ascii: "@"),
            ].contains(byte)
    }
}
