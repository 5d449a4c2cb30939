/// The steps of a pipeline as bits: they are asked for at every word.
struct StepSet: OptionSet, Sendable {
    let rawValue: UInt32

    static let lowercase = StepSet(rawValue: 1 << 0)
    static let urls = StepSet(rawValue: 1 << 1)
    static let emails = StepSet(rawValue: 1 << 2)
    static let numbers = StepSet(rawValue: 1 << 3)
    static let whitespace = StepSet(rawValue: 1 << 4)
    static let stopwords = StepSet(rawValue: 1 << 5)
    static let nonASCII = StepSet(rawValue: 1 << 6)
    static let ignorables = StepSet(rawValue: 1 << 7)
    static let compatibility = StepSet(rawValue: 1 << 8)
    static let accents = StepSet(rawValue: 1 << 9)
    static let facts = StepSet(rawValue: 1 << 10)
    static let links = StepSet(rawValue: 1 << 11)
    static let capitals = StepSet(rawValue: 1 << 12)
    static let lookalikes = StepSet(rawValue: 1 << 13)
    static let leet = StepSet(rawValue: 1 << 14)
    static let spacedLetters = StepSet(rawValue: 1 << 15)
    static let shapes = StepSet(rawValue: 1 << 16)
}

extension StepSet {
    init(_ steps: [TextPipelineSpec.Step]) {
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
        }
    }
}
