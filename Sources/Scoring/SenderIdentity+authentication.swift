import DomainNames
import FilterPolicy
import MailText
import SiteLearning

/// What the transfer of a message says of its sender.
public struct TransferFacts: Sendable {
    /// The envelope sender; nil takes Return-Path.
    public var envelopeSender: String?
    /// The client's host name, confirmed in both directions; nil takes the newest Received field.
    public var clientHostName: String?

    /// Facts of the milter, or none for a message from a file.
    public init(envelopeSender: String? = nil, clientHostName: String? = nil) {
        self.envelopeSender = envelopeSender
        self.clientHostName = clientHostName
    }
}

extension SenderIdentity {
    /// The sender of a message, with what the border MTA vouches for.
    ///
    /// - Parameters:
    ///   - header: of the message.
    ///   - transfer: what else is known.
    ///   - authservID: of the border MTA; empty trusts no result.
    public init(_ header: HeaderFacts, _ transfer: TransferFacts, authservID: String) {
        let results = AuthenticationResults(
            header.authenticationResults, authservID: authservID)
        let envelopeSender = transfer.envelopeSender ?? header.envelopeSenderDomain
        var verification = Verification()
        if !results.isEmpty {
            let author = PublicSuffix.organization(of: header.from.domain)
            let list = PublicSuffix.organization(of: header.listID)
            verification.author =
                header.hasOneAuthor
                && (results.provesAuthor(header.from.domain)
                    || results.vouches { PublicSuffix.organization(of: $0) == author })
            verification.envelopeSender = results.provesSender(envelopeSender)
            verification.list = results.vouches { PublicSuffix.organization(of: $0) == list }
        }
        self.init(
            header, envelopeSender: envelopeSender,
            clientHostName: transfer.clientHostName ?? header.clientHostName,
            verification: verification)
    }
}
