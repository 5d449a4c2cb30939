import Feedback
import Foundation
import Glibc
import HTTPTypes
import Hummingbird
import NIOCore
import PortLimits

/// `POST /v1/retrain`: a new model from the site's labels and an uploaded table.
extension HTTPServer {
    func addRetrainRoute(to router: Router<HTTPContext>) {
        router.post("/v1/retrain") { request, context in
            guard let retraining = parts.retraining else {
                throw Problem(
                    .notImplemented,
                    "this daemon does not retrain by itself; `siftd train` makes a model")
            }
            let table = try await spool(request, in: retraining.spoolFolder)
            let start = try await desk.run {
                do {
                    return try teaching { try retraining.retrain(table: table, by: .admin) }
                } catch {
                    if let table { unlink(table) }
                    throw error
                }
            }
            switch start {
            case .started(let job):
                var response = try Response.json(JobAnswer(job), status: .accepted)
                response.headers[.location] = "/v1/jobs/\(job.id)"
                return response
            case .busy(let job):
                if let table { unlink(table) }
                throw Problem(.conflict, "retraining \(job.id) runs; wait until it has ended")
            }
        }
    }

    /// Writes a table to a file, checking it on the way.
    ///
    /// - Returns: the file's path; nil for an empty body.
    private func spool(_ request: Request, in folder: String) async throws -> String? {
        let path = "\(folder)/upload-\(UUID().uuidString).csv"
        guard let file = SpoolFile(path) else {
            throw Problem(.noSpace, "the table can't be stored; siftd's log says more")
        }
        var check = TableCheck()
        var isKept = false
        defer { if !isKept { file.remove() } }
        var bytes = 0
        for try await chunk in request.body {
            bytes += chunk.readableBytes
            guard bytes <= limits.tableBytes else {
                throw Problem(
                    .contentTooLarge, "the table is larger than \(limits.tableBytes) bytes")
            }
            let part = Array(chunk.readableBytesView)
            do { try check.read(part) } catch { throw Problem(error) }
            guard await file.append(part) else {
                throw Problem(.noSpace, "there is no space for the table")
            }
        }
        guard bytes > 0 else { return nil }
        do { try check.finish() } catch { throw Problem(error) }
        isKept = true
        return path
    }
}

extension Problem {
    init(_ fault: TableFault) {
        self.init(.unprocessableContent, fault.description, headers: [.connection: "close"])
        row = fault
    }
}
