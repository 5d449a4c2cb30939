import ASCIIText
import MailText
import TextFeatures

/// Whose sites a message links to, in HTML or by URLs in its text.
///
/// Companies link to their own site, among others. How many others there are is no fact: it would
/// change with each link in a text that is put around spam. So does the share of throw-away ones,
/// but that is high in spam alone, and its sender has to add links that lead elsewhere.
struct LinkedSites {
    enum Owner {
        /// The author's, and maybe others.
        case author
        case others
    }

    /// nil if there are no links.
    let owner: Owner?
    /// Whether more than half of the sites are throw-away ones.
    ///
    /// These are under a top-level domain of spam, or at one of ``FreeHosts``. The author's counts
    /// as one site, and as none of these.
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
        // Each with whether a link is to a page of it.
        var hosts: [[UInt8]: Bool] = [:]
        // Most links lead where the one before does.
        var last: (host: [UInt8], isPage: Bool) = ([], false)
        func add(_ host: ArraySlice<UInt8>, isPage: Bool) {
            guard isPage != last.isPage || !host.elementsEqual(last.host) else { return }
            last = (Array(host), isPage)
            guard hosts.count < LinkedSites.mostHosts, host.contains(UInt8(ascii: ".")) else {
                return
            }
            hosts.merge([(host.lowercasedASCII(), isPage)]) { $0 || $1 }
        }
        for mark in text.marks {
            guard case .link(let target) = mark.kind, let url = URLParts(Array(target.utf8)) else {
                continue
            }
            add(url.host, isPage: url.isPage)
        }
        // Of URLs in the text nothing is read but the host.
        var lastShown: ArraySlice<UInt8> = []
        LinkedSites.forEachHost(in: text.bytes) { host in
            guard !host.elementsEqual(lastShown) else { return }
            lastShown = host
            guard let url = URLParts(Array("http://".utf8) + host) else { return }
            add(url.host, isPage: false)
        }
        self.init(hosts, of: organization)
    }

    /// Compares hosts in lower case, each with whether a link is to a page of it.
    private init(_ hosts: [[UInt8]: Bool], of organization: String) {
        var others: Set<String> = []
        var throwaway: Set<String> = []
        var isOwn = false
        for (host, hasPage) in hosts {
            let name = String(decoding: host, as: UTF8.self)
            let site = MailAddress.organization(of: name)
            if site == organization {
                isOwn = true
            } else if let hosted = FreeHosts.site(name) {
                others.insert(hosted)
                throwaway.insert(hosted)
            } else if FreeHosts.keepFiles(name) {
                others.insert(name)
                if hasPage { throwaway.insert(name) }
            } else {
                others.insert(site)
                if CheapDomains.containLinked(site) { throwaway.insert(site) }
            }
        }
        owner = hosts.isEmpty ? nil : isOwn ? .author : .others
        areThrowaway = 2 * throwaway.count > others.count + (isOwn ? 1 : 0)
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
