import Settings

/// siftd.toml(5): every key of the configuration.
public struct SettingsPage {
    /// The page of all keys.
    public init() {}

    /// The page in mdoc(7).
    public var text: String {
        var page = MdocText()
        page.macro("Dd \(Manual.date)")
        page.macro("Dt SIFTD.TOML 5")
        page.macro("Os")
        page.macro("Sh NAME")
        page.macro("Nm siftd.toml")
        page.macro("Nd configuration of siftd")
        page.macro("Sh DESCRIPTION")
        page.words(Manual.settingsDescription)
        page.macro("Sh SECTIONS")
        var section = ""
        for key in SettingKey.all {
            if key.section != section {
                if !section.isEmpty { page.macro("El") }
                section = key.section
                page.macro("Ss Section \(section)")
                if let words = Manual.sectionDescriptions[section] { page.words(words) }
                page.macro("Bl -tag -width Ds")
            }
            page.macro("It Cm \(key.name) No = \(MdocText.argument(key.defaultValue))")
            page.words(key.comment)
            if key.needsRestart { page.words("A change needs a restart.") }
        }
        page.macro("El")
        page.macro("Ss Sections recipient")
        page.words(Manual.recipientDescription)
        page.macro("Bl -tag -width Ds")
        for (name, words) in Manual.recipientKeys {
            page.macro("It Cm \(name)")
            page.words(words)
        }
        page.macro("El")
        if !FormerKey.all.isEmpty {
            page.macro("Sh FORMER KEYS")
            page.words(
                "Keys of earlier versions are still read, with a warning, for one release.")
            page.macro("Bl -tag -width Ds")
            for key in FormerKey.all {
                page.macro("It Cm \(key.path)")
                page.words(key.advice)
            }
            page.macro("El")
        }
        page.macro("Sh FILES")
        page.macro("Bl -tag -width Ds")
        page.macro("It Pa /etc/siftd/siftd.toml")
        page.macro("It Pa /etc/siftd/conf.d/*.toml")
        page.macro("El")
        page.macro("Sh SEE ALSO")
        page.macro("Xr siftd-headers 7 ,")
        page.macro("Xr siftd 8")
        return page.text
    }
}
