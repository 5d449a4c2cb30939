import Corpora
import Foundation
import Learning
import Models
import TextCNN

/// A model small enough to be trained inside a test.
///
/// It distinguishes offers of pills from talk of meetings.
public enum TinyModel {
    private static let spamWords = [
        "cheap", "pills", "viagra", "discount", "offer", "winner", "prize", "click", "free",
        "casino",
    ]
    private static let hamWords = [
        "meeting", "agenda", "minutes", "project", "report", "lunch", "train", "review", "patch",
        "thanks",
    ]

    /// Text with a label; the same number gives the same text.
    public static func text(_ label: Label, _ number: Int) -> String {
        var random = RandomSource(seed: UInt64(number) &* 2 &+ (label == .spam ? 1 : 0))
        let words = label == .spam ? spamWords : hamWords
        let text = (0..<12).map { _ in
            random.nextUniform() < 0.3
                ? ["the", "and", "you", "for", "with"][random.nextIndex(below: 5)]
                : words[random.nextIndex(below: words.count)]
        }
        return "Subject: \(text[0]) \(text[1])\n\n\(text.joined(separator: " "))\n"
    }

    /// A raw message with such a text.
    public static func message(_ label: Label, _ number: Int) -> [UInt8] {
        let header =
            "From: Someone <someone@example.net>\r\nTo: inbox@example.org\r\n"
            + "Message-ID: <\(number)@example.net>\r\n"
        let text = TinyModel.text(label, number).replacingOccurrences(of: "\n", with: "\r\n")
        return Array((header + text).utf8)
    }

    /// Options that train in well under a second.
    public static var options: TrainingJob.Options {
        var options = TrainingJob.Options()
        options.vocabulary = 100
        options.embedding = 8
        options.widths = [2, 3]
        options.filters = 8
        options.hidden = 4
        // Segments alone: so few words need no look at whole messages first.
        options.segmentEpochs = 0
        options.training.epochs = 12
        options.training.batch = 16
        options.training.learningRate = 0.02
        options.training.warmUpUpdates = 5
        options.training.patience = 12
        return options
    }

    /// Writes labelled data as a CSV file and trains on it.
    public static func train(
        in folder: TemporaryFolder, options: TrainingJob.Options = TinyModel.options,
        vectors: WordVectors? = nil
    ) throws -> ModelBundle {
        var csv = "label,text\n"
        for number in 0..<200 {
            for label in Label.allCases {
                csv += "\(label.rawValue),\"\(text(label, number))\"\n"
            }
        }
        let path = try folder.write("tiny.csv", csv)
        return try TrainingJob(options, version: "test", vectors: vectors).run(
            [Corpus(argument: path)], splits: SplitFile(), date: Date(timeIntervalSince1970: 0)
        ) { _ in }.bundle
    }

    /// The tiny model, trained once for all tests of a process.
    public static let shared: Result<ModelBundle, any Error> = Result {
        try train(in: TemporaryFolder())
    }
}
