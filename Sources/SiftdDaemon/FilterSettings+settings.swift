import MailText
import Models
import Scoring
import Settings
import SpamFilter
import Telemetry

extension FilterSettings {
    /// What a message is filtered by, from the configuration and the files it names.
    ///
    /// - Throws: ``SettingsErrors`` of allow and deny files.
    public init(_ settings: SiftdSettings, model: ScoringModel?) throws {
        self.init()
        self.model = model
        policy = settings.policy
        mailLimits = MailLimits(settings)
        deadline = settings.deadline
        exemption.networks = settings.exemptNetworks
        exemption.authenticated = settings.exemptAuthenticated
        exemption.local = settings.exemptLocal
        exemption.size = settings.exemptSize > 0 ? settings.exemptSize : nil
        exemption.authservID = settings.authservID
        (exemption.allowed, exemption.denied) = try AccessFiles.read(
            allow: settings.allowFiles, deny: settings.denyFiles, authservID: settings.authservID)
        switch settings.logAddresses {
        case .plain: logAddresses = .plain
        case .omitted: logAddresses = .omitted
        case .hashed: logAddresses = .hashed
        }
    }
}

extension MailLimits {
    init(_ settings: SiftdSettings) {
        self.init()
        bodyBytes = settings.bodyLimit
        headerFields = settings.headerFieldLimit
        headerBytes = settings.headerLimit
        decodedBytes = settings.decodedLimit
        parts = settings.partLimit
        depth = settings.depthLimit
        textBytes = settings.textLimit
        links = settings.linkLimit
        tokens = settings.tokenLimit
        seconds = settings.timeLimit
    }
}

extension SiftdSettings {
    /// The files of lists, which are watched.
    var accessFiles: [String] { allowFiles + denyFiles }
}
