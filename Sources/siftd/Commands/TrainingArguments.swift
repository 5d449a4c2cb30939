import ArgumentParser
import Foundation
import Learning
import TextCNN
import TextFeatures

/// The options of `siftd train`.
struct TrainingArguments: ParsableArguments {
    @Option(
        help: """
            What the labels are: spam (ham and spam), exclusive (one of several), several (any \
            number, joined by | in the data).
            """)
    var head = Labelling.spam
    @Option(help: "Text pipeline: default, or seed for the original seven steps.")
    var profile = "default"
    @Option(help: "Seed of all random choices.") var seed: UInt64 = 1
    @Option(help: "Passes over the training mail.") var epochs = 8
    @Option(help: "Messages per update.") var batch = 64
    @Option(help: "Peak learning rate.") var learningRate: Float = 1e-3
    @Option(help: "Decoupled weight decay.") var weightDecay: Float = 1e-4
    @Option(help: "Epochs without a better loss on dev before the run ends.") var patience = 4
    @Option(help: "Words in the vocabulary at most.") var vocabulary = 22_000
    @Option(help: "Messages a word must occur in.") var minimumFrequency = 2
    @Option(
        help: """
            Data sets over which a word must be spread, from 1. What occurs in one collection alone, \
            such as its senders' names, says little of other mail; needs several data sets.
            """)
    var minimumSpread = 1.0
    @Option(help: "Numbers per word.") var embedding = 64
    @Option(
        help: .init(
            """
            Vectors of words that were learnt from other text, to begin with instead of random \
            numbers: a text file of word2vec, GloVe or fastText, with --embedding numbers a word. \
            What the training mail says of a word then holds for words like it, too.
            """, valueName: "file"))
    var vectors: String?
    @Option(help: "Factor of the learning rate of words that began with a vector.")
    var vectorRate: Float = 0.3
    @Option(help: "Window widths, with commas.") var widths = "2,3,4,5"
    @Option(help: "Filters of each width.") var filters = 64
    @Option(help: "Units of the hidden layer; 0 for none. (default: 64, 0 for labels)")
    var hidden: Int?
    @Option(
        help: "Networks that are trained from different random starts and averaged into one.")
    var members = 1
    @Option(help: "Tokens read from the front of a longer message; the profile's by default.")
    var firstTokens: Int?
    @Option(help: "Tokens read from its end.") var lastTokens: Int?
    @Option(help: "Dropout of pooled features. (default: 0.4, 0.5 for labels)")
    var dropout: Float?
    @Option(help: "Dropout of hidden units.") var hiddenDropout: Float = 0.2
    @Option(help: "Decay of the weights' moving average; 0 for none.") var averaging: Float = 0.999
    @Option(help: "Exponent of the weight by source and label. (default: -0.5, 0 for labels)")
    var sourceWeight: Double?
    @Option(
        name: .customLong("weight"), parsing: .upToNextOption,
        help: .init("Factor of the weight of a data set's messages.", valueName: "set=factor"))
    var weights: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: .init(
            """
            Messages of doubtful label, one path a line: nothing is learnt from them, and \
            thresholds are chosen without them.
            """, valueName: "file"))
    var doubtful: [String] = []
    @Option(
        help: """
            Least probability of the tag threshold, to 0.99. What dev allows is often too low for \
            mail of other kinds.
            """)
    var leastTag = Threshold.leastTagProbability
    @Flag(
        inversion: .prefixedNo,
        help: "Score messages by segments, of which the strongest decide (spam, default profile).")
    var segments = true
    @Option(help: "Passes over segments, after those over whole messages; 0 for segments alone.")
    var segmentEpochs = 3
    @Option(
        help: """
            Tokens of a block, from 16: a segment is two neighbouring blocks. Small ones find spam \
            between other text better.
            """)
    var segmentBlock = 32
    @Option(help: "How far facts about structure and header may lower a segment's logit.")
    var factBound: Float = 2.5
    @Option(
        help: "How far facts about the layout alone may lower it: tag counts and the like.")
    var layoutBound: Float = 0.3
    @Option(
        name: .customLong("fact-group"), parsing: .upToNextOption,
        help: .init(
            """
            Data sets, with commas between, that one more network does not see; what it makes of \
            them tells how much facts about the author weigh. Give several groups that have nothing \
            in common. Without any, the network itself learns these facts.
            """, valueName: "set,set"))
    var factGroups: [String] = []
    @Option(help: "How far facts about the author may lower a message's logit, with --fact-group.")
    var authorBound: Float = 2
    @Option(
        help: """
            How many of the strongest segments decide: more find more spam where as much wanted mail \
            is called spam, fewer find more of what stands between other text.
            """)
    var segmentStrongest = 3
    @Option(help: "What a logit loses for each unit of the logarithm of the number of segments.")
    var segmentPenalty: Float = 0
    @Option(help: "Chance of leaving out the facts of a message. (default: 0.1, 0 for labels)")
    var factDropping: Float?
    @Option(help: "Chance of another message's facts in their place. (default: 0.2, 0 for labels)")
    var factSwapping: Float?
    @Option(help: "Chance of pasting ham into spam.") var pasteIntoSpam: Float?
    @Option(help: "Chance of pasting ham into ham.") var pasteIntoHam: Float?
    @Option(
        help: "Chance of leaving out links, pictures and layout. (default: 0.08, 0 for labels)")
    var markupDropping: Float?
    @Option(help: "Chance of replacing words by shapes.") var shapeReplacement: Float = 0.1
    @Option(help: "Chance of showing only a few words.") var excerpts: Float?
    @Option(
        help: """
            Weight of the linear model of words and pairs in the final score, from 0 (network only) \
            to below 1. (default: 0.4, 0 for labels)
            """)
    var linearShare: Float?
    @Option(
        help:
            "Inverse regularisation strength (C) of the linear model: larger fits mail more closely."
    )
    var linearCost: Float = 30
    @Option(help: "Buckets of the linear model, as a power of two.") var linearBits = 18
    @Flag(inversion: .prefixedNo, help: "Change messages anew in each epoch.") var augment = true

    /// - Throws: `ValidationError` that names the option.
    func options() throws -> TrainingJob.Options {
        var options = TrainingJob.Options(head)
        guard let profile = TextPipelineSpec.Profile(rawValue: profile),
            TextPipelineSpec.Profile.trainable.contains(profile)
        else {
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
        options.minimumSpread = minimumSpread
        options.embedding = embedding
        options.vectorRate = vectorRate
        options.widths = widths
        options.filters = filters
        options.hidden = hidden ?? options.hidden
        options.members = members
        options.firstTokens = firstTokens ?? options.firstTokens
        options.lastTokens = lastTokens ?? options.lastTokens
        options.sourceWeight = sourceWeight ?? options.sourceWeight
        options.augments = augment
        options.segments = segments && head == .spam
        options.segmentEpochs = segmentEpochs
        options.segmentBlock = segmentBlock
        options.factBound = factBound
        options.layoutBound = layoutBound
        options.factGroups = groups
        options.authorBound = authorBound
        options.segmentStrongest = segmentStrongest
        options.segmentPenalty = segmentPenalty
        options.setWeights = try setWeights()
        options.leastTag = leastTag
        options.doubtful = try doubtful.flatMap(TrainingArguments.paths)
        options.linear.share = linearShare ?? options.linear.share
        options.linear.cost = linearCost
        options.linear.bits = linearBits
        setTraining(&options.training)
        try check(options)
        return options
    }

    /// The word vectors, if any.
    ///
    /// - Throws: `TrainingError` when the file is none of that many numbers a word.
    func wordVectors() throws -> WordVectors? {
        let vectors = try vectors.map { try WordVectors(path: $0) }
        try vectors?.check(dimensions: embedding)
        return vectors
    }

    /// The paths that a file lists, one a line; a tab and what follows it are for readers.
    private static func paths(in file: String) throws -> [String] {
        let text = try InputFile.text(file, option: "--doubtful")
        return text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.map { line in
            String(line.prefix { $0 != "\t" })
        }
    }

    private func setWeights() throws -> [String: Double] {
        var result: [String: Double] = [:]
        for argument in weights {
            guard let equals = argument.lastIndex(of: "="),
                let factor = Double(argument[argument.index(after: equals)...]), factor >= 0,
                factor <= 1_000
            else {
                throw ValidationError(
                    "--weight is \(argument); it is SET=FACTOR, such as enron=0.2")
            }
            result[String(argument[..<equals])] = factor
        }
        return result
    }

    private func setTraining(_ training: inout TrainingOptions) {
        training.seed = seed
        training.epochs = epochs
        training.batch = batch
        training.learningRate = learningRate
        training.weightDecay = weightDecay
        training.patience = patience
        training.featureDropout = dropout ?? training.featureDropout
        training.hiddenDropout = hiddenDropout
        training.averaging = averaging
        training.pasteIntoSpam = pasteIntoSpam ?? training.pasteIntoSpam
        training.pasteIntoHam = pasteIntoHam ?? training.pasteIntoHam
        training.shapeReplacement = shapeReplacement
        training.markupDropping = markupDropping ?? training.markupDropping
        training.factDropping = factDropping ?? training.factDropping
        training.factSwapping = factSwapping ?? training.factSwapping
        training.excerpts = excerpts ?? training.excerpts
    }

    /// - Throws: `ValidationError` that names the option, its value and its range.
    private func check(_ options: TrainingJob.Options) throws {
        try OptionRange("--members", 1...16).check(members)
        try OptionRange("--first-tokens", 1...30_000).check(firstTokens ?? 1)
        try OptionRange("--last-tokens", 0...30_000).check(lastTokens ?? 0)
        try checkNetwork(options)
        try OptionRange("--segment-block", Segmentation.blocks).check(segmentBlock)
        try OptionRange("--segment-strongest", Segmentation.strongestCounts)
            .check(segmentStrongest)
        try OptionRange("--segment-penalty", Segmentation.penalties).check(segmentPenalty)
        try OptionRange("--fact-bound", Segmentation.factBounds).check(factBound)
        try OptionRange("--layout-bound", Segmentation.factBounds).check(layoutBound)
        try OptionRange("--author-bound", FactTerm.bounds).check(authorBound)
        guard factGroups.isEmpty || options.segments && options.profile == .default else {
            throw ValidationError(
                "--fact-group is for --head spam, --segments and --profile default")
        }
        try OptionRange("--linear-share", 0..<1).check(options.linear.share)
        try OptionRange("--linear-cost", above: 0).check(linearCost)
        try OptionRange("--linear-bits", LinearTerm.allowedBits).check(linearBits)
        guard minimumSpread >= 1, minimumSpread.isFinite else {
            throw ValidationError("--minimum-spread is \(minimumSpread); it is 1 or more")
        }
        // Above it `reject` could be lower.
        try OptionRange("--least-tag", 0.5...Threshold.leastRejectProbability).check(leastTag)
        try OptionRange("--vector-rate", 0...1).check(vectorRate)
        guard head == .spam || options.linear.share == 0 else {
            throw ValidationError("--linear-share is for --head spam alone")
        }
        try OptionRange("--epochs", above: 0).check(epochs)
        try OptionRange("--batch", above: 0).check(batch)
        try OptionRange("--learning-rate", above: 0).check(learningRate)
        try OptionRange("--dropout", 0..<1).check(options.training.featureDropout)
        try OptionRange("--hidden-dropout", 0..<1).check(hiddenDropout)
        try OptionRange("--averaging", 0..<1).check(averaging)
    }

    private func checkNetwork(_ options: TrainingJob.Options) throws {
        try OptionRange("--vocabulary", NetworkShape.vocabularies).check(vocabulary)
        try OptionRange("--embedding", NetworkShape.embeddings).check(embedding)
        try OptionRange("--filters", NetworkShape.filterCounts).check(filters)
        try OptionRange("--hidden", NetworkShape.hiddenUnits).check(options.hidden)
        guard NetworkShape.widthCounts.contains(options.widths.count),
            options.widths.allSatisfy(NetworkShape.windows.contains)
        else {
            throw ValidationError(
                "--widths is \(widths); it is up to \(NetworkShape.widthCounts.upperBound) numbers "
                    + "of \(NetworkShape.windows.lowerBound) to \(NetworkShape.windows.upperBound)")
        }
    }

    /// Refuses options for data sets that there are not.
    ///
    /// - Parameter sets: the names of the data sets.
    /// - Throws: `ValidationError` that names the option and the set.
    func checkNames(of sets: [String]) throws {
        func check(_ option: String, _ names: [String]) throws {
            for name in names where !sets.contains(name) {
                throw ValidationError(
                    "\(option) names the data set \(name), which --data lacks; its sets are "
                        + sets.joined(separator: ", "))
            }
        }
        try check("--weight", setWeights().keys.sorted())
        try check("--fact-group", groups.flatMap(\.self))
    }

    private var groups: [[String]] {
        factGroups.map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }
}

extension Labelling: ExpressibleByArgument {}
