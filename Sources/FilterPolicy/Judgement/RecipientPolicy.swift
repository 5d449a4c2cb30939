/// The settings that differ for one recipient or recipient domain; nil keeps the general setting.
public struct RecipientPolicy: Sendable, Equatable {
    /// False where mail passes unjudged.
    public var judges: Bool?
    /// See ``PolicySettings/tagThreshold``.
    public var tagThreshold: Double?
    /// See ``PolicySettings/unsureThreshold``.
    public var unsureThreshold: Double?
    /// See ``PolicySettings/rejects``.
    public var rejects: Bool?
    /// See ``PolicySettings/rejectThreshold``.
    public var rejectThreshold: Double?
    /// See ``PolicySettings/rules``.
    public var rules: [ActionRule]?

    /// A policy that differs in nothing.
    public init() {}
}
