/// A change to the message, requested at end-of-message.
public enum Modification: Sendable, Equatable {
    /// Puts a field in front of all others.
    case insertHeader(name: String, value: String)
    /// Removes the field with this name and occurrence, counted from 1.
    case deleteHeader(name: String, occurrence: Int)
    /// Replaces the value of the field with this name and occurrence, counted from 1; bytes, since
    /// it may not be UTF-8.
    case changeHeader(name: String, occurrence: Int, value: [UInt8])
    /// Adds an envelope recipient, an address without angle brackets.
    case addRecipient(String)
    /// Removes an envelope recipient, an address without angle brackets.
    case deleteRecipient(String)
    /// Holds the message in the MTA's queue, which shows the reason. Only has an effect with the
    /// reply `accept`.
    case quarantine(reason: String)
}
