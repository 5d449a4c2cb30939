import Foundation
import Milter
import Models
import PostgreSQL
import Settings
import SiftdDaemon

/// What the checks may look at: files, users, Postfix and the running daemon.
///
/// Tests give a folder and closures in the place of the system's.
public struct Surroundings: Sendable {
    /// As read, or what is wrong with it.
    public var settings: Result<SiftdSettings, SettingsErrors>
    /// The configuration file; empty for none.
    public var configuration = ""
    /// Put in front of every path that is looked at.
    public var root = ""
    /// Who runs the daemon.
    public var daemonUser: Account
    /// A user by its name; nil where there is none.
    public var account: @Sendable (String) -> Account? = { Account(system: $0) }
    /// What postconf(1) prints for arguments; nil where there is no Postfix.
    public var postconf: @Sendable ([String]) -> String? = { _ in nil }
    /// Loads the model that the settings name, or says why it can't.
    public var loadModel: @Sendable (SiftdSettings) -> Result<ScoringModel, ModelError>
    /// Passes a message through a socket of the milter; nil to send none.
    public var sendMessage:
        (@Sendable (SocketAddress) -> Result<MilterTrial.Answer, MilterTrial.Failure>)?
    /// Asks the database that the settings name; nil to ask none.
    public var askDatabase:
        (@Sendable (SiftdSettings) -> Result<DatabaseTrial.Answer, PostgreSQLError>)?
    /// The time.
    public var now = Date()

    var files: FileTree { FileTree(root: root) }

    /// Surroundings of the system without Postfix, that send no message.
    ///
    /// - Parameters:
    ///   - settings: as read, or what is wrong with it.
    ///   - daemonUser: who runs the daemon.
    public init(_ settings: Result<SiftdSettings, SettingsErrors>, daemonUser: Account) {
        self.settings = settings
        self.daemonUser = daemonUser
        loadModel = { settings in
            do throws(ModelError) { return .success(try ScoringModel.load(settings)) } catch {
                return .failure(error)
            }
        }
    }
}
