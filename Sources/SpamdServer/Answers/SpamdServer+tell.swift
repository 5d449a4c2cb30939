import Feedback
import FilterPolicy
import MailText
import SiteMemory
import Telemetry

/// TELL: `spamc -L` and `spamc -C`.
extension SpamdServer {
    /// Who teaches where the request names nobody.
    private static let nobody = "nobody"

    /// Learns or forgets a message by the word of the request's user; blocks the calling thread.
    ///
    /// - Throws: ``SpamdFault``, `FeedbackError`, `TeachingError`.
    func tell(_ request: SpamdRequest) throws -> SpamdAnswer {
        let header = request.header
        guard limits.allowsTell else {
            throw SpamdFault.unavailable(
                "TELL commands are not enabled, set spamd.allow_tell = true.")
        }
        guard let teacher = parts.teacher else {
            throw SpamdFault.unavailable("nothing is learnt here; see learn.enabled")
        }
        let source: LabelSource
        do throws(LabelSource.ParseError) {
            source = try LabelSource(
                .user, header.user.isEmpty ? SpamdServer.nobody : header.user)
        } catch { throw SpamdFault.malformed("(User header: \(error.reason))") }
        // Databases of others are not siftd's: nothing is done for "remote" alone.
        guard header.set.contains(.local) || header.remove.contains(.local) else {
            return .told(set: false, removed: false)
        }
        let message = MailInput.message(try request.message(limit: limits.bodyBytes))
        guard header.set.contains(.local) else {
            let lesson = try teacher.forget(message, by: source)
            return .told(set: false, removed: lesson.outcome == "forgotten")
        }
        guard let label = LabelClass(rawValue: header.messageClass) else {
            throw SpamdFault.malformed("(Message-class header is missing)")
        }
        let lesson = try teacher.teach(message, .init(label, by: source, way: .command))
        guard lesson.stored else { throw SpamdFault.unavailable(lesson.why) }
        if let verdict = (lesson.before?.verdict).flatMap(Verdict.init) {
            parts.metrics.countFeedback(label: label.rawValue, predicted: verdict)
        }
        // spamc says "already un/learned" then.
        let isNew = lesson.outcome != LabelReceipt.Outcome.alreadyKnown.rawValue
        return .told(set: isNew, removed: false)
    }
}
