import CZlib

/// Messages that `spamc -z` has compressed (RFC 1950).
enum ZlibStream {
    /// Bytes that are made at once.
    private static let block = 65_536

    /// The bytes that a whole stream stands for; what follows the stream is left out.
    ///
    /// - Parameters:
    ///   - bytes: the stream.
    ///   - limit: bytes that it may stand for.
    /// - Returns: at most as many bytes as the limit says.
    /// - Throws: ``SpamdFault``.
    static func inflated(_ bytes: [UInt8], limit: Int) throws(SpamdFault) -> [UInt8] {
        var result: [UInt8] = []
        switch inflate(bytes, limit: limit, into: &result) {
        case .whole: return result
        case .tooLarge: throw .tooLarge(limit: limit)
        case .broken: throw .unavailable("zlib: failed to find end of zlib stream")
        }
    }

    private enum Outcome { case whole, tooLarge, broken }

    private static func inflate(
        _ bytes: [UInt8], limit: Int, into result: inout [UInt8]
    ) -> Outcome {
        var stream = z_stream()
        guard siftd_inflate_init(&stream) == Z_OK else { return .broken }
        defer { inflateEnd(&stream) }
        // zlib does not write to its input but has no const for it.
        var input = bytes
        var output = [UInt8](repeating: 0, count: block)
        return input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = uInt(input.count)
            while true {
                let status = output.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = uInt(block)
                    return CZlib.inflate(&stream, Z_NO_FLUSH)
                }
                let made = block - Int(stream.avail_out)
                guard made <= limit - result.count else { return .tooLarge }
                result += output[..<made]
                if status == Z_STREAM_END { return .whole }
                // Without progress the stream is cut short or damaged.
                guard status == Z_OK, made > 0 || stream.avail_in > 0 else { return .broken }
            }
        }
    }
}
