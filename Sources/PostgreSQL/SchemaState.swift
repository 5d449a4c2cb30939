/// How tables in a database compare with those that this siftd makes.
public enum SchemaState: String, Sendable, Equatable {
    /// There are none yet.
    case absent
    /// An older siftd made them; this one changes them when it starts.
    case older
    /// They are this siftd's, or a newer one's that this one can use.
    case usable
    /// A newer siftd has changed them so that this one can't use them.
    case newer
}
