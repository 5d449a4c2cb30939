/// The two labels of a spam model.
public enum Label: String, Sendable, CaseIterable, Codable {
    /// Wanted mail.
    case ham
    /// Unwanted mail.
    case spam
}
