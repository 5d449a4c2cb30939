import Foundation

/// A small plot as SVG.
///
/// The axes run from 0 to 1 by default. Colours are set by the style sheet of the page that holds
/// it.
struct SVGPlot {
    private static let width = 360.0
    private static let height = 260.0
    private static let left = 48.0
    private static let bottom = 40.0
    private static let margin = 12.0

    /// The scale of the horizontal axis.
    enum Axis {
        /// From 0 to 1.
        case linear
        /// From this value, a power of ten, to 1.
        case logarithmic(Double)
    }

    private let horizontal: Axis
    private let range: ClosedRange<Double>
    private var shapes = ""

    /// An empty plot.
    ///
    /// - Parameters:
    ///   - title: shown when the pointer rests on the plot.
    ///   - x: the name of the horizontal axis.
    ///   - y: the name of the vertical axis.
    ///   - horizontal: the scale of the horizontal axis.
    ///   - range: the range of the vertical axis.
    init(
        title: String, x: String, y: String, horizontal: Axis = .linear,
        range: ClosedRange<Double> = 0...1
    ) {
        self.horizontal = horizontal
        self.range = range
        let middle = (SVGPlot.left + SVGPlot.width - SVGPlot.margin) / 2
        shapes +=
            "<title>\(ReportPage.escaped(title))</title>"
            + "<text class=\"name\" x=\"\(SVGPlot.number(middle))\" "
            + "y=\"\(SVGPlot.number(SVGPlot.height - 6))\" text-anchor=\"middle\">"
            + "\(ReportPage.escaped(x))</text><text class=\"name\" transform=\"translate(12 "
            + "\(SVGPlot.number(SVGPlot.height / 2 - 15))) rotate(-90)\" text-anchor=\"middle\">"
            + "\(ReportPage.escaped(y))</text>"
        drawAxes()
    }

    /// The SVG element.
    var text: String {
        "<svg viewBox=\"0 0 \(Int(SVGPlot.width)) \(Int(SVGPlot.height))\" role=\"img\">"
            + "\(shapes)</svg>"
    }

    /// Adds a line through these points, with a class of the style sheet.
    mutating func addLine(_ points: [(x: Double, y: Double)], style: String) {
        let coordinates = points.map {
            "\(SVGPlot.number(position(x: $0.x))),\(SVGPlot.number(position(y: $0.y)))"
        }
        shapes += "<polyline class=\"\(style)\" points=\"\(coordinates.joined(separator: " "))\"/>"
    }

    /// Adds a dot with a note that is shown when the pointer rests on it.
    mutating func addDot(x: Double, y: Double, radius: Double, note: String) {
        shapes +=
            "<circle class=\"dot\" cx=\"\(SVGPlot.number(position(x: x)))\" "
            + "cy=\"\(SVGPlot.number(position(y: y)))\" r=\"\(SVGPlot.number(radius))\"><title>"
            + "\(ReportPage.escaped(note))</title></circle>"
    }

    /// Adds a bar from the lower end of the vertical axis to a height, cut to its range.
    mutating func addBar(_ range: ClosedRange<Double>, height: Double, style: String, note: String)
    {
        let left = position(x: range.lowerBound)
        let right = position(x: range.upperBound)
        let top = position(y: min(max(height, self.range.lowerBound), self.range.upperBound))
        let base = position(y: self.range.lowerBound)
        shapes +=
            "<rect class=\"\(style)\" x=\"\(SVGPlot.number(left))\" y=\"\(SVGPlot.number(top))\" "
            + "width=\"\(SVGPlot.number(max(right - left - 1, 0)))\" "
            + "height=\"\(SVGPlot.number(max(base - top, 0)))\"><title>"
            + "\(ReportPage.escaped(note))</title></rect>"
    }

    private mutating func drawAxes() {
        let ticks: [(Double, String)]
        switch horizontal {
        case .linear: ticks = [0, 0.25, 0.5, 0.75, 1].map { ($0, SVGPlot.tick($0)) }
        case .logarithmic(let low):
            let powers = Int(log10(low).rounded())
            ticks = (powers...0).map { (pow(10, Double($0)), $0 == 0 ? "1" : "10^\($0)") }
        }
        for (value, text) in ticks {
            let x = SVGPlot.number(position(x: value))
            shapes +=
                "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" "
                + "y1=\"\(SVGPlot.number(SVGPlot.margin))\" "
                + "y2=\"\(SVGPlot.number(SVGPlot.height - SVGPlot.bottom))\"/>"
                + "<text x=\"\(x)\" y=\"\(SVGPlot.number(SVGPlot.height - SVGPlot.bottom + 14))\" "
                + "text-anchor=\"middle\">\(text)</text>"
        }
        for step in 0...4 {
            let value = range.lowerBound + (range.upperBound - range.lowerBound) * Double(step) / 4
            let y = SVGPlot.number(position(y: value))
            shapes +=
                "<line class=\"grid\" x1=\"\(SVGPlot.number(SVGPlot.left))\" "
                + "x2=\"\(SVGPlot.number(SVGPlot.width - SVGPlot.margin))\" "
                + "y1=\"\(y)\" y2=\"\(y)\"/>"
                + "<text x=\"\(SVGPlot.number(SVGPlot.left - 5))\" y=\"\(y)\" dy=\"4\" "
                + "text-anchor=\"end\">\(SVGPlot.tick(value))</text>"
        }
    }

    private func position(x: Double) -> Double {
        let share: Double
        switch horizontal {
        case .linear: share = x
        case .logarithmic(let low): share = 1 - log10(max(x, low)) / log10(low)
        }
        return SVGPlot.left + share * (SVGPlot.width - SVGPlot.left - SVGPlot.margin)
    }

    private func position(y: Double) -> Double {
        let share = (y - range.lowerBound) / (range.upperBound - range.lowerBound)
        return SVGPlot.height - SVGPlot.bottom
            - share * (SVGPlot.height - SVGPlot.bottom - SVGPlot.margin)
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
    private static func tick(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : String(format: "%g", value)
    }
}
