import Checksums
import Foundation
import ModelRegistry
import PostgreSQL

/// Models in the database.
extension FleetStore {
    /// Bytes of one row of content: few enough for one statement on a slow line.
    private static let partBytes = 2 << 20
    /// Seconds that a row may take.
    private static let partSeconds = 60.0
    /// Activations whose models are kept.
    private static let keptActivations = 20
    /// Seconds for which content without a model is kept: an upload may be in progress.
    private static let uploadSeconds = 86_400.0
    /// The largest file that is fetched, in bytes.
    private static let largestFile: Int64 = 4 << 30

    /// Puts a model into the database, unless it has it already.
    ///
    /// - Parameters:
    ///   - bundle: the model's files.
    ///   - trust: signs it.
    ///   - host: who does.
    /// - Returns: the digest.
    /// - Throws: ``FleetError``.
    @discardableResult
    public func publish(
        _ bundle: LocalBundle, trust: ModelTrust, host: String
    ) throws(FleetError) -> String {
        let manifest = bundle.manifest
        let signature = try trust.signature(of: manifest)
        try run { connection in
            for file in manifest.files { try upload(file, of: bundle, connection) }
            try connection.transaction { connection in
                try FleetStore.lock(connection)
                for file in manifest.files {
                    let stored = try connection.run(
                        "SELECT coalesce(sum(length(content)), 0)::bigint FROM fleet_blob "
                            + "WHERE sha256 = $1", [.text(file.sha256)])
                    // Another host may have removed parts that were there when the upload began.
                    guard try stored.first?.int(0) == file.bytes else {
                        throw FleetError(.unavailable, "\(file.name) is not complete; try again")
                    }
                }
                try connection.run(
                    """
                    INSERT INTO fleet_model (digest, model, manifest, signature, lineage, bytes,
                        host, created)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, \(FleetStore.now))
                    ON CONFLICT (digest) DO UPDATE
                    SET signature = coalesce(excluded.signature, fleet_model.signature)
                    """,
                    [
                        .text(manifest.digest), .text(bundle.id), .text(manifest.text),
                        signature.map { .bytes($0) } ?? .null, .text(bundle.lineage),
                        .int(manifest.bytes), .text(host),
                    ])
            }
        }
        return manifest.digest
    }

    private func upload(
        _ file: ModelManifest.File, of bundle: LocalBundle, _ connection: PostgreSQLConnection
    ) throws {
        let stored = try connection.run(
            "SELECT part FROM fleet_blob WHERE sha256 = $1", [.text(file.sha256)])
        let known = Set(try stored.rows.map { try $0.int(0) })
        try connection.withLimit(seconds: FleetStore.partSeconds) { connection in
            try bundle.read(file, partBytes: FleetStore.partBytes) { part, bytes in
                guard !known.contains(part) else { return }
                try connection.run(
                    """
                    INSERT INTO fleet_blob (sha256, part, content, created)
                    VALUES ($1, $2, $3, \(FleetStore.now)) ON CONFLICT DO NOTHING
                    """, [.text(file.sha256), .int(part), .bytes(bytes)])
            }
        }
    }

    /// Brings a model from the database to a folder.
    ///
    /// The signature is checked before anything is fetched, and the digest of each file after.
    ///
    /// - Parameters:
    ///   - digest: of its manifest.
    ///   - folder: an empty folder.
    ///   - trust: whose models are taken.
    /// - Returns: where the model comes from.
    /// - Throws: ``FleetError`` of the kinds `unknown`, `untrusted`, `damaged` and others.
    public func fetch(
        _ digest: String, to folder: String, trust: ModelTrust
    ) throws(FleetError) -> ModelLineage {
        try run { connection in
            let found = try connection.run(
                "SELECT manifest, signature, lineage FROM fleet_model WHERE digest = $1",
                [.text(digest)])
            guard let row = found.first else {
                throw FleetError(.unknown, "the database has no model \(digest)")
            }
            guard let manifest = ModelManifest(text: try row.text(0)), manifest.digest == digest
            else { throw FleetError(.damaged, "the manifest of \(digest) is not the one signed") }
            try trust.check(try row.isNull(1) ? nil : row.bytes(1), of: manifest)
            for file in manifest.files {
                guard ModelRegistry.bundleFiles.contains(file.name),
                    file.bytes <= FleetStore.largestFile
                else { throw FleetError(.damaged, "\(file.name) is no file of a model") }
                try download(file, to: "\(folder)/\(file.name)", connection)
            }
            let lineage = Data(try row.text(2).utf8)
            return (try? JSONDecoder().decode(ModelLineage.self, from: lineage))
                ?? ModelLineage(origin: .imported, added: Int64(Date().timeIntervalSince1970))
        }
    }

    /// Checks what an earlier upload left of a model that this host has: nothing is fetched.
    func checkSignature(_ digest: String, trust: ModelTrust) throws(FleetError) {
        try run { connection in
            let found = try connection.run(
                "SELECT manifest, signature FROM fleet_model WHERE digest = $1", [.text(digest)])
            guard let row = found.first, let manifest = ModelManifest(text: try row.text(0)),
                manifest.digest == digest
            else { throw FleetError(.unknown, "the database has no model \(digest)") }
            try trust.check(try row.isNull(1) ? nil : row.bytes(1), of: manifest)
        }
    }

    private func download(
        _ file: ModelManifest.File, to path: String, _ connection: PostgreSQLConnection
    ) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw FleetError(.failed, "\(path) can't be written") }
        defer { try? handle.close() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(file.bytes))
        try connection.withLimit(seconds: FleetStore.partSeconds) { connection in
            var part: Int64 = 0
            while bytes.count < file.bytes {
                let found = try connection.run(
                    "SELECT content FROM fleet_blob WHERE sha256 = $1 AND part = $2",
                    [.text(file.sha256), .int(part)])
                guard let row = found.first else {
                    throw FleetError(.damaged, "the database lacks a part of \(file.name)")
                }
                bytes += try row.bytes(0)
                part += 1
            }
        }
        guard SHA256.hex(bytes) == file.sha256 else {
            throw FleetError(.damaged, "\(file.name) is not what its digest says")
        }
        try handle.write(contentsOf: Data(bytes))
        try handle.synchronize()
    }

    /// Removes models that no recent activation has, and content that no model has.
    static func removeOldModels(_ connection: PostgreSQLConnection) throws {
        try connection.run(
            """
            DELETE FROM fleet_model WHERE digest NOT IN
                (SELECT digest FROM fleet_activation WHERE state = 'active'
                 ORDER BY revision DESC LIMIT $1)
            AND digest NOT IN (SELECT digest FROM fleet_activation WHERE state = 'proposed')
            AND created < \(now) - $2
            """, [.int(Int64(keptActivations)), .double(uploadSeconds)])
        try connection.run(
            """
            DELETE FROM fleet_blob WHERE created < \(now) - $1
            AND NOT EXISTS (SELECT 1 FROM fleet_model
                WHERE position(fleet_blob.sha256 IN fleet_model.manifest) > 0)
            """, [.double(uploadSeconds)])
    }
}
