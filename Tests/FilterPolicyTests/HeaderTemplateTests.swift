import FilterPolicy
import Testing

@Suite struct HeaderTemplateTests {
    private func fields(_ templates: [String], labels: [String] = []) throws -> [String] {
        let judgement = Judgement(
            probability: 0.95, evidence: 50,
            thresholds: PolicyThresholds(PolicySettings(), modelTag: 0.9, modelReject: 0.99),
            settings: PolicySettings())
        return SpamHeaders.fields(
            for: judgement, templates: try templates.map { try HeaderTemplate($0) },
            model: "m 1", version: "2", labels: labels
        ).map { "\($0.name): \($0.value)" }
    }

    @Test(
        "Placeholders are filled in",
        arguments: [
            ("X-A: {flag} {yes_no} {verdict} {action}", "X-A: YES Yes spam add_header"),
            ("X-A: {score}/{required} {stars} {p}", "X-A: 7.50/5.00 ******* 0.9500"),
            ("X-A:{model};{version}", "X-A: m1;2"),
            ("X-A: plain", "X-A: plain"),
        ])
    func filled(_ template: String, _ field: String) throws {
        #expect(try fields([template]) == [field])
    }

    @Test("A field with nothing in it is left out")
    func empty() throws {
        #expect(try fields(["X-A: {labels}", "X-B: {reasons}", "X-C:"]).isEmpty)
        #expect(try fields(["X-A: {labels}"], labels: ["a", "b"]) == ["X-A: a, b"])
    }

    @Test("A long value is folded at spaces")
    func folded() throws {
        let labels = (0..<60).map { "label-\($0)" }
        let field = try #require(try fields(["X-A: {labels}"], labels: labels).first)
        let lines = field.split(separator: "\n")
        #expect(lines.count > 5 && lines.allSatisfy { $0.utf8.count <= 80 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("\t") })
        #expect(field.replacing("\n\t", with: " ") == "X-A: " + labels.joined(separator: ", "))
    }

    @Test(
        "What could break mail is not a template",
        arguments: [
            ("From: {flag}", "begins with X-"), ("X-A", "colon"), ("X-A: {flg}", "{flg}"),
            ("X-A: {flag", "without }"), ("X-A: ü", "ASCII"), ("X-A: a\r\nB: c", "ASCII"),
            ("X A: b", "begins with X-"),
        ])
    func refused(_ template: String, _ reason: String) {
        #expect {
            try HeaderTemplate(template)
        } throws: { ($0 as? HeaderTemplate.Defect)?.reason.contains(reason) == true }
    }

    @Test("A template reads back as it was written, and knows whether it shows reasons")
    func description() throws {
        let template = try HeaderTemplate("X-A:  {reasons} !")
        #expect(template.description == "X-A:  {reasons} !" && template.name == "X-A")
        #expect(template.namesReasons)
        #expect(try !HeaderTemplate("X-A: {score} reasons").namesReasons)
    }

    @Test("Name and value have their longest length")
    func lengths() throws {
        let name = "X-" + String(repeating: "a", count: 68)
        let value = String(repeating: "v", count: 500)
        #expect(try HeaderTemplate("\(name): \(value)").name == name)
        #expect(throws: HeaderTemplate.Defect.self) { try HeaderTemplate("\(name)a: v") }
        #expect(throws: HeaderTemplate.Defect.self) { try HeaderTemplate("\(name): \(value)v") }
    }

    @Test("All defaults are valid templates")
    func defaults() {
        #expect(
            HeaderTemplate.defaults.map(\.name) == [
                "X-Spam-Flag", "X-Spam-Score", "X-Spam-Status", "X-Spam-Level", "X-Spam-Reason",
                "X-Siftd-Label",
            ])
    }
}
