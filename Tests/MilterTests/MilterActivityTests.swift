import Dispatch
import Foundation
import Testing

@testable import Milter

@Suite struct MilterActivityTests {
    private let far = DispatchTime.now() + 120

    @Test("Messages beyond the limit are an overload, until others end")
    func overload() {
        let activity = MilterActivity(limit: 2)
        var admissions: [MilterActivity.Admission?] = (0..<4).map { _ in activity.begin() }
        #expect(admissions.map { $0?.isOverload } == [false, false, true, true])
        for index in 0..<3 { activity.end(&admissions[index]) }
        admissions.append(activity.begin())
        #expect(admissions[4]?.isOverload == false)
        for index in admissions.indices { activity.end(&admissions[index]) }
        #expect(activity.waitUntilEmpty(deadline: .now()))
    }

    @Test("A drain waits for the messages that began before it, not for those that begin meanwhile")
    func drain() {
        let activity = MilterActivity()
        var early: MilterActivity.Admission? = activity.begin()
        #expect(early?.isLate == false && !activity.isDraining)
        activity.drain()
        var late: MilterActivity.Admission? = activity.begin()
        #expect(late?.isLate == true && activity.isDraining)
        #expect(!activity.isQuiet && !activity.waitUntilQuiet(deadline: .now()))
        activity.end(&early)
        #expect(activity.isQuiet && activity.waitUntilQuiet(deadline: far))
        #expect(!activity.waitUntilEmpty(deadline: .now()))
        activity.end(&late)
        #expect(activity.waitUntilEmpty(deadline: far))
    }

    @Test("Without messages there is nothing to wait for")
    func idle() {
        let activity = MilterActivity()
        activity.drain()
        #expect(activity.isQuiet && activity.waitUntilEmpty(deadline: .now()))
    }

    @Test("A message ends once")
    func endsOnce() {
        let activity = MilterActivity()
        var first: MilterActivity.Admission? = activity.begin()
        var second: MilterActivity.Admission? = activity.begin()
        activity.end(&first)
        #expect(first == nil)
        activity.end(&first)
        #expect(!activity.isQuiet)
        activity.end(&second)
        #expect(activity.isQuiet)
    }

    @Test("Waiting ends when the last message does, on whatever thread")
    func wakes() {
        let activity = MilterActivity()
        var admissions: [MilterActivity.Admission?] = (0..<3).map { _ in activity.begin() }
        activity.drain()
        let isQuiet = DispatchSemaphore(value: 0)
        let deadline = far
        Thread {
            if activity.waitUntilQuiet(deadline: deadline) { isQuiet.signal() }
        }.start()
        for index in admissions.indices {
            #expect(isQuiet.wait(timeout: .now()) == .timedOut)
            activity.end(&admissions[index])
        }
        #expect(isQuiet.wait(timeout: deadline) == .success)
    }
}
