/// OpenMetrics 1.0 made of the Prometheus text format, version 0.0.4.
///
/// The formats differ in how a counter's family is named (without `_total`), in what must be
/// escaped in a help text, and in the line that ends an answer (OpenMetrics 1.0, "Text format").
public enum OpenMetricsText {
    /// The media type that clients name in `Accept`.
    public static let mediaType = "application/openmetrics-text"
    /// The type of an answer.
    public static let contentType = mediaType + "; version=1.0.0; charset=utf-8"
    private static let counterSuffix = "_total"

    /// Converts the metrics of an answer.
    ///
    /// - Parameter text: families with their `HELP` and `TYPE` lines in front.
    /// - Returns: the same families; a counter whose name is no counter's here is of type unknown.
    public static func converted(_ text: String) -> String {
        var result = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if words.count == 4, words[0] == "#", words[1] == "HELP" {
                let help = words[3].replacing("\"", with: "\\\"")
                result += "# HELP \(family(words[2])) \(help)\n"
            } else if words.count == 4, words[0] == "#", words[1] == "TYPE" {
                let isUnknown = words[3] == "counter" && !words[2].hasSuffix(counterSuffix)
                result += "# TYPE \(family(words[2])) \(isUnknown ? "unknown" : words[3])\n"
            } else {
                result += line + "\n"
            }
        }
        return result + "# EOF\n"
    }

    private static func family(_ name: Substring) -> Substring {
        name.hasSuffix(counterSuffix) ? name.dropLast(counterSuffix.count) : name
    }
}
