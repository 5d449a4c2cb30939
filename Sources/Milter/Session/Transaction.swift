import MailText

/// One message as the MTA hands it over, complete at end-of-message.
public struct Transaction: Sendable {
    /// One field of the message's header.
    public struct HeaderField: Sendable, Equatable {
        /// As the MTA received it, without the colon.
        public var name: String
        /// Without the space behind the colon; folds are LF and white space.
        ///
        /// May not be UTF-8.
        public var value: [UInt8]

        /// A field with this name and value.
        public init(name: String, value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// The client that handed the message to the MTA.
    public var client = MilterClient()
    /// Envelope sender without angle brackets; empty for bounces.
    public var envelopeSender = ""
    /// Envelope recipients without angle brackets, those within the limit.
    public var recipients: [String] = []
    /// True when there were more recipients than the limit.
    public var areRecipientsCut = false
    /// The header fields in order.
    public var header: [HeaderField] = []
    /// True when fields or values were left out because of their number or size.
    public var isHeaderCut = false
    /// The body within the limit, with CRLF line ends.
    ///
    /// Of a larger one the middle of attachments is left out; see `BoundedBody`.
    public var body: [UInt8] = []
    /// True when more than attachments is missing of the body.
    public var isBodyCut = false
    /// Bytes of the body that are left out of ``body``, as far as siftd let them come.
    public var leftOutBytes = 0
    /// True for a message beyond the number that may be in progress at once; its text was not read.
    public var isOverload = false
    /// True for a message that began after siftd started to stop.
    public var isLate = false
    /// The MTA's queue id; empty where it has none yet.
    public var queueID = ""
    /// The user that authenticated, from the macro `{auth_authen}`; empty where none did.
    public var authenticated = ""

    /// When the message began, with MAIL; nil for one that did not come by milter.
    public var began: ContinuousClock.Instant?

    /// The queue id of the message that `siftd doctor` sends.
    public static let trialQueueID = "DOCTOR"
    /// The address of its client, which no network has (RFC 5737).
    public static let trialClient = "192.0.2.1"

    /// True for the message of `siftd doctor`; queue id and address are the MTA's words, which no
    /// sender can choose.
    public var isTrial: Bool {
        queueID == Transaction.trialQueueID && client.address == Transaction.trialClient
    }

    /// An empty message.
    public init() {}

    /// The message as bytes, as if it had been read from a file.
    ///
    /// The envelope sender stands in front as Return-Path, where RFC 5321 section 4.4 puts it at
    /// delivery. The header is written out here only to be parsed again: the model must read the
    /// same text whether a message arrives by milter, over HTTP or from a file.
    public var message: [UInt8] {
        var bytes = headerBlock
        bytes += body
        return bytes
    }

    /// What stands in front of the body in ``message``, with the empty line.
    var headerBlock: [UInt8] {
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
        return bytes
    }

    /// Takes the body that arrived.
    mutating func setBody(_ arrived: BoundedBody) {
        body = arrived.bytes
        isBodyCut = arrived.isCut
        leftOutBytes = arrived.leftOutBytes
    }
}
