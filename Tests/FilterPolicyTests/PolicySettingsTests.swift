import FilterPolicy
import Testing

@Suite struct PolicySettingsTests {
    @Test("A recipient's policy is found by address, then by domain")
    func recipients() throws {
        var settings = PolicySettings()
        var domain = RecipientPolicy()
        domain.tagThreshold = 0.99
        var address = RecipientPolicy()
        address.judges = false
        settings.recipients = ["example.org": domain, "boss@example.org": address]
        func names(_ addresses: String...) -> [String] {
            settings.applied(to: addresses).map(\.name)
        }
        #expect(names("a@example.org", "b@EXAMPLE.org") == ["example.org"])
        #expect(names("Boss@Example.org") == ["boss@example.org"])
        #expect(names("a@example.net", "a@example.org") == ["", "example.org"])
        #expect(names() == [""])
        let applied = try #require(settings.applied(to: ["a@example.org"]).first)
        #expect(applied.settings.tagThreshold == 0.99 && applied.judges)
        #expect(settings.applied(to: ["boss@example.org"]).allSatisfy { !$0.judges })
    }

    @Test("A recipient's policy inherits the general settings that it doesn't replace")
    func inherited() throws {
        var settings = PolicySettings()
        settings.tagThreshold = 0.8
        settings.rejects = true
        settings.rejectThreshold = 0.95
        settings.rules = [ActionRule(.quarantine, .modelThreshold)]
        var policy = RecipientPolicy()
        policy.unsureThreshold = 0.3
        policy.rejects = false
        settings.recipients = ["example.org": policy, "example.net": RecipientPolicy()]
        let applied = try #require(settings.applied(to: ["a@example.org"]).first)
        var expected = settings
        expected.unsureThreshold = 0.3
        expected.rejects = false
        #expect(applied.settings == expected && applied.judges)
        #expect(try #require(settings.applied(to: ["a@example.net"]).first).settings == settings)
    }

    @Test(
        "Addresses without a policy have the general one",
        arguments: ["", "example.org", "a@sub.example.org", "a@", "a@example.org@"])
    func general(_ address: String) {
        var settings = PolicySettings()
        settings.recipients = ["example.org": RecipientPolicy()]
        let names = settings.applied(to: [address]).map(\.name)
        #expect(names == (address == "example.org" ? ["example.org"] : [""]))
    }

    @Test(
        "Forged fields are known whatever their case",
        arguments: [
            ("X-Spam-Status", true), ("x-SPAM-flag", true), ("X-Spambayes", true),
            ("X-Bogosity", true), ("X-Mailer", false), ("Subject", false),
        ])
    func forged(_ name: String, _ isForged: Bool) {
        var settings = PolicySettings()
        settings.removedHeaders = ["x-bogosity"]
        #expect(settings.isForged(name) == isForged)
    }

    @Test("The fields that siftd adds are forged in inbound mail")
    func added() throws {
        var settings = PolicySettings()
        #expect(settings.isForged("X-SIFTD-LABEL") && !settings.isForged("X-Mine"))
        settings.headers = [try HeaderTemplate("X-Mine: {flag}")]
        #expect(settings.isForged("x-mine") && !settings.isForged("X-Siftd-Label"))
        #expect(
            !settings.isForged("X-Min") && !settings.isForged("") && !settings.isForged("X-Spa"))
    }
}
