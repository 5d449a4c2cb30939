import Testing

@testable import Learning

@Suite struct ReportPageTests {
    @Test(
        "Characters with a meaning in HTML are escaped, in attributes as well",
        arguments: [
            ("", ""), ("plain ü", "plain ü"), ("a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;"),
            ("&amp;", "&amp;amp;"), ("</script>", "&lt;/script&gt;"),
        ])
    func escaped(text: String, expected: String) {
        #expect(ReportPage.escaped(text) == expected)
    }

    @Test("A page without mistakes, scores or names of numbers is still whole")
    func empty() {
        let evaluation = Evaluation([], model: "<m>", part: nil, tag: nil, seconds: nil)
        let report = EvaluationReport(
            version: "1", model: evaluation.model, sources: [], overall: evaluation.overall,
            sets: [:], setsAtTagThreshold: [:], curves: ScoreCurves([]), falsePositives: [],
            misses: [], run: EvaluationReport.Run(evaluation))
        let html = ReportPage(report).html
        #expect(html.contains("Model &lt;m&gt;") && !html.contains("<m>"))
        #expect(html.components(separatedBy: "<p>None.</p>").count == 3)
        #expect(html.contains("all messages") && html.contains("–"))
        #expect(!html.lowercased().contains("nan") && html.hasSuffix("</html>\n"))
    }
}
