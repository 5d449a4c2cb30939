import Foundation
import HTTPTypes
import Hummingbird
import Models
import NIOCore

extension Response {
    static func text(_ text: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// One JSON value in one line, keys in alphabetical order.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try bytes(of: value))))
    }

    /// One JSON value in one line, with the line's end.
    static func bytes(of value: some Encodable) throws -> [UInt8] {
        Array(try JSONEncoder.siftd(pretty: false).encode(value)) + [UInt8(ascii: "\n")]
    }
}
