import ASCIIText

/// The facts of the header fields that a model may use.
///
/// They are facts that a sender can't hide, and none that depends on the mailbox or the corpus that
/// a message is from becomes a token, because a model would learn those instead.
public struct HeaderFacts: Sendable, Equatable {
    /// The author's address; empty when From is missing or can't be read.
    public internal(set) var from = MailAddress()
    /// The address in Reply-To; nil when there is none that can be read.
    public internal(set) var replyTo: MailAddress?
    /// The envelope sender's domain, from Return-Path; empty for bounces and when unknown.
    public internal(set) var envelopeSenderDomain = ""
    /// The part of Message-ID after the `@`, in lower case; empty when there is none.
    public internal(set) var messageIDDomain = ""
    /// Message-ID with its angle brackets, for the log; may be empty.
    public internal(set) var messageID = ""
    /// The identifier of the mailing list (RFC 2919), in lower case, without angle brackets and the
    /// phrase before them; empty when there is none.
    public internal(set) var listID = ""
    /// The values of all Authentication-Results fields (RFC 8601), whoever wrote them.
    public internal(set) var authenticationResults: [String] = []
    /// The client's host name in the newest Received field, confirmed in both directions; empty
    /// when there is none.
    public internal(set) var clientHostName = ""
    /// True when there is one From field with one `@`: mail clients disagree about which of several
    /// authors they show.
    public internal(set) var hasOneAuthor = false
    /// The moment of Date in seconds since 1970; nil when there is none that can be read.
    public internal(set) var date: Int64?
    /// What looks like an address in To, or else in Cc, also in a name, in lower case; of a long
    /// field the first ones.
    public internal(set) var recipients: [String] = []
    /// True when To, or else Cc, is not empty.
    public internal(set) var hasRecipients = false
    /// True when To, or else Cc, contains `undisclosed`, as in `undisclosed-recipients:;`.
    public internal(set) var hasUndisclosedRecipients = false
    /// True when X-Priority or Importance asks for attention.
    public internal(set) var isHighPriority = false
    /// True when there is any header field: plain text from a CSV file has none.
    public internal(set) var isPresent = false

    /// Bytes of Message-ID and List-Id that are kept.
    private static let maximumIDBytes = 256
    /// Authentication-Results fields that are kept; the site's own stand in front.
    private static let mostResults = 20
    /// Bytes of a recipient field that are searched.
    private static let searchedBytes = 200
    /// Bytes of a recipient field in which addresses are sought.
    private static let mostRecipientBytes = 2_000

    /// The facts of a message without a header.
    init() {}

    /// Reads the fields of a message.
    ///
    /// - Parameters:
    ///   - header: The header of the message.
    ///   - charset: The charset of the message, for bytes outside encoded words; or nil.
    ///   - defects: Receives what is wrong with the fields.
    init(_ header: HeaderBlock, messageCharset charset: String?, defects: inout Set<Defect>) {
        isPresent = !header.fields.isEmpty
        if let field = header.first("from") {
            from = MailAddress(field, messageCharset: charset, defects: &defects)
        }
        if let field = header.first("reply-to") {
            let address = MailAddress(field, messageCharset: charset, defects: &defects)
            if !address.domain.isEmpty { replyTo = address }
        }
        if let field = header.first("return-path") {
            envelopeSenderDomain = MailAddress(field, defects: &defects).domain
        }
        if let field = header.first("message-id") { readMessageID(field) }
        if let field = header.first("list-id") { listID = HeaderFacts.listID(field) }
        authenticationResults = header.all("authentication-results")
            .prefix(HeaderFacts.mostResults).map { field in
                // A line break in a field means nothing, however it is written.
                String(decoding: field.filter { $0 != ASCII.carriageReturn }, as: UTF8.self)
            }
        if let field = header.first("received") {
            clientHostName = ReceivedField.clientHostName(field)
        }
        let authors = header.all("from")
        hasOneAuthor =
            authors.count == 1 && authors[0].count { $0 == UInt8(ascii: "@") } == 1
        date = header.first("date").flatMap(MailDate.seconds)
        let recipients = header.first("to") ?? header.first("cc")
        hasRecipients = recipients.map { !$0.isEmpty } ?? false
        hasUndisclosedRecipients = recipients.map(HeaderFacts.isUndisclosed) ?? false
        self.recipients = recipients.map(HeaderFacts.addresses) ?? []
        isHighPriority = HeaderFacts.isHighPriority(header)
    }

    /// Reads what is in angle brackets, or else the first word: comments may be on either side.
    private mutating func readMessageID(_ field: ArraySlice<UInt8>) {
        let open = field.firstIndex(of: UInt8(ascii: "<"))
        let start = field[(open ?? field.startIndex)...]
        let close = open.flatMap { _ in start.firstIndex(of: UInt8(ascii: ">")) }
        let identifier = close.map { start[...$0] } ?? start.prefix { !ASCII.isSpace($0) }
        messageID = String(
            decoding: identifier.prefix { !ASCII.isSpace($0) }.prefix(HeaderFacts.maximumIDBytes),
            as: UTF8.self)
        guard let at = identifier.lastIndex(of: UInt8(ascii: "@")) else { return }
        let name = identifier[(at + 1)...].prefix {
            $0 != UInt8(ascii: ">") && !ASCII.isSpace($0)
        }
        messageIDDomain = String(
            decoding: name.prefix(HeaderFacts.maximumIDBytes).lowercasedASCII(), as: UTF8.self)
    }

    /// The text in the last angle brackets, or the whole field: senders forget the brackets.
    private static func listID(_ field: ArraySlice<UInt8>) -> String {
        var text = field
        if let open = text.lastIndex(of: UInt8(ascii: "<")) {
            text = text[(open + 1)...].prefix { $0 != UInt8(ascii: ">") }
        }
        // What is cut off must not depend on how lines end.
        let identifier = text.lazy.filter { !ASCII.isSpace($0) }.prefix(maximumIDBytes)
        return String(decoding: Array(identifier)[...].lowercasedASCII(), as: UTF8.self)
    }

    private static func isUndisclosed(_ field: ArraySlice<UInt8>) -> Bool {
        let word = Array("undisclosed".utf8)
        let start = field.lazy.filter { $0 != ASCII.carriageReturn }.prefix(searchedBytes)
        let text = Array(start)[...].lowercasedASCII()
        return text.indices.contains { text[$0...].starts(with: word) }
    }

    /// What looks like an address in a field.
    private static func addresses(in field: ArraySlice<UInt8>) -> [String] {
        let text = Array(
            field.lazy.filter { $0 != ASCII.carriageReturn }.prefix(mostRecipientBytes))
        var words = text[...].lowercasedASCII().split(whereSeparator: isDelimiter)
        // The last one may be half an address.
        if text.count == mostRecipientBytes { _ = words.popLast() }
        return words.filter { word in
            guard let at = word.firstIndex(of: UInt8(ascii: "@")) else { return false }
            return at > word.startIndex && at + 1 < word.endIndex
        }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a byte stands between the addresses and names of a field.
    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""):
            true
        default: ASCII.isSpace(byte)
        }
    }

    private static func isHighPriority(_ header: HeaderBlock) -> Bool {
        if let value = header.first("x-priority"), let digit = value.first {
            return digit == UInt8(ascii: "1") || digit == UInt8(ascii: "2")
        }
        return header.first("importance")?.equalsIgnoringCase("high") ?? false
    }
}
