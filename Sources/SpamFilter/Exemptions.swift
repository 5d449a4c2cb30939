import FilterPolicy
import Milter

/// Mail that passes unjudged because of where it comes from; the section `[exempt]` of the
/// configuration.
public struct Exemptions: Sendable, Equatable {
    /// Clients whose mail passes.
    public var networks: [NetworkRange] = []
    /// Whether mail of users who logged in passes.
    public var authenticated = true
    /// Whether mail that came through no network passes.
    public var local = true
    /// Bytes of body above which a message passes; 0 for no such limit.
    public var size = 0

    /// The defaults.
    public init() {}

    /// Why a message passes unjudged; the raw values stand in the log.
    enum Reason: String {
        case authenticated
        case trustedNetwork = "trusted-network"
        case local
        case size
    }

    /// Nil for a message that must be judged.
    func reason(for transaction: Transaction) -> Reason? {
        if authenticated, !transaction.authenticated.isEmpty { return .authenticated }
        let address = transaction.client.address
        if local, address.isEmpty { return .local }
        if networks.contains(where: { $0.contains(address) }) { return .trustedNetwork }
        let count = transaction.body.count + transaction.leftOutBytes
        if size > 0, count > size || transaction.isBodyCut && count >= size { return .size }
        return nil
    }
}
