import FilterTestKit
import Glibc
import Testing

@testable import SiftdDaemon

@Suite struct ServiceManagerTests {
    @Test(
        "The watchdog wants a sign of life in a third of its time, if it means this process",
        arguments: [
            (["WATCHDOG_USEC": "30000000"], .seconds(10)),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"], nil),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "\(getpid())"], .seconds(1)),
            (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "x"], nil), ([:], nil),
        ] as [([String: String], Duration?)])
    func watchdog(_ environment: [String: String], _ interval: Duration?) {
        #expect(ServiceManager(environment: environment).watchdogInterval == interval)
    }

    @Test("States are sent to the socket that systemd names")
    func states() throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket(path: folder.file("notify"))
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": folder.file("notify")])
        manager.ready(serving: nil)
        manager.isAlive()
        manager.stopping()
        #expect(socket.next(seconds: 5) == "READY=1\nSTATUS=judging mail with no model")
        #expect(socket.next(seconds: 5) == "WATCHDOG=1")
        #expect(socket.next(seconds: 5)?.hasPrefix("STOPPING=1\n") == true)
    }
}

@Suite struct PathsTests {
    @Test("A chosen model is taken as it is; without a promoted one the starter model serves")
    func model() {
        #expect(Paths.model("/some/where") == "/some/where")
        #expect(
            Paths.model("").hasSuffix("/siftd/models/starter")
                || Paths.model("") == Paths.promotedModel)
    }
}
