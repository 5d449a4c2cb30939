import ASCIIText
import FilterPolicy

/// An answer to a request that was fulfilled.
enum SpamdAnswer: Equatable, Sendable {
    /// To PING.
    case pong
    /// To SKIP: the connection is closed without a word.
    case nothing
    /// To all that ask for a judgement.
    case judged(SpamdFinding, content: [UInt8])
    /// To TELL: what was learnt, and what was forgotten.
    case told(set: Bool, removed: Bool)

    /// The bytes of the answer, as spamd of SpamAssassin 4.0 writes it for the client's version.
    func bytes(for header: SpamdHeader) -> [UInt8] {
        switch self {
        case .pong: return Array("SPAMD/1.5 0 PONG\r\n".utf8)
        case .nothing: return []
        case .told(let set, let removed):
            let fields =
                (set ? "DidSet: local\r\n" : "") + (removed ? "DidRemove: local\r\n" : "")
            return Array("SPAMD/1.1 0 EX_OK\r\n\(fields)\r\n\r\n".utf8)
        case .judged(let finding, let content):
            return Array(SpamdAnswer.head(finding, content.count, header).utf8) + content
        }
    }

    /// The first line, the fields, and the empty line behind them.
    private static func head(
        _ finding: SpamdFinding, _ length: Int, _ header: SpamdHeader
    ) -> String {
        let ok = "SPAMD/1.1 0 EX_OK\r\n"
        let size = "Content-length: \(length)\r\n"
        let spam = finding.field(for: header.command)
        switch header.command {
        case .process, .headers:
            if header.version >= .withFields { return ok + size + spam + "\r\n" }
            if header.version >= .withLength { return ok + size + "\r\n" }
            return "SPAMD/1.0 0 EX_OK\r\n"
        case .check, .ping, .skip, .tell: return ok + spam + "\r\n"
        case .symbols, .report, .reportIfSpam:
            return header.version >= .withFields
                ? ok + size + spam + "\r\n" : ok + spam + "\r\n"
        }
    }
}

/// What a judgement is in spamd's terms.
struct SpamdFinding: Equatable, Sendable {
    let isSpam: Bool
    /// Points as in `X-Spam-Score`.
    let points: Double

    /// One decimal, as spamd has it; what is not spam stays below the threshold.
    var score: String {
        let threshold = Judgement.requiredPoints
        let isRoundedUp = !isSpam && points >= threshold - SpamdFinding.step / 2
        return (isRoundedUp ? threshold - SpamdFinding.step : points).fixed(1)
    }

    /// The threshold with one decimal.
    static var required: String { Judgement.requiredPoints.fixed(1) }

    private static let step = 0.1

    /// `Spam: True ; 9.7 / 5.0` with its line end.
    func field(for command: SpamdCommand) -> String {
        let words = command == .reportIfSpam ? ("Yes", "No") : ("True", "False")
        return "Spam: \(isSpam ? words.0 : words.1) ; \(score) / \(SpamdFinding.required)\r\n"
    }
}
