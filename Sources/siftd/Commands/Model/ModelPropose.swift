import ArgumentParser
import Fleet
import Foundation
import Glibc
import ModelRegistry
import Settings
import SiftdDaemon
import SiteMemory

struct ModelPropose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Propose a version to all hosts that share a model, or go back with all.",
        discussion: """
            The version is put into the database that store.url names. Every host fetches and \
            checks it, loads it beside the old one, and changes to it once all are ready. No \
            daemon is needed on this host. With --key it is signed by a key that need not be on \
            any filter host.
            """)

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var registry: ConfiguredRegistryOption
    @Option(
        help: .init("Private key that signs it (default: fleet.signing_key).", valueName: "file"))
    var key: String?
    @Option(help: .init("Why, for the history.", valueName: "text")) var reason = "siftd model"
    @Option(
        help: .init("Seconds to wait for the hosts; 0 for none.", valueName: "seconds"))
    var wait = 120.0
    @Flag(help: "Propose the model that all hosts had before.") var rollback = false
    @Argument(help: .init("The version; not with --rollback.", valueName: "id")) var id: String?

    private static let pause: UInt32 = 200_000

    func validate() throws {
        guard rollback == (id == nil) else {
            throw ValidationError("name a version, or give --rollback")
        }
    }

    func run() async throws {
        try await SystemExit.reporting {
            let settings = try configuration.settings()
            let store = FleetStore(try settings.store.pool())
            let host = settings.fleet.hostName
            let revision: Int64
            if let id {
                let trust = try ModelTrust(
                    trusted: [], signingKeyFile: key ?? settings.fleetModels.signingKey)
                let registry = try ModelRegistry(path: registry.path(settings))
                let bundle = try LocalBundle(id, of: registry)
                let digest = try store.publish(bundle, trust: trust, host: host)
                revision = try store.propose(digest, host: host, reason: reason)
            } else {
                let proposal = try store.proposeRollback(host: host, reason: reason)
                SystemExit.note("going back to \(proposal.model)")
                revision = proposal.revision
            }
            try report(store, revision)
        }
    }

    private func report(_ store: FleetStore, _ revision: Int64) throws {
        let end = ContinuousClock.now + .seconds(wait)
        while true {
            let activation = try store.activation(revision)
            switch activation.state {
            case .active: return print("\(activation.model) is active as \(revision)")
            case .withdrawn:
                throw FleetError(.failed, "\(activation.model): \(activation.outcome)")
            case .proposed: break
            }
            guard ContinuousClock.now < end else {
                print(
                    "\(activation.model) is proposed as \(revision); siftd status --fleet "
                        + "shows who is ready")
                return
            }
            usleep(ModelPropose.pause)
        }
    }
}
