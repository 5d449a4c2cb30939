/// How values are written in the file.
enum Shown {
    static func text(_ value: String) -> String {
        "\""
            + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    static func list(_ values: [String]) -> String {
        "[" + values.map(text).joined(separator: ", ") + "]"
    }

    static func bytes(_ value: Int) -> String {
        for (unit, factor) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where value >= factor && value % factor == 0 {
            return "\"\(value / factor)\(unit)\""
        }
        return "\"\(value)B\""
    }

    static func seconds(_ value: Double) -> String {
        value == value.rounded() ? "\"\(Int(value))s\"" : "\"\(Int((value * 1_000).rounded()))ms\""
    }
}
