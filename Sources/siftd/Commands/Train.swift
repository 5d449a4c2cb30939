import ArgumentParser
import Corpora
import Foundation
import Learning
import Models
import TextCNN
import TextFeatures

struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on labelled mail.",
        discussion: """
            PATH is a directory with sub-directories ham/ and spam/, an archive of such, a CSV file \
            with columns label and text, an mbox file or a Maildir, compressed or not; PATH=ham and \
            PATH=spam give the label. Files that are no mail are named and left out. Split files have lines path<TAB>label<TAB>train|dev|test; without one, \
            messages are divided 80/10/10. The same data, options and seed give the same weights.
            """)

    @Option(
        name: .long, parsing: .upToNextOption,
        help: .init("Labelled mail.", valueName: "path[=label]"))
    var data: [String]
    @Option(name: .long, parsing: .upToNextOption, help: .init("Fixed parts.", valueName: "file"))
    var split: [String] = []
    @Option(
        help: .init(
            "New directory for the model; may be left out with --keep-reservoir, which then is all.",
            valueName: "dir"))
    var output: String?
    @Option(
        help: """
            Train this many times, first with the given options, then with random ones for the \
            network's size, rates and augmentation; print how each does on dev, keep the best.
            """)
    var tune: Int?
    @Option(
        help: .init(
            """
            Also write a sample of the training mail, tokens only, for learning on site; what the \
            licence of the mail forbids to pass on stays forbidden.
            """, valueName: "file"))
    var keepReservoir: String?
    @Option(help: "Messages of that sample.") var reservoirSize = 5_000
    @Option(
        help: .init(
            """
            Measures of sources left out, for report and card: lines of set, ham, tagged ham, spam, \
            tagged spam, with tabs.
            """, valueName: "file"))
    var leftOut: String?
    @OptionGroup var unreadable: UnreadableOption
    @OptionGroup(title: "Training") var arguments: TrainingArguments

    func run() async throws {
        try await SystemExit.reporting {
            let options = try arguments.options()
            if let tune, tune < 1 { throw ValidationError("--tune is \(tune); it is 1 or more") }
            guard (1...Train.largestReservoir).contains(reservoirSize) else {
                throw ValidationError(
                    "--reservoir-size is \(reservoirSize); it is 1 to \(Train.largestReservoir)")
            }
            guard keepReservoir == nil || options.profile == .default else {
                throw ValidationError("--keep-reservoir is for the default profile alone")
            }
            let mail = self.data.map(Corpus.init(argument:))
            try arguments.checkNames(of: mail.map(\.name))
            if let output { try ModelBundle.checkIsFree(output) }
            guard output != nil || keepReservoir != nil else {
                throw ValidationError("--output names the model's new directory")
            }
            let leftOutMeasures = try leftOut.map(Train.measures) ?? []
            let vectors = try arguments.wordVectors()
            let progress = ProgressLine()
            let data = try TrainingJob(options, version: Siftd.version).read(
                mail, splits: SplitFile(paths: split), unreadable: unreadable.files
            ) { Train.show($0, progress) }
            // Before training, so that a path that can't be written costs nothing.
            try writeReservoir(of: data, seed: options.training.seed)
            guard let output else { return progress.finish() }
            let trial = try best(options, data, leftOutMeasures, vectors, progress)
            progress.finish()
            try trial.bundle.write(to: output)
            if let test = trial.test { print(test) }
            print("model \(trial.bundle.configuration.id) written to \(output)")
        }
    }

    /// A larger sample would be the training mail itself.
    private static let largestReservoir = 100_000

    private func writeReservoir(of data: DataSet, seed: UInt64) throws {
        guard let keepReservoir else { return }
        let reservoir = data.reservoir(size: reservoirSize, seed: seed)
        let bytes = reservoir.encoded
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: keepReservoir), options: .atomic)
        } catch {
            throw FileError(
                .notWritable, path: keepReservoir,
                reason: "can't be written: \(error.systemWords)")
        }
        print(
            "reservoir of \(reservoir.messages.count) messages, \(bytes.count) bytes, written to "
                + keepReservoir)
    }

    private static func measures(in file: String) throws -> [LeftOutMeasures] {
        let text = try InputFile.text(file, option: "--left-out")
        return try text.split(whereSeparator: \.isNewline).enumerated().map { number, line in
            guard let measures = LeftOutMeasures(line: line) else {
                throw ValidationError(
                    "\(file) line \(number + 1) is not a set and four numbers with tabs between")
            }
            return measures
        }
    }

    private func best(
        _ options: TrainingJob.Options, _ data: DataSet, _ leftOut: [LeftOutMeasures],
        _ vectors: WordVectors?, _ progress: ProgressLine
    ) throws -> RandomSearch.Trial {
        try RandomSearch(around: options, count: tune ?? 1).run { options in
            var options = options
            // The search varies it, but vectors have the length that they have.
            if let vectors { options.embedding = vectors.dimensions }
            let job = TrainingJob(
                options, version: Siftd.version, leftOut: leftOut, vectors: vectors)
            return try job.run(on: data, date: Date()) { Train.show($0, progress) }
        } finished: { number, trial in
            guard tune != nil else { return }
            progress.note("trial \(number + 1): " + (trial?.line ?? "diverged"))
        }
    }

    private static func show(_ event: TrainingJob.Event, _ progress: ProgressLine) {
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
