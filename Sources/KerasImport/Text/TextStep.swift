import Foundation
import TextFeatures

/// How a model turns text into ids: the steps, and the terms by id.
struct TextStep {
    var spec: KerasTextSpec
    /// UTF-8 of each id's term.
    var terms: [[UInt8]]
    /// What was assumed, for the report.
    var notes: [String] = []

    /// Ids at most.
    static let mostTerms = 5_000_000
    /// Bytes of a term at most.
    static let longestTerm = 1 << 16

    // MARK: TextVectorization

    /// The step of a `TextVectorization` layer.
    ///
    /// The settings have the names that Keras gives them. The terms may have the two special ones
    /// in front or not, and are nil when they are unknown. The refusal names the layer or file.
    static func vectorization(
        _ settings: JSON, terms: [[UInt8]]?, _ refusal: (String) -> Refusal
    ) throws -> TextStep {
        func name(_ key: String, _ absent: String) throws -> String? {
            guard settings.has(key) else { return absent }
            guard let value = settings[key] else { return nil }
            guard let text = value.text else {
                throw refusal(
                    "has a \(key) that is a function of the author, whose code is not in the file; "
                        + "prepare the texts outside, or use a \(key) of Keras")
            }
            return text
        }
        let mode = try name("output_mode", "int") ?? "int"
        guard mode == "int" else {
            throw refusal("has output_mode \(mode); siftd reads int")
        }
        if settings["ragged"]?.flag ?? false {
            throw refusal("is ragged; make it with ragged=False")
        }
        if let encoding = settings["encoding"]?.text,
            !["utf-8", "utf8"].contains(encoding.lowercased())
        {
            throw refusal("has the encoding \(encoding); siftd reads utf-8")
        }
        let standardize = try name("standardize", "lower_and_strip_punctuation")
        let (lowercase, removed): (KerasTextSpec.Lowercase, String) =
            switch standardize {
            case nil: (.none, "")
            case "lower_and_strip_punctuation": (.ascii, KerasTextSpec.punctuation)
            case "lower": (.ascii, "")
            case "strip_punctuation": (.none, KerasTextSpec.punctuation)
            case let other?:
                throw refusal(
                    "has standardize \(other), whose code is not in the file; use lower, "
                        + "strip_punctuation or lower_and_strip_punctuation")
            }
        let split: KerasTextSpec.Split =
            switch try name("split", "whitespace") {
            case nil: .none
            case "whitespace": .whitespace
            case "character": .characters
            case let other?:
                throw refusal(
                    "has split \(other), whose code is not in the file; use whitespace or character"
                )
            }
        guard let terms else {
            throw refusal(
                "has no vocabulary in the file; save the model as .keras, or write it with "
                    + "layer.get_vocabulary() and give it as --vocabulary FILE")
        }
        let unknown = Array((settings["oov_token"]?.text ?? "[UNK]").utf8)
        let hasSpecials = terms.count >= 2 && terms[0].isEmpty && terms[1] == unknown
        let words = hasSpecials ? Array(terms.dropFirst(2)) : terms
        let all = [[], unknown] + words
        var seen: Set<[UInt8]> = []
        for (index, term) in all.enumerated()
        where !seen.insert(term).inserted || index > 1 && term.isEmpty {
            throw refusal(
                "has a vocabulary with an empty or repeated term at line \(index + 1); Keras itself "
                    + "can't read it")
        }
        try check(all, refusal)
        let length = try integer(settings, "output_sequence_length", refusal)
        return TextStep(
            spec: KerasTextSpec(
                lowercase: lowercase, removed: removed, split: split,
                ngrams: try ngrams(settings, refusal), unknown: 1, length: length),
            terms: all)
    }

    private static func check(_ terms: [[UInt8]], _ refusal: (String) -> Refusal) throws {
        guard terms.count <= mostTerms, terms.allSatisfy({ $0.count <= longestTerm }) else {
            throw refusal("has a vocabulary larger than the limit of \(mostTerms) terms")
        }
    }

    private static func integer(
        _ settings: JSON, _ key: String, _ refusal: (String) -> Refusal
    ) throws -> Int? {
        guard let value = settings[key] else { return nil }
        guard let integer = value.integer else {
            throw refusal("has a \(key) that is no whole number")
        }
        return integer
    }

    private static func ngrams(
        _ settings: JSON, _ refusal: (String) -> Refusal
    ) throws -> [Int] {
        guard let value = settings["ngrams"] else { return [1] }
        let longest = KerasTextSpec.longestNgram
        if let largest = value.integer, (1...longest).contains(largest) {
            return Array(1...largest)
        }
        let list = value.elements?.compactMap(\.integer) ?? []
        guard !list.isEmpty, list.count == value.elements?.count, list.count <= longest,
            list.allSatisfy((1...longest).contains)
        else { throw refusal("has ngrams that siftd can't read; use 1 to \(longest)") }
        return list
    }

    /// The lines of a vocabulary as Python's `splitlines` sees them.
    static func lines(_ bytes: [UInt8]) throws -> [[UInt8]] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal("has a vocabulary that is not UTF-8")
        }
        var lines: [[UInt8]] = []
        var line = ""
        var isReturn = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where isReturn: isReturn = false
            case 0x0A, 0x0B, 0x0C, 0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029:
                lines.append(Array(line.utf8))
                line = ""
                isReturn = scalar.value == 0x0D
            default:
                line.unicodeScalars.append(scalar)
                isReturn = false
            }
        }
        if !line.isEmpty { lines.append(Array(line.utf8)) }
        while let last = lines.last, last.isEmpty, lines.count > 1 { lines.removeLast() }
        return lines
    }

    // MARK: Tokenizer

    /// The step of a `Tokenizer` and `pad_sequences`.
    ///
    /// The JSON is what `to_json()` gives, or `word_index` alone; the settings are those that the
    /// owner gives; the length is that of the model's input, nil when it takes any number of ids.
    static func tokenizer(
        _ json: JSON, _ settings: [String: JSON], length: Int?
    ) throws -> TextStep {
        let given = JSON.object(
            settings.map { JSON.Member(key: Array($0.key.utf8), value: $0.value) })
        var json = json
        if let inner = json.bytes { json = try JSONParser.parse(inner) }
        var notes: [String] = []
        var config = given
        let index: JSON
        if json["class_name"]?.text == "Tokenizer", let inside = json["config"] {
            config = inside
            guard let text = inside["word_index"] else { throw Refusal("has no word_index") }
            index = try text.bytes.map { try JSONParser.parse($0) } ?? text
        } else {
            index = json
            let assumed = ["num_words", "oov_token", "filters", "lower", "split", "char_level"]
                .filter { !given.has($0) }
            if !assumed.isEmpty {
                notes.append(
                    "word_index alone does not say \(assumed.joined(separator: ", ")); "
                        + "the defaults of Tokenizer are taken")
            }
        }
        // A setting that is given counts more than the file's.
        func value(_ key: String) -> JSON? { given.has(key) ? given[key] : config[key] }
        func flag(_ key: String, _ absent: Bool) -> Bool { value(key)?.flag ?? absent }
        let numWords = try value("num_words").map { value in
            guard let number = value.integer, number > 0 else {
                throw Refusal("has a num_words that is no whole number above 0")
            }
            return number
        }
        if value("analyzer") != nil {
            throw Refusal("has an analyzer, which is a function of the author")
        }
        let unknownTerm = value("oov_token")?.bytes
        let (terms, unknown) = try table(index, numWords: numWords, unknown: unknownTerm)
        let filters =
            given.has("filters") || config.has("filters")
            ? value("filters")?.text ?? "" : KerasTextSpec.tokenizerFilters
        let separator = value("split")?.text ?? " "
        guard !separator.isEmpty else { throw Refusal("has an empty split") }
        let isByCharacter = flag("char_level", false)
        func side(_ key: String) throws -> KerasTextSpec.Side {
            guard let text = given[key]?.text else {
                throw Refusal(
                    "does not say on which side texts are \(key == "padding" ? "filled up" : "cut"); "
                        + "give --\(key) pre, the default of pad_sequences, or post")
            }
            guard let side = KerasTextSpec.Side(rawValue: text) else {
                throw Refusal("has \(key) \(text); it is pre or post")
            }
            return side
        }
        let given0 = try integer(given, "maxlen") { Refusal($0) }
        if let given0, let length, given0 != length {
            throw Refusal("fills texts up to \(given0) ids, and the model takes \(length)")
        }
        guard let ids = given0 ?? length else {
            throw Refusal(
                "does not say how many ids a text has, nor does the model; give --length N, the "
                    + "maxlen of pad_sequences")
        }
        let paddingID = try integer(given, "value") { Refusal($0) } ?? 0
        guard (0..<terms.count).contains(paddingID) else {
            throw Refusal("fills texts up with \(paddingID), which is no id")
        }
        var spec = KerasTextSpec(
            lowercase: flag("lower", true) ? .unicode : .none,
            separators: isByCharacter ? "" : filters,
            split: isByCharacter ? .characters : .separator(separator), unknown: unknown,
            length: ids, padding: try side("padding"), truncating: try side("truncating"))
        spec.paddingID = Int32(paddingID)
        return TextStep(spec: spec, terms: terms, notes: notes)
    }

    /// Terms by id, and the id of unknown words.
    private static func table(
        _ index: JSON, numWords: Int?, unknown: [UInt8]?
    ) throws -> ([[UInt8]], Int32?) {
        guard let members = index.members, !members.isEmpty else {
            throw Refusal("has no word_index: an object of words and their numbers")
        }
        var largest = 0
        var unknownID: Int?
        for member in members {
            guard let id = member.value.integer, id >= 0 else {
                throw Refusal("has a word in word_index whose number is no whole number")
            }
            if member.key == unknown { unknownID = id }
            if let numWords, id >= numWords, member.key != unknown { continue }
            largest = max(largest, id)
        }
        if let unknown, unknownID == nil {
            throw Refusal(
                "has no word \"\(String(decoding: unknown, as: UTF8.self))\" in word_index, which the "
                    + "oov_token must be")
        }
        guard largest < mostTerms else {
            throw Refusal("has a vocabulary larger than the limit of \(mostTerms) words")
        }
        var terms = [[UInt8]](repeating: Vocabulary.absentTerm, count: largest + 1)
        var isTaken = [Bool](repeating: false, count: largest + 1)
        for member in members {
            guard let id = member.value.integer, id <= largest else { continue }
            if let numWords, id >= numWords { continue }
            guard !isTaken[id] else { throw Refusal("has two words with the number \(id)") }
            guard member.key.count <= longestTerm else {
                throw Refusal("has a word of absurd length")
            }
            isTaken[id] = true
            terms[id] = member.key
        }
        return (terms, unknownID.map(Int32.init))
    }
}
