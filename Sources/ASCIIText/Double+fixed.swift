extension Double {
    /// The number with a fixed count of decimals, rounded half away from zero; `-` for what is not
    /// finite or has more than twelve digits in front of the point.
    public func fixed(_ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        guard isFinite, abs(self) < 1e12 else { return "-" }
        let scaled = Int64((abs(self) * scale).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(scaled)" }
        let rest = String(scaled % Int64(scale))
        let zeros = String(repeating: "0", count: decimals - rest.utf8.count)
        return "\(sign)\(scaled / Int64(scale)).\(zeros)\(rest)"
    }
}
