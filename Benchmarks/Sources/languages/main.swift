// What a model marks as spam, by the language of the message.
//
//   languages MODEL CORPORA train|dev|test SET...
//
// CORPORA is the folder of the mail sets and their splits. A message's language is the main one
// that CLD2 finds in its subject and text, `-` where none is certain. What reaches the tag
// threshold, but is unsure because of its language, has columns of its own.

import Corpora
import FilterPolicy
import Foundation
import Languages
import Learning
import MailText
import Models
import Scoring

/// Messages of one language and label.
struct Count {
    var all = 0
    var marked = 0
    var unsure = 0

    /// All messages, those called spam with a 95 % interval, and those unsure instead.
    var cells: [String] {
        guard all > 0 else { return ["0", "-", "-", "-"] }
        let share = Double(marked) / Double(all)
        let interval = ShareInterval(share: share, of: all)
        return [
            "\(all)", String(format: "%.3f", share),
            String(format: "%.3f to %.3f", interval.low, interval.high),
            String(format: "%.3f", Double(unsure) / Double(all)),
        ]
    }
}

guard CommandLine.arguments.count > 4, let part = DataSplit(rawValue: CommandLine.arguments[3])
else {
    print("usage: languages MODEL CORPORA train|dev|test SET...")
    exit(64)
}
let model = try ScoringModel(directory: CommandLine.arguments[1])
let folder = CommandLine.arguments[2]
let tag = model.tagThreshold ?? PolicyThresholds.defaultTag
var counts: [String: [String: Count]] = [:]
for set in CommandLine.arguments.dropFirst(4) {
    let split = try SplitFile(paths: ["\(folder)/\(set).split.tsv"])
    try Corpus(argument: "\(folder)/\(set).tar.zst").forEach { message in
        guard let entry = split.entry(set: message.set, path: message.path), entry.part == part
        else { return }
        let content = message.content.read()
        let tokens = model.tokens(of: content)
        let text = (content.subject.map { $0 + [0x0A] } ?? []) + Array(content.body.bytes)
        let language = TextLanguage.main(of: text.prefix(TextLanguage.longest)) ?? "-"
        var count = counts[language]?[entry.label] ?? Count()
        count.all += 1
        let probability = model.score(tokens.ids).probability
        if probability >= tag {
            let sure = Judgement.lowered(
                probability, by: model.languageMargin(content, tokens))
            if sure >= tag { count.marked += 1 } else { count.unsure += 1 }
        }
        counts[language, default: [:]][entry.label] = count
    }
}
print("model \(model.id), \(part.rawValue), marked from \(tag)")
print("| language | ham | spam said | 95 % | unsure | spam | found | 95 % | unsure |")
print("|---|---|---|---|---|---|---|---|---|")
func total(_ labels: [String: Count]) -> Int { labels.values.reduce(0) { $0 + $1.all } }
let order = counts.sorted {
    (total($1.value), $0.key) < (total($0.value), $1.key)
}
for (language, labels) in order {
    let cells = ["ham", "spam"].flatMap { (labels[$0] ?? Count()).cells }
    print("| \(language) | \(cells.joined(separator: " | ")) |")
}
