import Feedback
import HTTPTypes
import ModelRegistry
import Models
import SiteMemory

/// Runs work with the label store or the registry and makes problems of their errors.
func teaching<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as FeedbackError {
        throw Problem(error)
    } catch let error as TeachingError {
        throw Problem(error.status, error.description)
    } catch let error as RegistryError {
        throw Problem(error)
    } catch let error as ModelError {
        throw Problem(.conflict, "the model can't be loaded: \(error.reason)")
    }
}

extension TeachingError {
    /// What a client is answered.
    var status: HTTPResponse.Status {
        switch self {
        // Another try can't succeed before something else changes.
        case .noModel, .otherLabels: .conflict
        case .unknownLabel: .badRequest
        case .notScored: .serviceUnavailable
        }
    }
}

extension Problem {
    /// The store's reason, without the path of its file.
    init(_ error: FeedbackError) {
        switch error.kind {
        case .invalid: self.init(.badRequest, error.reason)
        case .full: self.init(.noSpace, "the label store has no space left")
        case .busy: self.init(.serviceUnavailable, "the label store is busy", retryAfter: 5)
        case .unavailable:
            self.init(.serviceUnavailable, "the label store does not answer", retryAfter: 5)
        case .leaseLost: self.init(.conflict, "the retraining does not run any more")
        case .missingDirectory, .notWritable, .corrupt, .newerVersion, .failed:
            self.init(.internalServerError, "the label store can't be used; siftd's log says more")
        }
    }

    /// The registry's reason, without its path.
    init(_ error: RegistryError) {
        switch error.kind {
        case .unknownVersion: self.init(.notFound, error.reason)
        case .exists, .damaged, .unfit: self.init(.conflict, error.reason)
        case .full: self.init(.noSpace, "the model registry has no space left")
        case .busy: self.init(.serviceUnavailable, "the model registry is busy", retryAfter: 5)
        case .missingDirectory, .failed:
            self.init(
                .internalServerError, "the model registry can't be used; siftd's log says more")
        }
    }
}
