/// The client of one connection to the MTA.
public struct MilterClient: Sendable, Equatable {
    /// The host name that the MTA resolved, or the address in brackets.
    public var name = ""
    /// IPv4 or IPv6 address in text form; empty for mail that came through no network.
    public var address = ""
    /// The name that the client gave with HELO or EHLO.
    public var helo = ""

    /// The host name where the MTA confirmed it in both directions; empty otherwise.
    ///
    /// Postfix gives `unknown` for a name that was not confirmed, Sendmail the address in brackets.
    public var verifiedName: String { name == "unknown" || name.hasPrefix("[") ? "" : name }

    /// A client of which nothing is known.
    public init() {}
}
