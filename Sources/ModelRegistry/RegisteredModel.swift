import Models

/// A version of the registry.
public struct RegisteredModel: Sendable, Equatable {
    /// Its id, which is also the name of its directory.
    public var id: String
    /// Where it comes from; nil when its `lineage.json` is missing or can't be read.
    public var lineage: ModelLineage?
    /// Whether it is the active one.
    public var isActive: Bool
    /// Whether a rollback would lead to it.
    public var isRollbackTarget: Bool
    /// Whether it scores beside the active one.
    public var isShadow: Bool
    /// The size of its files, in bytes.
    public var bytes: Int64

    /// A version.
    public init(
        id: String, lineage: ModelLineage?, isActive: Bool, isRollbackTarget: Bool,
        isShadow: Bool = false, bytes: Int64
    ) {
        self.id = id
        self.lineage = lineage
        self.isActive = isActive
        self.isRollbackTarget = isRollbackTarget
        self.isShadow = isShadow
        self.bytes = bytes
    }
}

/// A version with all that its files say of it, read without its weights.
public struct ModelDetails: Sendable {
    /// The version.
    public var model: RegisteredModel
    /// The content of its `config.json`.
    public var configuration: ModelConfiguration
    /// The content of its `report.json`.
    public var report: JSONValue
    /// When it was activated, oldest first.
    public var activations: [ModelActivation]

    /// A version with its details.
    public init(
        model: RegisteredModel, configuration: ModelConfiguration, report: JSONValue,
        activations: [ModelActivation]
    ) {
        self.model = model
        self.configuration = configuration
        self.report = report
        self.activations = activations
    }
}
