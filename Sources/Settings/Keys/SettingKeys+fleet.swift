import Fleet

extension SettingKey {
    /// How hosts share their model.
    static let fleetModels = [
        SettingKey.flag(
            "fleet", "share_models", \.fleetModels.isShared,
            """
            Whether a model that becomes active on one host does so on all, where store.url names a
            database. Then model.directory is the link "active" of learn.registry, or neither is set.
            """
        ).restarting,
        .list(
            "fleet", "trusted_keys", \.fleetModels.trustedKeys,
            """
            Public keys as `siftd model keygen` prints them. With any, this host takes only models
            that one of them has signed, whatever the database says.
            """, entry: publicKey, show: { $0 }
        ).restarting,
        .text(
            "fleet", "signing_key", \.fleetModels.signingKey,
            """
            File of the private key that signs the models of this host, such as the one that
            retrains; others can't read it. "" for none.
            """, check: { try absolutePath($0.string()) }
        ).restarting,
    ]

    private static func publicKey(_ text: String) throws -> String {
        guard ModelTrust.publicKey(text) != nil else {
            throw ValueError("holds \"\(text)\", which is no public key in base64")
        }
        return text
    }
}
