import Models

/// Where a version of the model comes from; the content of its `lineage.json`.
public struct ModelLineage: Codable, Sendable, Equatable {
    /// How a version came to be.
    public enum Origin: String, Codable, Sendable, CaseIterable {
        /// Trained on data sets.
        case trained
        /// Made elsewhere, such as the starter model.
        case imported
        /// The parent with other thresholds.
        case calibrated
        /// Trained on the parent's data and the site's labels.
        case retrained
    }

    /// How the version came to be.
    public var origin: Origin
    /// The id of the version it was made from; nil for none.
    public var parent: String?
    /// When it was added to the registry, in seconds since 1970.
    public var added: Int64
    /// How many of the site's labels it was made with.
    public var labels: Int
    /// What the guard measured, in any form; nil when it was not asked.
    public var guardFigures: JSONValue?

    enum CodingKeys: String, CodingKey {
        case origin, parent, added, labels
        case guardFigures = "guard"
    }

    /// A lineage; the time is in seconds since 1970.
    public init(
        origin: Origin, parent: String? = nil, added: Int64, labels: Int = 0,
        guardFigures: JSONValue? = nil
    ) {
        self.origin = origin
        self.parent = parent
        self.added = added
        self.labels = labels
        self.guardFigures = guardFigures
    }
}
