/// The client of one connection.
public struct MilterClient: Sendable, Equatable {
    /// What the MTA resolved, or the bracketed address.
    public var name = ""
    /// IPv4 or IPv6 in text form; empty for local mail that came through no network.
    public var address = ""
    /// What the client called itself.
    public var helo = ""
}

/// One message as the MTA hands it over, complete at end-of-message.
public struct Transaction: Sendable {
    public struct HeaderField: Sendable, Equatable {
        public var name: String
        /// Without the space behind the colon; folds are LF and white space. May not be UTF-8.
        public var value: [UInt8]

        public init(name: String, value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    public var client = MilterClient()
    /// Envelope sender without angle brackets; empty for bounces.
    public var envelopeSender = ""
    /// Envelope recipients without angle brackets.
    public var recipients: [String] = []
    /// True when there were more recipients than are kept.
    public var areRecipientsCut = false
    public var header: [HeaderField] = []
    /// True when values were dropped because of their number or size.
    public var isHeaderCut = false
    /// The body as far as it was read, CRLF line ends.
    public var body: [UInt8] = []
    /// True when there was more body than the scan limit.
    public var isBodyCut = false
    /// True for a message beyond the number that may be in work at once; its text was not read.
    public var isOverload = false
    /// True for a message that was begun while siftd was stopping.
    public var isLate = false
    /// The MTA's queue id; empty while there is none.
    public var queueID = ""
    /// Who authenticated, from the macro `{auth_authen}`; empty for nobody.
    public var authenticated = ""

    public init() {}

    /// The message as bytes, as if it had been read from a file. The envelope sender stands in front
    /// as Return-Path, where RFC 5321 section 4.4 puts it at delivery.
    public var message: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count + header.reduce(256) { $0 + $1.value.count + 64 })
        bytes += "Return-Path: <\(envelopeSender)>\r\n".utf8
        for field in header {
            bytes += field.name.utf8
            bytes += ": ".utf8
            bytes += field.value
            bytes += "\r\n".utf8
        }
        bytes += "\r\n".utf8
        bytes += body
        return bytes
    }
}

/// A change to the message, asked for at end-of-message.
public enum Modification: Sendable, Equatable {
    /// Puts a field in front of all others.
    case insertHeader(name: String, value: String)
    /// Takes out the field with this name and occurrence, counted from 1.
    case deleteHeader(name: String, occurrence: Int)
    /// Gives the field with this name and occurrence another value; bytes, since it may not be UTF-8.
    case changeHeader(name: String, occurrence: Int, value: [UInt8])
    case addRecipient(String)
    case deleteRecipient(String)
    /// Holds the message back in the MTA's queue. Goes with the reply `accept`.
    case quarantine(reason: String)
}

/// The answer to a message.
public enum MilterReply: Sendable, Equatable {
    case accept
    /// Code and text of a refusal, such as `550`, `5.7.1`, `Spam message rejected`.
    case reject(code: String, status: String, text: String)
    case tempfail(code: String, status: String, text: String)
    /// Accepts the message and throws it away.
    case discard
}

/// Modifications, in the order they are to be made, and the reply.
public struct MilterResponse: Sendable, Equatable {
    public var modifications: [Modification]
    public var reply: MilterReply

    public init(modifications: [Modification] = [], reply: MilterReply) {
        self.modifications = modifications
        self.reply = reply
    }
}

/// What judges messages. Called on libmilter's threads, several at once.
public protocol MessageFilter: Sendable {
    /// Judges a complete message; may block.
    ///
    /// - Parameter progress: tells the MTA that the message is still being worked on; to be called
    ///   every few seconds.
    func filter(_ transaction: Transaction, progress: () -> Void) -> MilterResponse

    /// Whether fields of this name are handed over, without their values, even beyond the limit on
    /// header fields: those that must be deleted.
    func mustSee(header name: String) -> Bool
}
