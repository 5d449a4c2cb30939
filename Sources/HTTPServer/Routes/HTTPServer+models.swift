import HTTPTypes
import Hummingbird
import ModelRegistry
import Models
import PortLimits
import Scoring

/// `/v1/models`: versions of the model, and which of them is in force.
extension HTTPServer {
    func addModelRoutes(to router: Router<HTTPContext>) {
        router.get("/v1/models") { _, _ in
            guard let shelf = parts.shelf else {
                // Without a registry there is one version: the one in force.
                let model = parts.classifier()?.judge.model
                return try Response.json(model.map { [ModelAnswer(inForce: $0)] } ?? [])
            }
            let models = try await desk.run { try teaching { try shelf.models() } }
            return try Response.json(models.map(ModelAnswer.init))
        }
        router.get("/v1/models/{id}") { _, context in
            let id = try context.parameters.require("id")
            guard let shelf = parts.shelf else {
                guard let model = parts.classifier()?.judge.model, model.id == id else {
                    throw Problem(.notFound, "there is no such version; /v1/models lists them")
                }
                return try Response.json(
                    ModelDetailsAnswer(ModelAnswer(inForce: model), report: model.report))
            }
            let details = try await desk.run { try teaching { try shelf.details(id) } }
            return try Response.json(
                ModelDetailsAnswer(
                    ModelAnswer(details.model), report: details.report,
                    activations: details.activations))
        }
        router.post("/v1/models/{id}/activate") { _, context in
            let shelf = try shelf()
            let id = try context.parameters.require("id")
            try await desk.run { try teaching { try shelf.activate(id, reason: "by HTTP") } }
            return try Response.json(["active": id])
        }
        router.post("/v1/models/rollback") { _, _ in
            let shelf = try shelf()
            let id = try await desk.run { try teaching { try shelf.rollback(reason: "by HTTP") } }
            return try Response.json(["active": id])
        }
    }

    private func shelf() throws -> any ModelShelf {
        guard let shelf = parts.shelf else {
            throw Problem(
                .notImplemented,
                "there is no model registry: name its link \"active\" as model.directory")
        }
        return shelf
    }
}

/// A version of the model.
struct ModelAnswer: Encodable {
    let id: String
    let active: Bool
    let isRollbackTarget: Bool
    let origin: String?
    let parent: String?
    let added: Int64?
    let labels: Int?
    let figures: JSONValue?
    let bytes: Int64?

    init(_ model: RegisteredModel) {
        id = model.id
        active = model.isActive
        isRollbackTarget = model.isRollbackTarget
        origin = model.lineage?.origin.rawValue
        parent = model.lineage?.parent
        added = model.lineage?.added
        labels = model.lineage?.labels
        figures = model.lineage?.guardFigures
        bytes = model.bytes
    }

    /// A model that is in no registry.
    init(inForce model: ScoringModel) {
        id = model.id
        active = true
        isRollbackTarget = false
        origin = nil
        parent = nil
        added = nil
        labels = nil
        figures = nil
        bytes = nil
    }

    enum CodingKeys: String, CodingKey {
        case id, active, origin, parent, added, labels, figures, bytes
        case isRollbackTarget = "rollback_target"
    }
}

/// A version with what its files say.
struct ModelDetailsAnswer: Encodable {
    let model: ModelAnswer
    let report: JSONValue
    let activations: [ModelActivation]

    init(_ model: ModelAnswer, report: JSONValue, activations: [ModelActivation] = []) {
        self.model = model
        self.report = report
        self.activations = activations
    }
}
