import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// A body in memory, counted as long as it is there.
final class HeldBody: Sendable {
    let bytes: [UInt8]
    private let release: @Sendable () -> Void

    fileprivate init(_ bytes: [UInt8], release: @escaping @Sendable () -> Void) {
        self.bytes = bytes
        self.release = release
    }

    deinit { release() }
}

/// Reads bodies of requests within limits of size and memory; ``ConnectionEnd`` limits the time.
final class BodyReader: Sendable {
    private let limits: HTTPLimits
    private let held = Mutex(0)

    init(_ limits: HTTPLimits) { self.limits = limits }

    /// Reads a body into memory.
    ///
    /// - Throws: ``Problem`` with 413 or 503.
    func read(_ request: Request) async throws -> HeldBody {
        let limit = limits.bodyBytes
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw tooLarge(limit)
        }
        let count = Mutex(0)
        do {
            let bytes = try await collect(request.body) { [self] chunk in
                let total = count.withLock { count in
                    count += chunk
                    return count
                }
                guard total <= limit else { throw tooLarge(limit) }
                let all = held.withLock { held in
                    held += chunk
                    return held
                }
                guard all <= limits.memoryBytes else {
                    throw Problem(
                        .serviceUnavailable, "too many large requests are in progress",
                        retryAfter: 2)
                }
            }
            let size = count.withLock { $0 }
            return HeldBody(bytes) { [self] in held.withLock { $0 -= size } }
        } catch {
            let size = count.withLock { $0 }
            held.withLock { $0 -= size }
            throw error
        }
    }

    private func collect(
        _ body: RequestBody, _ admit: (Int) throws -> Void
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in body {
            try admit(chunk.readableBytes)
            bytes += chunk.readableBytesView
        }
        return bytes
    }

    private func tooLarge(_ limit: Int) -> Problem {
        Problem(.contentTooLarge, "the body is larger than \(limit) bytes")
    }
}
