import FilterPolicy
import Testing

@testable import Settings

@Suite struct ConfigurationValueTests {
    @Test(
        "A time needs its unit and its range",
        arguments: [
            (.string("15s"), 15), (.string("500ms"), 0.5), (.string("2m"), 120),
            (.string("1h"), 3_600), (.string("1.5s"), 1.5), (.integer(15), nil),
            (.string("15"), nil), (.string("s"), nil), (.string("-1s"), nil),
            (.string("2h"), nil), (.string("15 s"), nil), (.bool(true), nil),
        ] as [(ConfigurationValue, Double?)])
    func seconds(_ value: ConfigurationValue, _ seconds: Double?) {
        #expect((try? value.seconds(0...3_600)) == seconds)
    }

    @Test(
        "A size needs its unit and its range",
        arguments: [
            (.string("1MiB"), 1_048_576), (.string("500KiB"), 512_000), (.string("7B"), 7),
            (.string("1GiB"), 1 << 30), (.string("2GiB"), nil), (.integer(7), nil),
            (.string("1MB"), nil), (.string("99999999999999999GiB"), nil), (.string("-1B"), nil),
        ] as [(ConfigurationValue, Int?)])
    func bytes(_ value: ConfigurationValue, _ bytes: Int?) {
        #expect((try? value.bytes(0...1 << 30)) == bytes)
    }

    @Test(
        "A probability is a number from 0 to 1",
        arguments: [
            (.number(0.5), 0.5), (.integer(0), 0), (.integer(1), 1), (.number(1.5), nil),
            (.number(.nan), nil), (.string("0.5"), nil), (.integer(-1), nil),
        ] as [(ConfigurationValue, Double?)])
    func probability(_ value: ConfigurationValue, _ number: Double?) {
        #expect((try? value.probability()) == number)
    }

    @Test("A word that is none of the choices gets the nearest one as a hint")
    func choice() throws {
        #expect(try ConfigurationValue.string("Quarantine").choice(FaultAction.self) == .quarantine)
        #expect {
            try ConfigurationValue.string("quarantin").choice(FaultAction.self)
        } throws: {
            ($0 as? ValueError)?.reason.hasSuffix("; did you mean \"quarantine\"?") == true
        }
        #expect {
            try ConfigurationValue.integer(1).choice(FaultAction.self)
        } throws: {
            ($0 as? ValueError)?.reason
                == "must be one of \"tempfail\", \"accept\", \"quarantine\""
        }
    }

    @Test(
        "Values are shown as they read back",
        arguments: [
            (Shown.bytes(1 << 20), "\"1MiB\""), (Shown.bytes(1_536), "\"1536B\""),
            (Shown.bytes(0), "\"0B\""), (Shown.seconds(15), "\"15s\""),
            (Shown.seconds(0.25), "\"250ms\""), (Shown.text("a\"\\"), "\"a\\\"\\\\\""),
            (Shown.list(["a", "b"]), "[\"a\", \"b\"]"), (Shown.list([]), "[]"),
        ])
    func shown(_ text: String, _ expected: String) { #expect(text == expected) }
}

@Suite struct NearestTests {
    @Test(
        "A typing error finds its word, and nothing finds none",
        arguments: [
            ("tag_treshold", "tag_threshold"), ("mod", "mode"), ("rejekt", "reject"),
            ("zzzzzzzz", nil), ("socket", nil),
        ] as [(String, String?)])
    func words(_ word: String, _ expected: String?) {
        #expect(nearest(word, among: ["tag_threshold", "mode", "reject"]) == expected)
    }

    @Test(
        "Distances are Levenshtein's",
        arguments: [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2)])
    func distance(_ left: String, _ right: String, _ edits: Int) {
        #expect(editDistance(left, right) == edits)
        #expect(editDistance(right, left) == edits)
    }
}

@Suite struct KeyPlacesTests {
    private let places = KeyPlaces(
        """
        # comment = 1
        top.key = 1

        [ one ]
        a = 1 # b = 2
        "b" = 2
        [two]
        a = 3
        """)

    @Test("Keys are found on their lines, and unknown ones at their section")
    func lines() {
        #expect(places.line("one", "a") == 5)
        #expect(places.line("one", "b") == 6)
        #expect(places.line("two", "a") == 8)
        #expect(places.line("two", "missing") == 7)
        #expect(places.line("top", "key") == 2)
        #expect(places.line("", "comment") == 0)
        #expect(places.line(ofSection: "two") == 7)
    }
}
