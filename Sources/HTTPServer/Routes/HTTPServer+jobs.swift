import Feedback
import Foundation
import HTTPTypes
import Hummingbird
import Models
import PortLimits
import SiteMemory

/// `/v1/jobs`: retrainings, running and past.
extension HTTPServer {
    /// Retrainings that are listed, and searched for one.
    private static let longestJobList = 1_000

    func addJobRoutes(to router: Router<HTTPContext>) {
        router.get("/v1/jobs") { _, _ in
            let store = try teacher().memory.store
            let jobs = try await desk.run { try teaching { try store.retrainings(limit: 50) } }
            return try Response.json(jobs.map(JobAnswer.init))
        }
        router.get("/v1/jobs/{id}") { _, context in
            let store = try teacher().memory.store
            let id = context.parameters.get("id").flatMap { Int64($0) }
            let jobs = try await desk.run {
                try teaching { try store.retrainings(limit: HTTPServer.longestJobList) }
            }
            guard let job = jobs.first(where: { $0.id == id }) else {
                throw Problem(.notFound, "there is no such job; /v1/jobs lists those there are")
            }
            return try Response.json(JobAnswer(job))
        }
    }
}

/// A retraining.
struct JobAnswer: Encodable {
    let id: Int64
    let state: String
    let reason: String
    let started: Int64
    let ended: Int64?
    let candidate: String?
    /// While it runs.
    let progress: JSONValue?
    /// The guard's.
    let figures: JSONValue?

    init(_ job: RetrainingJob) {
        id = job.id
        state = job.state.rawValue
        reason = job.reason
        started = job.started
        ended = job.ended
        candidate = job.candidate.isEmpty ? nil : job.candidate
        let value = try? JSONDecoder().decode(JSONValue.self, from: Data(job.figures.utf8))
        progress = job.state == .running ? value : nil
        figures = job.state == .running ? nil : value
    }
}
