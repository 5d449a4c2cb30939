// How much of the spam that a model finds it still finds when words are hidden.
//
//   obfuscation MODEL CORPORA [dev|test] [FOLDER]
//   obfuscation MODEL CORPORA dev|test --padding [FOLDER] [--left-out SET,SET]
//
// With --padding spam is sent as a bare message, with other people's text around it and in the
// layout of newsletters, see PaddingTest. With --left-out it is also padded with ham of sets that
// the model was trained without. Exit code 1 when less is kept, or more bare ham called spam, than
// a model may.
// With FOLDER the changed messages are also written there, one folder a trick, for other filters.
// CORPORA is the folder with the shared sets. Spam is taken from the raw sets' part (test unless
// said otherwise), ham to pad with from dev. Each trick is applied to every spam that is found when
// rebuilt without a trick; the figure is the share still at or above the tag threshold.

import Corpora
import FilterTestKit
import Foundation
import Learning
import MailText
import Models
import Scoring
import TextCNN

guard CommandLine.arguments.count >= 3 else {
    print("usage: obfuscation MODEL CORPORA [dev|test]")
    exit(64)
}
let model = try ScoringModel(directory: CommandLine.arguments[1])
let folder = CommandLine.arguments[2]
let wanted = CommandLine.arguments.count > 3 ? DataSplit(rawValue: CommandLine.arguments[3]) : .test
let tag = model.tagThreshold ?? 0.9
let arguments = CommandLine.arguments.dropFirst(4)
if arguments.first == "--padding" {
    var options = arguments.dropFirst()
    var leftOut: [String] = []
    if let place = options.firstIndex(of: "--left-out"), place + 1 < options.endIndex {
        leftOut = options[place + 1].split(separator: ",").map(String.init)
        options.removeSubrange(place...place + 1)
    }
    let test = try PaddingTest(folder: folder, part: wanted ?? .test, leftOut: leftOut)
    if let target = options.first { try test.write(to: target) }
    let shortfalls = PaddingTable(model: model, tag: tag).show(test)
    for shortfall in shortfalls { print("falls short: \(shortfall)") }
    exit(shortfalls.isEmpty ? 0 : 1)
}
let perSet = 150
let output = arguments.first.map { URL(fileURLWithPath: $0) }

/// Writes one message where another filter can read it.
func write(_ message: [UInt8], trick: String, number: Int) throws {
    guard let output else { return }
    let folder = output.appendingPathComponent(trick.replacingOccurrences(of: "/", with: "-"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let name = String(format: "%04d.eml", number)
    try Data(message).write(to: folder.appendingPathComponent(name))
}

func isFound(_ message: [UInt8]) -> Bool {
    model.score(model.ids(of: MailContent(message: message))).probability >= tag
}

var spam: [Carrier] = []
var ham: [String] = []
for set in ["spamassassin", "trec07p", "modern-spam", "recent-2025"] {
    let split = try SplitFile(paths: ["\(folder)/\(set).split.tsv"])
    var taken = 0
    try Corpus(argument: "\(folder)/\(set).tar.zst").forEach { message in
        guard let entry = split.entry(set: message.set, path: message.path) else { return }
        if entry.label == "spam", entry.part == wanted, taken < perSet,
            let carrier = Carrier(message)
        {
            spam.append(carrier)
            taken += 1
        } else if entry.label == "ham", entry.part == .dev, ham.count < 400,
            let carrier = Carrier(message), carrier.plainText.utf8.count > 300
        {
            ham.append(carrier.plainText)
        }
    }
}
let plain = spam.filter { isFound($0.message()) }
for (number, carrier) in plain.enumerated() {
    try write(carrier.message(), trick: Obfuscation.none.name, number: number)
}
print("\(spam.count) spam, \(plain.count) found without a trick; model \(model.id)")
print("| trick | still found | goal |\n|---|---|---|")
for trick in Obfuscation.all {
    var random = RandomSource(seed: 1)
    var found = 0
    for (number, carrier) in plain.enumerated() {
        let other = ham[random.nextIndex(below: ham.count)]
        let message = trick.apply(carrier, other, &random)
        try write(message, trick: trick.name, number: number)
        if isFound(message) { found += 1 }
    }
    let share = Double(found) / Double(max(plain.count, 1))
    print(
        "| \(trick.name) | \(String(format: "%.3f", share)) | \(trick.keepsText ? "0.97" : "-") |")
}
