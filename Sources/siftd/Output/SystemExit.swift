import ArgumentParser
import Corpora
import Feedback
import FilterPolicy
import Fleet
import Foundation
import Glibc
import KerasImport
import Learning
import Milter
import ModelRegistry
import Models
import Retraining
import Scoring
import Settings
import SiftdDaemon
import SiteMemory
import SpamFilter
import TextCNN

/// Exit codes of sysexits(3), from 64 up.
enum SystemExit {
    static let usage: Int32 = 64
    static let badData: Int32 = 65
    static let noInput: Int32 = 66
    static let unavailable: Int32 = 69
    static let internalFault: Int32 = 70
    static let cannotCreate: Int32 = 73
    static let notPermitted: Int32 = 77
    static let configuration: Int32 = 78

    /// Runs a command; an error is printed on standard error and becomes the exit code.
    static func reporting<Result>(_ work: () async throws -> Result) async throws -> Result {
        do { return try await work() } catch let code as ExitCode { throw code } catch let error
            as ValidationError
        {
            throw error
        } catch {
            complain(line(for: error))
            throw ExitCode(code(for: error))
        }
    }

    /// Foundation describes its own errors by domain, number and dictionary.
    private static func line(for error: any Error) -> String {
        guard let cocoa = error as? CocoaError else { return "\(error)" }
        return (cocoa.filePath.map { "\($0): " } ?? "") + error.systemWords
    }

    static func complain(_ text: String) {
        let bytes = Array("siftd: \(text)\n".utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }

    /// A remark on standard error, for a command that goes on.
    static func note(_ text: String) { complain("note: \(text)") }

    static func code(for error: any Error) -> Int32 {
        switch error {
        case is SettingsErrors: return configuration
        case let error as CrashJournal.OpenError where error.kind == .notAJournal:
            return configuration
        case is MilterServer.StartError, is SpamdStartError, is HTTPStartError,
            is ControlStartError, is FeedbackError:
            return unavailable
        case let error as SiteFolder.OpenError: return error.isMissing ? noInput : cannotCreate
        case let error as FileError:
            switch error.kind {
            case .missing: return noInput
            case .unreadable: return badData
            case .notWritable: return cannotCreate
            }
        case is LabelSelection.ParseError, is LabelSource.ParseError: return usage
        case let error as ControlClient.Failure:
            switch error.kind {
            case .absent, .broken: return unavailable
            case .denied: return notPermitted
            case .refused(let status): return (400...499).contains(status) ? badData : unavailable
            }
        case let error as ModelError:
            switch error.kind {
            case .exists, .notWritable: return cannotCreate
            case .missing, .damaged, .malformed, .unsupported, .unfit: return badData
            }
        case let error as CorpusError:
            switch error.kind {
            case .missing: return noInput
            case .unreadable, .malformed, .unlabelled, .empty: return badData
            }
        case let error as TrainingError: return error.kind == .missing ? noInput : badData
        case let error as KerasImportError: return error.isMissing ? noInput : badData
        case is TeachingError: return badData
        case let error as RetrainingError:
            switch error.kind {
            case .unfitModel, .tooFewLabels, .table: return badData
            case .noBaseData, .missingTable: return noInput
            case .busy, .notStarted, .cancelled: return unavailable
            }
        case let error as FleetError:
            switch error.kind {
            case .unavailable, .failed, .newerVersion: return unavailable
            case .unknown: return noInput
            case .damaged, .untrusted: return badData
            case .key: return configuration
            }
        case let error as RegistryError:
            switch error.kind {
            case .missingDirectory, .unknownVersion: return noInput
            case .damaged, .unfit: return badData
            case .full, .exists, .failed: return cannotCreate
            case .busy: return unavailable
            }
        case let error as CocoaError:
            switch error.code.rawValue {
            case CocoaError.Code.fileNoSuchFile.rawValue,
                CocoaError.Code.fileReadNoSuchFile.rawValue:
                return noInput
            // Of reading and of writing files, see FoundationErrors.h.
            case 256...511: return badData
            case 512...1_023: return cannotCreate
            default: return internalFault
            }
        default: return internalFault
        }
    }
}
