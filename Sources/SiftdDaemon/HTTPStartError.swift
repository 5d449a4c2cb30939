/// The HTTP port could not be opened.
public struct HTTPStartError: Error, CustomStringConvertible {
    /// As configured.
    public var address: String
    /// As configured.
    public var port: Int
    /// What the system said.
    public var cause: String

    /// Address, port, their keys and the cause.
    public var description: String {
        "http: can't listen on \(address) port \(port) (http.address, http.port): \(cause)"
    }
}
