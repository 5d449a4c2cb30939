import Testing

@testable import FilterPolicy

@Suite struct ReasonHeaderTests {
    @Test(
        "Reasons are printable, folded and signed",
        arguments: [
            (
                [("free gift card", 2.13), ("click URL", -1.36)],
                "\"free gift card\"(+2.1),\n\t\"click URL\"(-1.4)"
            ),
            ([("say \"=?x?=\" now", 0.04)], "\"say '= ?x?=' now\"(+0.0)"),
            (
                [(String(repeating: "a", count: 60), 1)],
                "\"" + String(repeating: "a", count: 40) + "...\"(+1.0)"
            ),
            ([("приз", 1)], "=?UTF-8?B?ItC/0YDQuNC3Ig==?= (+1.0)"),
        ] as [([(String, Double)], String)])
    func reasons(_ reasons: [(String, Double)], value: String) {
        #expect(ReasonHeader.value(reasons.map { (text: $0.0, share: $0.1) }) == value)
    }

    @Test(
        "Reasons of any script keep to the line lengths of RFC 2047 and RFC 5322, whole ones only",
        arguments: ["слово ", "𝐯𝐢𝐚𝐠𝐫𝐚", "ფასი", "plain words "])
    func longReasons(word: String) {
        let text = String(repeating: word, count: 20)
        let value = ReasonHeader.value(Array(repeating: (text: text, share: 1), count: 5))
        let lines = "X-Spam-Reason: \(value)".split(separator: "\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.utf8.allSatisfy { $0 < 0x7F } })
        #expect(value.utf8.count <= 800 && value.hasSuffix("(+1.0)"))
    }

    @Test(
        "Shares beyond all measure are shown as the largest", arguments: [1e300, .infinity, .nan])
    func absurdShares(share: Double) {
        #expect(ReasonHeader.value([(text: "x", share: share)]) == "\"x\"(+999.0)")
    }

    @Test("Without reasons there is no value")
    func none() { #expect(ReasonHeader.value([]) == "") }

    @Test(
        "Shares have one decimal and a sign",
        arguments: [
            (0.0, "+0.0"), (-0.04, "-0.0"), (0.05, "+0.1"), (-12.34, "-12.3"), (999.96, "+999.0"),
            (-1e9, "-999.0"), (-Double.infinity, "-999.0"),
        ])
    func shares(_ share: Double, _ text: String) {
        #expect(ReasonHeader.value([(text: "x", share: share)]) == "\"x\"(\(text))")
    }

    @Test("Reasons beyond the limit are left out whole, and those before them kept")
    func limit() {
        let reason = (text: String(repeating: "x", count: 40), share: 1.0)
        let value = ReasonHeader.value(Array(repeating: reason, count: 100))
        let lines = value.split(separator: "\n")
        #expect(value.utf8.count <= 800 && value.utf8.count > 740)
        #expect(lines.allSatisfy { $0.contains("\"(+1.0)") })
    }

    @Test(
        "Nothing in a text can end its quotes or look like an encoded word",
        arguments: [
            ("a\"b", "\"a'b\"(+1.0)"), ("=?UTF-8?Q?x?=", "\"= ?UTF-8?Q?x?=\"(+1.0)"),
            ("wait…", "\"wait...\"(+1.0)"),
        ])
    func delimiters(_ text: String, _ value: String) {
        #expect(ReasonHeader.value([(text: text, share: 1)]) == value)
    }
}
