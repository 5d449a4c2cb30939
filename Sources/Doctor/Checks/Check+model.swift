import FilterPolicy
import MailText
import Models
import Scoring
import Settings
import SiftdDaemon

extension Check {
    /// The model loads, the daemon's user may read it, and it knows the samples.
    @Sendable static func model(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        let directory = Paths.model(settings.modelDirectory)
        let model: ModelUnderTest
        switch site.loadModel(settings) {
        case .failure(let error):
            return [
                Finding(
                    "model", .failure, "\(error)",
                    remedy:
                        "name a model in model.directory, train one (siftd train), or install the "
                        + "starter model")
            ]
        case .success(let loaded): model = ModelUnderTest(loaded)
        }
        var findings = [Finding("model", .ok, "\(model.id) loads (\(directory))")]
        let configuration = "\(directory)/config.json"
        if let obstacle = site.files.obstacle(to: configuration, .read, for: site.daemonUser) {
            findings.append(
                Finding(
                    "model", .failure, obstacle,
                    remedy: "let user \(site.daemonUser.name) read \(directory) and what is in it"))
        }
        let ham = model.verdict(of: Sample.ham, settings)
        let spam = model.verdict(of: Sample.spam, settings)
        if ham == .spam {
            findings.append(
                Finding(
                    "model", .failure, "it takes an everyday message for spam",
                    remedy: "policy.tag_threshold may be too low, or the model not fit for mail"))
        } else if spam != .spam {
            let word = spam?.rawValue ?? "not judged"
            findings.append(
                Finding(
                    "model", .warning, "it does not take a plain spam for spam, but for \(word)",
                    remedy: "policy.tag_threshold may be too high; siftd explain says what it saw"))
        } else {
            findings.append(Finding("model", .ok, "it knows ham and spam of two samples"))
        }
        return findings
    }
}

/// Two messages that every filter of English mail must tell apart.
enum Sample {
    /// A wanted message.
    static let ham = """
        From: Anna Berger <anna@example.org>
        To: team@example.org
        Subject: Minutes of Tuesday's meeting
        Date: Tue, 10 Nov 2026 16:12:00 +0100
        Message-ID: <doctor-ham@example.org>

        Hi all,

        thanks for coming on Tuesday. The minutes are in the project folder, and Peter will send
        the figures for the report by Friday. Please tell me if I have forgotten something.

        The next meeting is on the 24th at ten, in the small room on the second floor.

        Best regards
        Anna

        """

    /// An unwanted one.
    static let spam = """
        From: "Rx Discount" <offer@pharm.example.net>
        To: you@example.org
        Subject: Cheap Viagra and Cialis - 80% off, no prescription needed!!!
        Date: Tue, 10 Nov 2026 16:12:00 +0100
        Message-ID: <doctor-spam@pharm.example.net>

        Dear customer,

        buy cheap Viagra, Cialis and Levitra online without prescription! Save up to 80% on all
        pills today only. Free shipping worldwide, discreet packaging, money back guarantee.

        Click here to order now: http://pharm.example.net/order

        Limited time offer - act now! Make her happy tonight, 100% satisfaction guaranteed.

        To unsubscribe click here: http://pharm.example.net/remove

        """
}

/// A model as it judges here.
private struct ModelUnderTest {
    let id: String
    private let judge: Judge

    init(_ model: ScoringModel) {
        id = model.id
        judge = Judge(model: model, pool: ScoringPool())
    }

    /// Nil when the message can't be scored.
    func verdict(of message: String, _ settings: SiftdSettings) -> Verdict? {
        let classifier = Classifier(judge: judge, policy: settings.policy)
        guard case .success(let answer) = classifier.classify(.message(Array(message.utf8))),
            case .verdict(let verdict) = answer.finding
        else { return nil }
        return verdict
    }
}
