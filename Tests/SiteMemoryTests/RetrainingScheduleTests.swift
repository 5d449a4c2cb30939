import Foundation
import SiteMemory
import Testing

@Suite struct RetrainingScheduleTests {
    private static let berlin: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        if let zone = TimeZone(identifier: "Europe/Berlin") { calendar.timeZone = zone }
        return calendar
    }()

    private static func time(_ text: String) throws -> Date {
        let format = Date.ISO8601FormatStyle(timeZone: berlin.timeZone).year().month().day()
            .dateTimeSeparator(.space).time(includingFractionalSeconds: false)
        return try Date(text, strategy: format)
    }

    private func reason(
        after: Int, every: Int, new: Int, tried: Int = 0, last: String?, now: String
    ) throws -> String? {
        RetrainingSchedule(after: after, every: every, at: TimeOfDay(hour: 3, minute: 30)).reason(
            newLabels: new, tried: tried, last: try last.map(RetrainingScheduleTests.time),
            now: try RetrainingScheduleTests.time(now), calendar: RetrainingScheduleTests.berlin)
    }

    @Test(
        "It is time after so many days at the time of day, if there are new labels",
        arguments: [
            // The last one, now, new labels, whether it is time.
            ("2026-03-02 03:30:00", "2026-03-09 03:29:59", 1, false),
            ("2026-03-02 03:30:00", "2026-03-09 03:30:00", 1, true),
            ("2026-03-02 23:59:59", "2026-03-09 03:30:00", 1, true),
            ("2026-03-02 00:00:00", "2026-03-09 03:29:00", 1, false),
            ("2026-03-02 03:30:10", "2026-04-09 12:00:00", 1, true),
            ("2026-03-02 03:30:10", "2026-04-09 12:00:00", 0, false),
            // Clocks went forward at two on the 29th, and back on October 25th.
            ("2026-03-25 03:30:00", "2026-04-01 03:30:00", 1, true),
            ("2026-03-25 03:30:00", "2026-04-01 03:29:59", 1, false),
            ("2026-10-20 03:30:00", "2026-10-27 03:29:59", 1, false),
            ("2026-10-20 03:30:00", "2026-10-27 03:30:00", 1, true),
        ])
    func days(_ last: String, _ now: String, _ new: Int, _ isDue: Bool) throws {
        let reason = try reason(after: 0, every: 7, new: new, last: last, now: now)
        #expect(reason == (isDue ? "1 new labels, 7 days after the last time" : nil))
    }

    @Test(
        "Labels and days are independent, and 0 is never",
        arguments: [
            // After, every, new, tried before, reason.
            (500, 7, 500, 0, "500 new labels"), (500, 7, 499, 0, "499 new labels, 7 days"),
            (500, 0, 499, 0, ""), (0, 0, 9_999, 0, ""), (500, 0, 999, 500, ""),
            (500, 0, 1_000, 500, "1000 new labels"),
            // What a retraining without success has had is not tried once more.
            (0, 7, 20, 20, ""), (0, 7, 21, 20, "21 new labels, 7 days"),
        ])
    func both(_ after: Int, _ every: Int, _ new: Int, _ tried: Int, _ words: String) throws {
        let reason = try reason(
            after: after, every: every, new: new, tried: tried, last: "2026-03-02 03:30:00",
            now: "2026-03-20 03:30:00")
        #expect(words.isEmpty ? reason == nil : reason?.hasPrefix(words) == true)
    }

    @Test("Without an earlier retraining or label there is nothing to count from")
    func never() throws {
        #expect(
            try reason(after: 0, every: 1, new: 3, last: nil, now: "2026-03-09 04:00:00") == nil)
    }

    @Test(
        "Times of day are read strictly",
        arguments: [
            ("03:00", "03:00"), ("3:05", "03:05"), ("23:59", "23:59"), ("24:00", nil),
            ("12:60", nil), ("12", nil), ("12:0", nil), ("", nil), ("-1:00", nil), ("1:00:00", nil),
            ("012:00", nil),
        ] as [(String, String?)])
    func timesOfDay(_ text: String, _ shown: String?) {
        #expect(TimeOfDay(text)?.description == shown)
    }
}
