import ArgumentParser
import Foundation
import Learning
import TextCNN
import TextFeatures

struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on labelled mail.",
        discussion: """
            PATH is a directory with sub-directories ham/ and spam/, an archive of such, a CSV file \
            (.gz too) with columns label and text, an mbox file or a Maildir; PATH=ham and PATH=spam \
            give the label. Split files have lines path<TAB>label<TAB>train|dev|test; without one, \
            messages are divided 80/10/10. The same data, options and seed give the same weights.
            """)

    @Option(
        name: .long, parsing: .upToNextOption,
        help: .init("Labelled mail.", valueName: "path[=label]"))
    var data: [String]
    @Option(name: .long, parsing: .upToNextOption, help: .init("Fixed parts.", valueName: "file"))
    var split: [String] = []
    @Option(help: .init("New directory for the model.", valueName: "dir"))
    var output: String
    @Option(help: "Text pipeline: default, or seed for the original seven steps.")
    var profile = "default"
    @Option(help: "Seed of all random choices.") var seed: UInt64 = 1
    @Option(help: "Passes over the training mail.") var epochs = 6
    @Option(help: "Messages per update.") var batch = 64
    @Option(help: "Peak learning rate.") var learningRate: Float = 1e-3
    @Option(help: "Decoupled weight decay.") var weightDecay: Float = 1e-4
    @Option(help: "Epochs without progress on dev before the run ends.") var patience = 3
    @Option(help: "Words in the vocabulary at most.") var vocabulary = 30_000
    @Option(help: "Messages a word must occur in.") var minimumFrequency = 2
    @Option(help: "Numbers per word.") var embedding = 64
    @Option(help: "Window widths, with commas.") var widths = "2,3,4,5"
    @Option(help: "Filters of each width.") var filters = 128
    @Option(help: "Units of the hidden layer; 0 for none.") var hidden = 64
    @Option(
        help: "Networks that are trained from different random starts and averaged into one.")
    var members = 1
    @Option(help: "Tokens read from the front of a longer message; the profile's by default.")
    var firstTokens: Int?
    @Option(help: "Tokens read from its end.") var lastTokens: Int?
    @Option(help: "Dropout of pooled features.") var dropout: Float = 0.4
    @Option(help: "Dropout of hidden units.") var hiddenDropout: Float = 0.2
    @Option(help: "Decay of the weights' moving average; 0 for none.") var averaging: Float = 0.999
    @Option(help: "Exponent of the weight by source and label.") var sourceWeight = -0.5
    @Option(help: "Chance of pasting ham into spam.") var pasteIntoSpam: Float = 0.2
    @Option(help: "Chance of pasting ham into ham.") var pasteIntoHam: Float = 0.1
    @Option(help: "Chance of replacing words by shapes.") var shapeReplacement: Float = 0.1
    @Option(help: "Chance of showing only a few words.") var excerpts: Float = 0.1
    @Flag(inversion: .prefixedNo, help: "Change messages anew in each epoch.") var augment = true

    func run() async throws {
        try await SystemExit.reporting {
            let options = try jobOptions()
            guard !FileManager.default.fileExists(atPath: output) else {
                throw ModelBundle.LoadError(
                    path: output, reason: "exists already; name another directory")
            }
            let progress = ProgressLine()
            let (bundle, test) = try TrainingJob(options, version: Siftd.version).run(
                data.map(Corpus.init(argument:)), splits: SplitFile(paths: split), date: Date()
            ) { Train.tell($0, progress) }
            progress.finish()
            try bundle.write(to: output)
            if let test { print(test.table) }
            print("model \(bundle.configuration.id) written to \(output)")
        }
    }

    private func jobOptions() throws -> TrainingJob.Options {
        var options = TrainingJob.Options()
        guard let profile = TextPipelineSpec.Profile(rawValue: profile) else {
            throw ValidationError("--profile is \(profile); it is default or seed")
        }
        let widths = try self.widths.split(separator: ",", omittingEmptySubsequences: false).map {
            guard let width = Int($0) else {
                throw ValidationError("--widths is \(self.widths); it is numbers such as 2,3,4")
            }
            return width
        }
        options.profile = profile
        options.vocabulary = vocabulary
        options.minimumFrequency = minimumFrequency
        options.embedding = embedding
        options.widths = widths
        options.filters = filters
        options.hidden = hidden
        options.members = members
        options.firstTokens = firstTokens
        options.lastTokens = lastTokens
        options.sourceWeight = sourceWeight
        options.augments = augment
        options.training.seed = seed
        options.training.epochs = epochs
        options.training.batch = batch
        options.training.learningRate = learningRate
        options.training.weightDecay = weightDecay
        options.training.patience = patience
        options.training.featureDropout = dropout
        options.training.hiddenDropout = hiddenDropout
        options.training.averaging = averaging
        options.training.pasteIntoSpam = pasteIntoSpam
        options.training.pasteIntoHam = pasteIntoHam
        options.training.shapeReplacement = shapeReplacement
        options.training.excerpts = excerpts
        guard members > 0, (firstTokens ?? 1) > 0, (lastTokens ?? 0) >= 0 else {
            throw ValidationError(
                "members and first tokens must be above 0, last tokens not below 0")
        }
        let shape = NetworkShape(
            vocabulary: vocabulary, embedding: embedding * members, widths: widths,
            filters: filters * members, hidden: hidden * members)
        if let defect = shape.defect { throw ValidationError("\(defect), which can't be") }
        guard epochs > 0, batch > 0, learningRate > 0, (0..<1).contains(dropout),
            (0..<1).contains(hiddenDropout), (0..<1).contains(averaging)
        else {
            throw ValidationError(
                "epochs, batch and learning rate must be above 0, dropout and averaging from 0 to "
                    + "below 1")
        }
        return options
    }

    private static func tell(_ event: TrainingJob.Event, _ progress: ProgressLine) {
        switch event {
        case .reading(let messages): progress.show("reading: \(messages) messages")
        case .encoded(let train, let dev, let test, let vocabulary):
            progress.note(
                "\(train) train, \(dev) dev, \(test) test messages; \(vocabulary) tokens")
        case .training(let fraction, let epoch, let loss):
            progress.bar(fraction, "epoch \(epoch) loss \(format(loss))")
        case .epoch(let report):
            progress.note(
                "epoch \(report.epoch): train loss \(format(report.trainLoss)), dev loss "
                    + "\(format(report.devLoss)), \(Int(report.seconds.rounded())) s")
        }
    }

    private static func format(_ value: Double) -> String {
        String(format: "%.4f", value)
    }
}
