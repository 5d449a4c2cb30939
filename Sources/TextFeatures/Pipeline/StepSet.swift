/// The steps of a pipeline as bits, since every word asks for some of them.
package struct StepSet: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let lowercase = StepSet(rawValue: 1 << 0)
    package static let urls = StepSet(rawValue: 1 << 1)
    package static let emails = StepSet(rawValue: 1 << 2)
    package static let numbers = StepSet(rawValue: 1 << 3)
    /// Asked for by nobody: see ``SeedProfile``.
    package static let whitespace = StepSet(rawValue: 1 << 4)
    package static let stopwords = StepSet(rawValue: 1 << 5)
    package static let nonASCII = StepSet(rawValue: 1 << 6)
    package static let ignorables = StepSet(rawValue: 1 << 7)
    package static let compatibility = StepSet(rawValue: 1 << 8)
    package static let accents = StepSet(rawValue: 1 << 9)
    package static let facts = StepSet(rawValue: 1 << 10)
    package static let links = StepSet(rawValue: 1 << 11)
    package static let capitals = StepSet(rawValue: 1 << 12)
    package static let lookalikes = StepSet(rawValue: 1 << 13)
    package static let leet = StepSet(rawValue: 1 << 14)
    package static let spacedLetters = StepSet(rawValue: 1 << 15)
    package static let shapes = StepSet(rawValue: 1 << 16)
    package static let layoutFirst = StepSet(rawValue: 1 << 17)
}

extension StepSet {
    /// The set of the steps in a spec, whose order only the `seed` profile follows.
    package init(_ steps: [TextPipelineSpec.Step]) {
        self = steps.reduce(into: []) { $0.insert(StepSet($1)) }
    }

    private init(_ step: TextPipelineSpec.Step) {
        switch step {
        case .lowercase: self = .lowercase
        case .urls: self = .urls
        case .emails: self = .emails
        case .numbers: self = .numbers
        case .whitespace: self = .whitespace
        case .stopwords: self = .stopwords
        case .nonASCII: self = .nonASCII
        case .ignorables: self = .ignorables
        case .compatibility: self = .compatibility
        case .accents: self = .accents
        case .facts: self = .facts
        case .links: self = .links
        case .capitals: self = .capitals
        case .lookalikes: self = .lookalikes
        case .leet: self = .leet
        case .spacedLetters: self = .spacedLetters
        case .shapes: self = .shapes
        case .layoutFirst: self = .layoutFirst
        }
    }
}
