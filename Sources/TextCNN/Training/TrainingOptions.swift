/// The options of training a network; with the data they determine the weights, bit for bit.
public struct TrainingOptions: Codable, Sendable, Equatable {
    /// Seed of all random choices.
    public var seed: UInt64 = 1
    /// The kind of labels.
    public var head = Head.sigmoid
    /// The largest number of passes over the training mail.
    public var epochs = 8
    /// Messages of an update.
    public var batch = 64
    /// The peak of the learning rate.
    ///
    /// It rises linearly over the warm-up and then falls linearly to a fiftieth of the peak.
    public var learningRate: Float = 1e-3
    /// Updates of the warm-up.
    public var warmUpUpdates = 100
    /// Decoupled weight decay of matrices (Loshchilov and Hutter 2019, arXiv:1711.05101).
    public var weightDecay: Float = 1e-4
    /// The share of pooled features that each message sets to zero in training (dropout).
    public var featureDropout: Float = 0.4
    /// The share of hidden units that each message sets to zero in training.
    public var hiddenDropout: Float = 0.2
    /// The chance that text of ham messages is pasted into a spam message.
    public var pasteIntoSpam: Float = 0.3
    /// The chance that text of ham messages is pasted into another ham message.
    public var pasteIntoHam: Float = 0.15
    /// The chance that the facts of a message are left out.
    public var factDropping: Float = 0.1
    /// The chance that the facts of another message stand in their place.
    public var factSwapping: Float = 0.2
    /// The chance that a network which scores by segments learns from any segment of a spam
    /// message rather than from the one with the highest logit.
    public var anySegment: Float = 0.5
    /// Tokens of a message's front and of its end that are learnt from.
    public var firstTokens = 768
    /// See ``firstTokens``.
    public var lastTokens = 256
    /// The chance that some words of a message become their shape tokens.
    public var shapeReplacement: Float = 0.1
    /// The chance that a message is shown as plain text, without links, pictures and layout.
    public var markupDropping: Float = 0.08
    /// The chance that a message is cut to an excerpt of a few words.
    public var excerpts: Float = 0.02
    /// Decay of the moving average of the weights in an update; 0 for no average.
    public var averaging: Float = 0.999
    /// Consecutive epochs without a lower dev loss that end the run.
    public var patience = 4

    /// The defaults.
    public init() {}

    /// Options of a report; those that it lacks have the values of the versions before them.
    ///
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, _ before: Value) throws -> Value {
            try values.decodeIfPresent(Value.self, forKey: key) ?? before
        }
        seed = try value(.seed, seed)
        head = try value(.head, head)
        epochs = try value(.epochs, epochs)
        batch = try value(.batch, batch)
        learningRate = try value(.learningRate, learningRate)
        warmUpUpdates = try value(.warmUpUpdates, warmUpUpdates)
        weightDecay = try value(.weightDecay, weightDecay)
        featureDropout = try value(.featureDropout, featureDropout)
        hiddenDropout = try value(.hiddenDropout, hiddenDropout)
        pasteIntoSpam = try value(.pasteIntoSpam, pasteIntoSpam)
        pasteIntoHam = try value(.pasteIntoHam, pasteIntoHam)
        factDropping = try value(.factDropping, 0)
        factSwapping = try value(.factSwapping, 0)
        anySegment = try value(.anySegment, anySegment)
        firstTokens = try value(.firstTokens, 384)
        lastTokens = try value(.lastTokens, 128)
        shapeReplacement = try value(.shapeReplacement, shapeReplacement)
        markupDropping = try value(.markupDropping, 0)
        excerpts = try value(.excerpts, excerpts)
        averaging = try value(.averaging, averaging)
        patience = try value(.patience, patience)
    }
}
