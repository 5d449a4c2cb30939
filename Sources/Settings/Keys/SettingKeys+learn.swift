import SiteLearning
import SiteMemory

extension SettingKey {
    /// How a site learns from its people.
    static let learn = [
        SettingKey.flag(
            "learn", "enabled", \.learn.isOn,
            "Whether siftd learns from the labels that people give to messages."
        ).restarting,
        .text(
            "learn", "directory", \.learn.directory,
            """
            Where labels are kept. "" takes /var/lib/siftd/learn if /var/lib/siftd is there; without
            it nothing is learnt.
            """, check: { try absolutePath($0.string()) }
        ).restarting,
        .text(
            "learn", "socket", \.learn.socket,
            """
            The socket through which `siftd learn` talks to the daemon; who may open it may teach.
            "" takes /run/siftd/control.sock if /run/siftd is there.
            """, check: { try absolutePath($0.string()) }
        ).restarting,
        .choice(
            "learn", "keep", \.learn.keeping,
            """
            What is kept of a labelled message besides hashes of its words: "tokens", which
            retraining needs and from which the text can be guessed, or "nothing".
            """),
        .integer(
            "learn", "history", \.learn.historyLimit, in: 0...10_000_000,
            "Recent verdicts that can still be corrected, without content; 4 KB each."
        ).restarting,
        .integer(
            "learn", "daily_quota", \.learn.dailyQuota, in: 0...1_000_000,
            """
            Labels of one person and class that count at once within a day. Further ones wait until
            somebody else agrees or an admin confirms them. Admins and traps have no quota.
            """
        ).restarting,
        .number(
            "learn", "upper_bound", \.learn.layer.upperBound, in: 2...8,
            """
            The most that labels may add to a message's log-odds of spam: with 6, no report can tag
            a message that the model gives less than 0.02. A message that is nearly the same as one
            marked as spam may get 2 more.
            """
        ).restarting,
        .number(
            "learn", "ham_weight", \.learn.layer.hamWeight, in: 0.1...10,
            "How much a label ham counts; 2 has fewer false positives and finds a little less spam."
        ).restarting,
        .text(
            "learn", "reservoir", \.learn.reservoir,
            """
            Base mail that is learnt beside each label and in retraining, made by
            `siftd train --keep-reservoir`. "" takes the one that came with siftd.
            """, check: { try absolutePath($0.string()) }
        ).restarting,
        .list(
            "learn", "traps", \.learn.traps,
            "Addresses that receive only spam: mail to one of them alone is learnt as spam.",
            entry: trap, show: { $0 }),
        .flag(
            "learn", "replies", \.learn.learnsFromReplies,
            "Whether a message that a logged-in user answers counts as wanted."),
        .number(
            "learn", "reply_weight", \.learn.replyWeight, in: 0.01...1,
            "How much such an answer counts; a person's word counts 1."),
        .integer(
            "learn", "retrain_after", \.learn.retrainAfter, in: 0...1_000_000,
            "New labels after which the model is retrained; 0 for never."),
        .integer(
            "learn", "retrain_every", \.learn.retrainEvery, in: 0...365,
            """
            Days after the last retraining at which it is retrained if there are new labels, however
            few; 0 for never.
            """),
        SettingKey(
            section: "learn", name: "retrain_at",
            comment: "The time of day at which the days of retrain_every are over, local time.",
            read: { $0.learn.retrainAt = try timeOfDay($1.string()) },
            show: { Shown.text($0.learn.retrainAt.description) }),
        .number(
            "learn", "shadow_hours", \.learn.shadowHours, in: 0...8_760,
            """
            Hours for which a retrained model that the guard accepts scores a share of the mail
            beside the current one, behind the messages, before it is put in force; 0 for at once.
            """),
        .number(
            "learn", "shadow_share", \.learn.shadowShare, in: 0.01...1,
            "The share of the mail that it scores. It goes on until both have judged 100 messages."
        ),
        .number(
            "learn", "shadow_max_changes", \.learn.shadowMaxChanges, in: 0...1,
            "The share of messages with different verdicts beyond which it is not put in force."),
        .number(
            "learn", "shadow_max_new_spam", \.learn.shadowMaxNewSpam, in: 0...1,
            "The share of messages that it alone calls spam beyond which it is not put in force."),
        .text(
            "learn", "registry", \.learn.registry,
            """
            Where the versions of the model are. "" takes /var/lib/siftd/models. A retrained model
            serves if model.directory is "", or the link "active" of this directory.
            """, check: { try absolutePath($0.string()) }),
        .number(
            "learn", "max_accuracy_drop", \.learn.maxAccuracyDrop, in: 0...1,
            "By how much the accuracy of a retrained model may be below the current one's."),
        .number(
            "learn", "max_false_positive_rise", \.learn.maxFalsePositiveRise, in: 0...1,
            "By how much its share of wanted mail that is called spam may be above."),
    ]

    static func absolutePath(_ path: String) throws -> String {
        guard path.isEmpty || path.hasPrefix("/") else {
            throw ValueError("is \"\(path)\"; paths begin with /")
        }
        return path
    }

    private static func timeOfDay(_ text: String) throws -> TimeOfDay {
        guard let time = TimeOfDay(text) else {
            throw ValueError("is \"\(text)\"; give hours and minutes, such as \"03:00\"")
        }
        return time
    }

    private static func trap(_ address: String) throws -> String {
        guard address.contains("@"), !address.contains(" ") else {
            throw ValueError("holds \"\(address)\", which is no address")
        }
        return address.lowercased()
    }
}
