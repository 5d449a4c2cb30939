import Foundation

/// The `process_*` metrics every Prometheus user expects, read from /proc at the time of the
/// scrape.
public enum ProcessMetrics {
    /// All of them in the Prometheus text format.
    public static func render() -> String {
        var text = ""
        func add(_ name: String, _ kind: String, _ help: String, _ value: Double?) {
            guard let value else { return }
            let shown =
                value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n\(name) \(shown)\n"
        }
        let fields = statFields()
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        func seconds(_ index: Int) -> Double? {
            fields.count > index ? Double(fields[index]).map { $0 / ticks } : nil
        }
        let cpu = seconds(11).flatMap { user in seconds(12).map { user + $0 } }
        add("process_cpu_seconds_total", "counter", "User and system CPU time.", cpu)
        let pages = fields.count > 21 ? Double(fields[21]) : nil
        add(
            "process_resident_memory_bytes", "gauge", "Resident memory.",
            pages.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) })
        add(
            "process_virtual_memory_bytes", "gauge", "Virtual memory.",
            fields.count > 20 ? Double(fields[20]) : nil)
        add(
            "process_start_time_seconds", "gauge", "Start of the process, Unix time.",
            seconds(19).map { bootTime + $0 })
        let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        add("process_open_fds", "gauge", "Open descriptors.", descriptors.map { Double($0.count) })
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            add("process_max_fds", "gauge", "Descriptors allowed.", Double(limit.rlim_cur))
        }
        return text
    }

    /// The fields of /proc/self/stat behind the command name, which may hold spaces.
    private static func statFields() -> [Substring] {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let close = stat.lastIndex(of: ")")
        else { return [] }
        return stat[stat.index(after: close)...].split(separator: " ")
    }

    /// When the machine started, in seconds since 1970.
    ///
    /// From clocks, since a sandbox may hide /proc/stat; once, so that the start of the process
    /// doesn't move from scrape to scrape.
    private static let bootTime: Double = {
        func seconds(_ clock: clockid_t) -> Double {
            var time = timespec()
            clock_gettime(clock, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        return (seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME)).rounded()
    }()
}
