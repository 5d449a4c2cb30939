import Glibc

/// What a host is among others that share labels; the section `[fleet]` of the configuration.
public struct FleetOptions: Sendable, Equatable {
    /// Which host retrains the model.
    public enum Trainer: Sendable, Equatable, LosslessStringConvertible {
        /// Whichever finds first that it is time.
        case any
        /// None; a retraining is started elsewhere.
        case none
        /// The host of this name.
        case host(String)

        /// `any`, `none` or a host's name.
        public init?(_ text: String) {
            switch text {
            case "": return nil
            case "any": self = .any
            case "none": self = .none
            default: self = .host(text)
            }
        }

        /// `any`, `none` or a host's name.
        public var description: String {
            switch self {
            case .any: "any"
            case .none: "none"
            case .host(let name): name
            }
        }
    }

    /// This host's name; empty for the system's host name.
    public var host = ""
    /// Which host retrains.
    public var trainer = Trainer.any

    /// The defaults.
    public init() {}

    /// The name by which other hosts know this one.
    public var hostName: String { host.isEmpty ? FleetOptions.systemName : host }

    /// Whether this host retrains.
    public var mayTrain: Bool {
        switch trainer {
        case .any: true
        case .none: false
        case .host(let name): name == hostName
        }
    }

    private static let systemName: String = {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
}
