// Learning on site, measured prequentially: every message of a stream is scored, then its label is
// told as the feedback says.
//
//   learning MODEL RESERVOIR CORPORA [OPTION...]
//
// MODEL and RESERVOIR come from `siftd train --keep-reservoir`, without the data sets of the
// streams. With `--base enron,lingspam,…` a RESERVOIR that does not exist is made of these sets'
// train parts. CORPORA is the folder of the labelled mail. Options:
//   --streams recent,made,trec    --trec N     first messages of trec07p (6000)
//   --parts train,dev,test        parts of the split files; choose options without test
//   --anchors N  --ham-weight X  --upper X  --rate X
//   --errors                      names the wrong verdicts of the second halves, every label told
//   --write FOLDER                writes streams for bogofilter.py instead

import Corpora
import Foundation
import Learning
import Models
import SiteLearning
import TextCNN
import TextFeatures

let arguments = CommandLine.arguments
guard arguments.count > 3 else {
    print("usage: learning MODEL RESERVOIR CORPORA [OPTION...]")
    exit(64)
}
func option(_ name: String) -> String? {
    arguments.firstIndex(of: "--\(name)").flatMap { arguments.dropFirst($0 + 1).first }
}
let model = try ScoringModel(directory: arguments[1])
guard let secret = SiteSecret(Array(0..<16)) else { exit(70) }
let pipeline = try TextPipeline(.standard)
let streamReader = StreamReader(
    corpora: arguments[3],
    reader: BenchReader(model: model, secret: secret, pipeline: pipeline),
    parts: Set(
        (option("parts") ?? "train,dev,test").split(separator: ",").compactMap {
            DataSplit(rawValue: String($0))
        }))

var options = SiteLearningOptions()
options.anchors = option("anchors").flatMap(Int.init) ?? options.anchors
options.hamWeight = option("ham-weight").flatMap(Double.init) ?? options.hamWeight
options.upperBound = option("upper").flatMap(Double.init) ?? options.upperBound
options.rate = option("rate").flatMap(Double.init) ?? options.rate
if let defect = options.defect {
    print(defect)
    exit(64)
}

/// The anchors of a reservoir, scored by the model.
func anchors(_ path: String) throws -> AnchorReservoir {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let start = ContinuousClock.now
    let reservoir = try Reservoir(encoded: Array(bytes))
    let messages = reservoir.messages.prefix(AnchorReservoir.recommendedCount)
    let calibration = model.bundle.calibration
    let anchors = messages.map { message in
        let ids = model.pipeline.ids(of: message.tokens, in: model.vocabulary)
        return AnchorReservoir.Anchor(
            features: SiteFeatures(
                tokens: message.tokens, sender: SenderIdentity(), secret: secret),
            label: message.label == "spam" ? .spam : .ham,
            logit: Float(
                calibration.scale * Double(model.score(ids).logits[0]) + calibration.offset))
    }
    print(
        "reservoir: \(reservoir.messages.count) messages, \(bytes.count) bytes; "
            + "\(anchors.count) anchors ready after "
            + "\(Int((ContinuousClock.now - start) / .milliseconds(1))) ms")
    return AnchorReservoir(anchors)
}

func streams() throws -> [[MailStream]] {
    var result: [[MailStream]] = []
    for name in (option("streams") ?? "recent,made,trec").split(separator: ",") {
        switch name {
        case "recent": result.append([try streamReader.recent()])
        case "made": result.append(try streamReader.made(3))
        case "trec":
            result.append([try streamReader.trec(option("trec").flatMap(Int.init) ?? 6_000)])
        default: print("there is no stream \(name)")
        }
    }
    return result
}

/// The streams as files, with the random numbers of the feedback.
func write(_ stream: MailStream, to folder: String) throws {
    let directory = "\(folder)/\(stream.name)"
    try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    var random = RandomSource(seed: 1)
    let groups = campaigns(stream.messages)
    var lines = ""
    for (index, message) in stream.messages.enumerated() {
        try Data(message.raw).write(to: URL(fileURLWithPath: "\(directory)/\(index)"))
        let chance = random.nextUniform()
        let delay = -log(1 - Double(random.nextUniform()))
        lines +=
            "\(index)\t\(message.isSpam ? "spam" : "ham")\t\(chance)\t\(delay)\t"
            + "\(message.senderKey)\t\(groups[index])\n"
    }
    try lines.write(toFile: "\(directory)/index.tsv", atomically: true, encoding: .utf8)
}

func show(_ runs: [Prequential], _ feedback: Feedback) {
    func rates(_ ranges: [Range<Int>]) -> String {
        var ham = Prequential.Share()
        var spam = Prequential.Share()
        for (run, range) in zip(runs, ranges) {
            let (one, other) = run.rates(range)
            ham = ham + one
            spam = spam + other
        }
        return "\(ham.percent)/\(spam.percent)"
    }
    let area = runs.map { oneMinusROCA($0.scores) }.reduce(0, +) / Double(runs.count)
    let labels = runs.map(\.labels).reduce(0, +) / runs.count
    let whole = rates(runs.map { 0..<$0.scores.count })
    let half = rates(runs.map { ($0.scores.count / 2)..<$0.scores.count })
    let blocks = Prequential.blocks.map { block in rates(runs.map { _ in block }) }
    let again = runs.map(\.wrongAgain).reduce(Prequential.Share(), +)
    let missed = runs.map(\.missedRepeats).reduce(Prequential.Share(), +)
    let scored = Double(runs.map(\.scores.count).reduce(0, +))
    let told = Double(max(1, runs.map(\.labels).reduce(0, +)))
    print(
        "| \(feedback.rawValue) | \(labels) | \(String(format: "%.3f", area)) | \(whole) | \(half) | "
            + blocks.joined(separator: " · ") + " | \(again.text) | \(missed.text) | "
            + String(
                format: "%.2f | %.0f |", 1e6 * runs.map(\.scoreTime).reduce(0, +) / scored,
                1e6 * runs.map(\.labelTime).reduce(0, +) / told))
}

if let sets = option("base")?.split(separator: ","),
    !FileManager.default.fileExists(atPath: arguments[2])
{
    let data = try TrainingJob(TrainingJob.Options(), version: "").read(
        sets.map { set in
            let path = "\(arguments[3])/\(set)"
            let isTable = FileManager.default.fileExists(atPath: "\(path).csv.gz")
            return Corpus(argument: path + (isTable ? ".csv.gz" : ".tar.zst"))
        }, splits: SplitFile(paths: sets.map { "\(arguments[3])/\($0).split.tsv" })
    ) { _ in }
    try Data(data.reservoir(size: 5_000, seed: 1).encoded)
        .write(to: URL(fileURLWithPath: arguments[2]))
}
/// How long a restart takes: all labels of a stream replayed, and the same from the cache.
@MainActor func showRestart(_ stream: MailStream) throws {
    let labels = stream.messages.enumerated().map { index, message in
        SiteLabel(
            number: Int64(index), label: message.isSpam ? .spam : .ham,
            logit: Float(message.logit), features: message.features)
    }
    let start = ContinuousClock.now
    let learner = try SiteLearner(replaying: labels, options: options, anchors: base)
    let replayed = ContinuousClock.now
    let bytes = learner.cache(revision: 0)
    let written = ContinuousClock.now
    _ = try SiteLearner(cache: bytes, options: options, anchors: base, revision: 0)
    let end = ContinuousClock.now
    func milliseconds(_ time: Duration) -> String {
        String(format: "%.0f ms", time / .milliseconds(1))
    }
    print(
        "\(labels.count) labels replayed in \(milliseconds(replayed - start)); cache of "
            + "\(bytes.count) bytes made in \(milliseconds(written - replayed)), read in "
            + "\(milliseconds(end - written))")
}

let base = try anchors(arguments[2])
for draws in try streams() {
    if let folder = option("write") {
        for stream in draws { try write(stream, to: folder) }
        continue
    }
    let all = draws.flatMap(\.messages)
    let spams = all.count { $0.isSpam }
    let identity = all.map(\.identityTime).sorted()
    let typical = all.filter { (225..<245).contains($0.tokens) }.map(\.hashTime).sorted()
    print(
        "\n\(draws.map(\.name).joined(separator: ", ")): \(all.count - spams) ham, \(spams) spam; "
            + String(format: "%.1f µs for an identity", 1e6 * identity[identity.count / 2])
            + (typical.isEmpty
                ? ""
                : String(
                    format: ", %.1f µs to hash about 235 tokens", 1e6 * typical[typical.count / 2]))
    )
    if let stream = draws.first { try showRestart(stream) }
    print(
        "| feedback | labels | 1-ROCA % | FPR/recall % | second half | messages 0-50 · -100 · "
            + "-200 · -500 · rest | ham wrong again | repeats missed | µs a score | µs a label |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    let groups = draws.map { campaigns($0.messages) }
    for feedback in Feedback.allCases {
        let runs = try zip(draws, groups).map { stream, groups in
            try Prequential(
                stream.messages, campaigns: groups, feedback, options: options, anchors: base,
                seed: 1)
        }
        show(runs, feedback)
        guard feedback == .all, arguments.contains("--errors") else { continue }
        for (stream, run) in zip(draws, runs) {
            for index in (run.scores.count / 2)..<run.scores.count {
                let (score, isSpam) = run.scores[index]
                guard (score >= Prequential.tagLogit) != isSpam else { continue }
                let message = stream.messages[index]
                let before = stream.messages[..<index].filter { $0.senderKey == message.senderKey }
                print(
                    "\(isSpam ? "missed" : "false positive") \(message.path): model "
                        + String(format: "%.1f, with layer %.1f", message.logit, score)
                        + ", \(before.count { !$0.isSpam }) ham and \(before.count(where: \.isSpam))"
                        + " spam of \(message.senderKey) before")
            }
        }
    }
}
