import Foundation

/// A time of day on a clock of 24 hours.
public struct TimeOfDay: Sendable, Equatable, LosslessStringConvertible {
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int

    /// A time that exists.
    public init(hour: Int, minute: Int) {
        self.hour = min(max(hour, 0), 23)
        self.minute = min(max(minute, 0), 59)
    }

    /// A time such as `03:00`; nil for another text.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.utf8.count) }),
            parts[1].utf8.count == 2, let hour = UInt8(parts[0]), let minute = UInt8(parts[1]),
            hour < 24, minute < 60
        else { return nil }
        self.init(hour: Int(hour), minute: Int(minute))
    }

    /// With two digits each.
    public var description: String {
        (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
    }
}

/// When the model is retrained: after so many new labels, or after so many days if there are any.
public struct RetrainingSchedule: Sendable, Equatable {
    /// New labels after which it is; 0 for never.
    public var after: Int
    /// Days after the last time; 0 for never.
    public var every: Int
    /// The time of day at which the days are over.
    public var at: TimeOfDay

    /// A schedule.
    public init(after: Int, every: Int, at: TimeOfDay) {
        self.after = after
        self.every = every
        self.at = at
    }

    /// Whether only the number of labels decides.
    public var needsTime: Bool { every > 0 }

    /// Why it is time for a retraining.
    ///
    /// - Parameters:
    ///   - newLabels: since the last one that was put in force.
    ///   - tried: how many of them a retraining without success has had; it is repeated after as
    ///     many more as a first one needs.
    ///   - last: when the last one started, or the oldest label was given; nil for neither.
    ///   - now: the time.
    ///   - calendar: the local one.
    /// - Returns: nil when it is not.
    public func reason(
        newLabels: Int, tried: Int, last: Date?, now: Date, calendar: Calendar
    ) -> String? {
        guard newLabels > 0 else { return nil }
        if after > 0, newLabels >= tried + after { return "\(newLabels) new labels" }
        guard newLabels > tried, let last, let due = due(after: last, calendar), due <= now else {
            return nil
        }
        return "\(newLabels) new labels, \(every) days after the last time"
    }

    /// The first moment that the days are over.
    ///
    /// Days are counted, not hours, so that a retraining that began at three is followed by another
    /// one at three, whatever daylight saving time does.
    ///
    /// - Parameters:
    ///   - last: when the last retraining started.
    ///   - calendar: the local one.
    /// - Returns: nil when time does not matter.
    public func due(after last: Date, _ calendar: Calendar) -> Date? {
        guard every > 0,
            let day = calendar.date(
                byAdding: .day, value: every, to: calendar.startOfDay(for: last))
        else { return nil }
        return calendar.date(bySettingHour: at.hour, minute: at.minute, second: 0, of: day)
    }
}
