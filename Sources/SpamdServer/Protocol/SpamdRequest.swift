/// A request that has arrived as a whole.
struct SpamdRequest: Equatable, Sendable {
    let header: SpamdHeader
    /// As it came, perhaps compressed.
    let body: [UInt8]

    /// The message.
    ///
    /// - Parameter limit: bytes of a message.
    /// - Returns: the message as the client had it.
    /// - Throws: ``SpamdFault`` for a body that is no zlib stream, or is too large as a message.
    func message(limit: Int) throws(SpamdFault) -> [UInt8] {
        header.isCompressed ? try ZlibStream.inflated(body, limit: limit) : body
    }
}
