import Testing

@testable import Learning

@Suite struct SVGPlotTests {
    @Test("The corners of the axes are the corners of the plot")
    func corners() {
        var plot = SVGPlot(title: "t", x: "x", y: "y")
        plot.addLine([(0, 0), (1, 1), (0.5, 0)], style: "curve")
        #expect(
            plot.text.contains(
                #"<polyline class="curve" points="48.0,220.0 348.0,12.0 198.0,220.0"/>"#))
        #expect(plot.text.hasPrefix("<svg ") && plot.text.hasSuffix("</svg>"))
    }

    @Test(
        "A logarithmic axis gives each power of ten the same room, and ends at its lowest",
        arguments: [(1, "348.0"), (0.1, "273.0"), (0.0001, "48.0"), (0, "48.0")])
    func logarithmic(x: Double, position: String) {
        var plot = SVGPlot(title: "t", x: "x", y: "y", horizontal: .logarithmic(1e-4))
        plot.addDot(x: x, y: 0, radius: 2, note: "")
        #expect(plot.text.contains("cx=\"\(position)\""))
        #expect(plot.text.contains(">10^-4<") && plot.text.contains(">1<"))
    }

    @Test(
        "A bar stands on the axis and is cut to its range",
        arguments: [
            (0, "220.0", "0.0"), (2, "116.0", "104.0"), (9, "12.0", "208.0"), (-3, "220.0", "0.0"),
        ]
            as [(Double, String, String)])
    func bars(height: Double, top: String, drawn: String) {
        var plot = SVGPlot(title: "t", x: "x", y: "y", range: 0...4)
        plot.addBar(0...0.5, height: height, style: "ham", note: "n")
        #expect(plot.text.contains("y=\"\(top)\" width=\"149.0\" height=\"\(drawn)\""))
    }

    @Test("Names and notes are text, whatever is in them")
    func escaping() {
        var plot = SVGPlot(title: "<t>", x: "a&b", y: "\"y\"")
        plot.addDot(x: 0, y: 0, radius: 1, note: "<script>")
        #expect(plot.text.contains("<title>&lt;t&gt;</title>") && plot.text.contains("a&amp;b"))
        #expect(plot.text.contains("&quot;y&quot;") && !plot.text.contains("<script>"))
    }

    @Test("Every axis has five ticks with short numbers")
    func ticks() {
        let text = SVGPlot(title: "t", x: "x", y: "y", range: 0...2).text
        for tick in [">0<", ">0.25<", ">0.5<", ">0.75<", ">1<", ">1.5<", ">2<"] {
            #expect(text.contains(tick), "\(tick)")
        }
    }
}
