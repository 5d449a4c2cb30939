import Corpora
import Foundation
import Learning
import TextCNN

/// A stream of mail as one site would get it.
struct MailStream {
    var name: String
    var messages: [BenchMessage]
}

/// Reads the streams from the folder of the corpora.
struct StreamReader {
    let corpora: String
    let reader: BenchReader
    /// Parts of the split files that are used.
    let parts: Set<DataSplit>

    private func read(
        _ set: String, _ reader: BenchReader, where keep: (String) -> Bool = { _ in true }
    ) throws -> [BenchMessage] {
        let split = try SplitFile(paths: ["\(corpora)/\(set).split.tsv"])
        var messages: [BenchMessage] = []
        try Corpus(argument: "\(corpora)/\(set).tar.zst").forEach { message in
            guard let entry = split.entry(set: message.set, path: message.path),
                parts.contains(entry.part), keep(message.path)
            else { return }
            messages.append(reader.read(message, isSpam: entry.label == "spam"))
        }
        return messages
    }

    /// One mailbox of 2025 and 2026, by Date.
    func recent() throws -> MailStream {
        var reader = reader
        reader.ownHosts = ["colocrossing.com", "baddomain.com", "testdomain.com"]
        reader.authservPrefix = "hotel."
        let messages = try read("recent-2025", reader).sorted {
            ($0.date ?? 0, $0.path) < ($1.date ?? 0, $1.path)
        }
        return MailStream(name: "recent", messages: messages)
    }

    /// The first messages of one server in 2007, by their numbers.
    func trec(_ count: Int) throws -> MailStream {
        var reader = reader
        reader.ownHosts = ["uwaterloo.ca"]
        func number(_ path: String) -> Int {
            Int(path.split(separator: ".").dropLast().last ?? "") ?? 0
        }
        let split = try SplitFile(paths: ["\(corpora)/trec07p.split.tsv"])
        var numbers: [Int] = []
        try Corpus(argument: "\(corpora)/trec07p.tar.zst").forEach { message in
            if let entry = split.entry(set: message.set, path: message.path),
                parts.contains(entry.part)
            {
                numbers.append(number(message.path))
            }
        }
        let chosen = Set(numbers.sorted().prefix(count))
        let messages = try read("trec07p", reader) { chosen.contains(number($0)) }
        return MailStream(
            name: "trec07p", messages: messages.sorted { number($0.path) < number($1.path) })
    }

    /// A made site: 1,000 hams and 700 spams of sources drawn at random, each source in its own
    /// order, merged at random.
    func made(_ draws: Int) throws -> [MailStream] {
        let ham = try ["modern-mail", "modern-newsletters", "modern-written", "modern-templates"]
            .flatMap { try read($0, reader) }
        let spam = try read("modern-spam", reader)
        return (1...draws).map { draw in
            var random = RandomSource(seed: UInt64(draw))
            let chosen =
                StreamReader.draw(ham, 1_000, longest: 120, &random)
                + StreamReader.draw(spam, 700, longest: 350, &random)
            // Sorted moments for each source keep its order.
            let bySource = Dictionary(grouping: chosen, by: StreamReader.source).sorted {
                $0.key < $1.key
            }
            var timed: [(Float, BenchMessage)] = []
            for (_, messages) in bySource {
                let times = messages.map { _ in random.nextUniform() }.sorted()
                timed += zip(times, messages)
            }
            return MailStream(
                name: "made-\(draw)", messages: timed.sorted { $0.0 < $1.0 }.map(\.1))
        }
    }

    /// Set and source: what is in front of `__` in the file name.
    private static func source(_ message: BenchMessage) -> String {
        let parts = message.path.components(separatedBy: "__")
        return parts.count > 1 ? parts[0] : message.path.components(separatedBy: "/")[0]
    }

    private static func draw(
        _ messages: [BenchMessage], _ count: Int, longest: Int, _ random: inout RandomSource
    ) -> [BenchMessage] {
        var sources = Dictionary(grouping: messages, by: source).sorted { $0.key < $1.key }
        random.shuffle(&sources)
        var chosen: [BenchMessage] = []
        for (_, messages) in sources where chosen.count < count {
            let sorted = messages.sorted { $0.path < $1.path }
            let length = min(longest, sorted.count, count - chosen.count)
            let start = random.nextIndex(below: sorted.count - length + 1)
            chosen += sorted[start..<(start + length)]
        }
        return chosen
    }
}
