// Writes the ids of labelled messages, for other trainers to learn from the same input.
//
//   encode MODEL PART OUTPUT SPLIT PATH...
//
// PART is train, dev or test of the split file. OUTPUT holds little-endian 32-bit numbers: for each
// message 1 for spam or 0, the number of ids, the ids.

import Corpora
import Foundation
import Learning
import Models
import Scoring

guard CommandLine.arguments.count > 5, let part = DataSplit(rawValue: CommandLine.arguments[2])
else {
    print("usage: encode MODEL train|dev|test OUTPUT SPLIT PATH...")
    exit(64)
}
let model = try ScoringModel(directory: CommandLine.arguments[1])
let split = try SplitFile(paths: [CommandLine.arguments[4]])
var numbers: [Int32] = []
var count = 0
for path in CommandLine.arguments.dropFirst(5) {
    try Corpus(argument: path).forEach { message in
        guard let entry = split.entry(set: message.set, path: message.path), entry.part == part
        else { return }
        let ids = model.ids(of: message.content.read())
        numbers += [entry.label == "spam" ? 1 : 0, Int32(ids.count)] + ids
        count += 1
    }
}
let data = numbers.map(\.littleEndian).withUnsafeBytes { Data($0) }
try data.write(to: URL(fileURLWithPath: CommandLine.arguments[3]))
print("\(count) messages")
