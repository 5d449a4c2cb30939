import SiteLearning

/// What a site has taught as of one moment, for the scores of all its mail.
public struct SiteKnowledge: Sendable {
    /// The key of the features.
    public var secret: SiteSecret
    /// The weights.
    public var layer: SiteLayer
    /// The authserv-id of the border MTA (RFC 8601), whose results tell real senders from forged
    /// ones; empty trusts none.
    public var authservID: String
    /// The revision of the labels that the weights rest on, where several hosts share them; nil
    /// elsewhere.
    public var revision: Int64?

    /// What a site has taught.
    public init(
        secret: SiteSecret, layer: SiteLayer, authservID: String = "", revision: Int64? = nil
    ) {
        self.revision = revision
        self.secret = secret
        self.layer = layer
        self.authservID = authservID
    }
}
