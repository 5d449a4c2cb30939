import Checksums
import Feedback
import MailText

extension MessageDigest {
    /// The digest by which a message is known again in the mailbox, after it passed the MTA.
    public init(of input: MailInput) {
        // SHA-256 always has as many bytes as a digest needs.
        self = MessageDigest(SHA256.digest(CanonicalMessage.bytes(of: input))) ?? .zero
    }
}
