/// The HTTP port could not be opened.
public struct HTTPStartError: Error, CustomStringConvertible {
    public var address: String
    public var port: Int
    /// What the system said.
    public var cause: String

    public var description: String {
        "http: can't listen on \(address) port \(port) (http.address, http.port): \(cause)"
    }
}
