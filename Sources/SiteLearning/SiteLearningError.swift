/// The reason why stored bytes of the site layer can't be used.
///
/// Labels are the truth: what fails for a cache is mended by a replay of the labels.
public enum SiteLearningError: Error, Equatable, CustomStringConvertible {
    /// Stored features that are cut, too long, or hold a feature twice.
    case damagedFeatures(String)
    /// Features of another version than ``SiteFeatures/version``.
    case featureVersion(Int)
    /// A cache that is cut, or whose checksum or numbers are wrong.
    case damagedCache(String)
    /// A cache made with other options, anchors, features or labels.
    case staleCache(String)
    /// A label that does not come behind the one before.
    case labelOrder(number: Int64, last: Int64)

    /// One line that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .damagedFeatures(let reason):
            "the stored features of a label are damaged: \(reason); forget this label"
        case .featureVersion(let version):
            "the features of a label have version \(version), this siftd reads version "
                + "\(SiteFeatures.version); give the message again"
        case .damagedCache(let reason):
            "the cache of the site layer is damaged: \(reason); the labels are replayed"
        case .staleCache(let reason):
            "the cache of the site layer is out of date: \(reason); the labels are replayed"
        case .labelOrder(let number, let last):
            "label \(number) does not come behind label \(last); replay the labels in order"
        }
    }
}
