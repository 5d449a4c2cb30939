import Glibc
import Settings
import SiftdDaemon
import SiteMemory

extension Check {
    /// The daemon's user may read and write what it must, others may not read secrets.
    @Sendable static func files(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        var findings = readable(settings, site)
        let isDefault = settings.learn.directory.isEmpty
        let state = isDefault ? Paths.state : settings.learn.directory
        if settings.learn.isOn {
            findings += stateFolder(state, isDefault: isDefault, site)
        } else {
            findings.append(Finding("files", .skipped, "learn.enabled is false: nothing is kept"))
        }
        for path in [settings.http.readTokenFile, settings.http.writeTokenFile]
        where !path.isEmpty {
            if let status = site.files.status(path), status.st_mode & 0o007 != 0 {
                findings.append(
                    Finding(
                        "files", .failure, "everybody may read the token in \(path)",
                        remedy: "chmod o= \(path)"))
            }
        }
        if findings.allSatisfy({ $0.state <= .ok }) {
            findings.append(
                Finding("files", .ok, "user \(site.daemonUser.name) may read and write its files"))
        }
        return findings
    }

    /// Files that are configured.
    private static func readable(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        let configured = [
            settings.http.readTokenFile, settings.http.writeTokenFile, settings.learn.reservoir,
            site.configuration,
        ]
        return (settings.lists.paths + configured).filter { !$0.isEmpty }.compactMap { path in
            site.files.obstacle(to: path, .read, for: site.daemonUser).map { obstacle in
                Finding(
                    "files", .failure, obstacle,
                    remedy: site.files.exists(path)
                        ? "chgrp \(site.daemonUser.name) \(path) && chmod g+r \(path)"
                        : "create \(path), or remove it from the configuration")
            }
        }
    }

    private static func stateFolder(
        _ path: String, isDefault: Bool, _ site: Surroundings
    ) -> [Finding] {
        let user = site.daemonUser.name
        guard let status = site.files.status(path) else {
            return [
                Finding(
                    "files", isDefault ? .warning : .failure,
                    "\(path) does not exist, so nothing is learnt",
                    remedy: "install -d -o \(user) -g \(user) -m 750 \(path)")
            ]
        }
        var findings: [Finding] = []
        if let obstacle = site.files.obstacle(to: path, .change, for: site.daemonUser) {
            findings.append(
                Finding(
                    "files", isDefault ? .warning : .failure,
                    "\(obstacle), so nothing is learnt", remedy: "chown -R \(user) \(path)"))
        }
        if isDefault { findings += leftByRoot(path, site) }
        if status.st_mode & 0o002 != 0 {
            findings.append(
                Finding(
                    "files", .failure, "everybody may write into \(path)",
                    remedy: "chmod o= \(path)"))
        }
        if let free = site.files.freeBytes(path), free < leastFreeBytes {
            findings.append(
                Finding(
                    "files", .warning, "only \(free >> 20) MiB are free at \(path)",
                    remedy: "labels and models need some hundred MiB"))
        }
        return findings
    }

    /// What the daemon must change below the state's folder, by what is lost if it can't.
    private static let changed: [(name: String, need: FileTree.Need, loss: String)] = [
        ("learn", .change, "nothing is learnt"),
        ("learn/labels.sqlite", .write, "nothing is learnt"),
        ("models", .change, "no retrained model is kept"),
        ("models/lock", .write, "no retrained model is kept"),
        ("models/versions", .change, "no retrained model is kept"),
    ]

    /// Files that a command of another user has made, or a restore.
    private static func leftByRoot(_ path: String, _ site: Surroundings) -> [Finding] {
        changed.compactMap { name, need, loss in
            guard site.files.exists("\(path)/\(name)"),
                let obstacle = site.files.obstacle(
                    to: "\(path)/\(name)", need, for: site.daemonUser)
            else { return nil }
            return Finding(
                "files", .failure, "\(obstacle), so \(loss)",
                remedy: "chown -R \(site.daemonUser.name): \(path)")
        }
    }

    /// A label store and a few versions of a model.
    private static let leastFreeBytes = 256 << 20
}
