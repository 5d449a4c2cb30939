extension NewLabel {
    /// The largest weight: a label may count for a hundred, not for everything.
    private static let largestWeight = 100.0
    /// Sums with a time never overflow.
    private static let times = Int64(0)...253_402_300_799
    /// Bytes of a verdict, a model's id or a mailbox.
    static let longestName = 320
    /// Bytes of a payload: the text that siftd reads of a message is shorter.
    private static let largestPayload = 16 << 20

    /// The first value that is out of bounds, in words; nil for a label that can be stored.
    var defect: String? {
        if !(weight > 0 && weight <= NewLabel.largestWeight) {
            return "the weight \(weight) is not above 0 and at most \(NewLabel.largestWeight)"
        }
        if !NewLabel.times.contains(time) {
            return "the time \(time) is not between the years 1970 and 9999"
        }
        if !(0...1).contains(score.probability) {
            return "the probability \(score.probability) is not between 0 and 1"
        }
        if !score.modelLogit.isFinite { return "the model's logit is \(score.modelLogit)" }
        let names = [
            ("verdict", score.verdict), ("model id", score.modelID),
            ("sender domain", senderDomain), ("mailbox", mailbox ?? ""),
        ]
        for (name, value) in names where !value.isPlain(upTo: NewLabel.longestName) {
            return "the \(name) is longer than \(NewLabel.longestName) bytes or has control "
                + "characters"
        }
        if let defect = features.defect { return defect }
        if (payload?.bytes.count ?? 0) > NewLabel.largestPayload {
            return "the payload has more than \(NewLabel.largestPayload) bytes"
        }
        return nil
    }
}

extension LabelFeatures {
    /// Bytes of features: a thousand tokens and their pairs take 16 KiB.
    private static let largest = 1 << 20

    /// What is out of bounds, in words; nil for features that can be stored.
    var defect: String? {
        bytes.count <= LabelFeatures.largest
            ? nil : "the features have more than \(LabelFeatures.largest) bytes"
    }
}
