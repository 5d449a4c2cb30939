/// A value as it stands in the file.
enum ConfigurationValue {
    case string(String)
    case integer(Int)
    case number(Double)
    case bool(Bool)
    case strings([String])
    case other(String)

    func string() throws -> String {
        guard case .string(let value) = self else { throw ValueError("must be a text in quotes") }
        return value
    }

    func bool() throws -> Bool {
        guard case .bool(let value) = self else { throw ValueError("must be true or false") }
        return value
    }

    func strings() throws -> [String] {
        guard case .strings(let value) = self else {
            throw ValueError("must be a list of texts, such as [\"a\", \"b\"]")
        }
        return value
    }

    func integer(_ range: ClosedRange<Int>) throws -> Int {
        guard case .integer(let value) = self, range.contains(value) else {
            throw ValueError(
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func number(_ range: ClosedRange<Double>) throws -> Double {
        let value: Double? =
            switch self {
            case .number(let number): number
            case .integer(let number): Double(number)
            default: nil
            }
        guard let value, range.contains(value) else {
            throw ValueError("must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A probability, or 0 for "the model's own" where that is allowed.
    func probability() throws -> Double {
        let value: Double
        switch self {
        case .number(let number): value = number
        case .integer(let number): value = Double(number)
        default: throw ValueError("must be a number from 0 to 1")
        }
        guard (0...1).contains(value) else { throw ValueError("must be a number from 0 to 1") }
        return value
    }

    /// `"15s"`, `"500ms"`, `"2m"`, in seconds.
    func seconds(_ range: ClosedRange<Double>) throws -> Double {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600)]
        if case .string(let text) = self {
            for (unit, factor) in units where text.hasSuffix(unit) {
                if let number = Double(text.dropLast(unit.count)),
                    range.contains(number * factor)
                {
                    return number * factor
                }
            }
        }
        throw ValueError(
            "must be a time with its unit, such as \"15s\", from \(range.lowerBound) to "
                + "\(range.upperBound) seconds")
    }

    /// `"1MiB"`, `"500KiB"`, `"100B"`, in bytes.
    func bytes(_ range: ClosedRange<Int>) throws -> Int {
        let units: [(String, Int)] = [
            ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
        ]
        if case .string(let text) = self {
            for (unit, factor) in units where text.hasSuffix(unit) {
                guard let number = Int(text.dropLast(unit.count)) else { continue }
                let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
                if !overflows, range.contains(bytes) { return bytes }
            }
        }
        throw ValueError(
            "must be a size with its unit, such as \"1MiB\", from \(Shown.bytes(range.lowerBound)) to "
                + Shown.bytes(range.upperBound))
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        guard case .string(let text) = self, let value = Choice(rawValue: text.lowercased()) else {
            var hint = ""
            if case .string(let text) = self, let near = nearest(text, among: names) {
                hint = "; did you mean \"\(near)\"?"
            }
            throw ValueError(
                "must be one of " + names.map { "\"\($0)\"" }.joined(separator: ", ") + hint)
        }
        return value
    }
}
