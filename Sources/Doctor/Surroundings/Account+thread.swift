import CThreadUser
import Foundation
import Glibc

extension Account {
    /// Runs something with the rights of this user, on a thread of its own that ends with it.
    ///
    /// The server behind a unix socket sees this user (`peer`), and so do files. Whoever is not
    /// root stays who he is.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let run = ThreadRun(body)
        let (user, groups) = (user, groups)
        let thread = Thread {
            if geteuid() == 0, user != 0 {
                // Root may; without it the look would be root's, which can only be too lenient.
                _ = siftd_thread_become(user, groups, UInt(groups.count))
            }
            run.finish()
        }
        thread.stackSize = ThreadRun<Value>.stackBytes
        thread.start()
        return run.wait()
    }
}

/// A function that one thread runs and another one waits for.
///
/// `@unchecked Sendable`: the waiting thread reads the value after the other one has written it.
private final class ThreadRun<Value: Sendable>: @unchecked Sendable {
    /// Looking up names takes more than a thread has by default.
    static var stackBytes: Int { 4 << 20 }

    private let body: @Sendable () -> Value
    private let end = DispatchSemaphore(value: 0)
    private var value: Value?

    init(_ body: @escaping @Sendable () -> Value) { self.body = body }

    func finish() {
        value = body()
        end.signal()
    }

    func wait() -> Value {
        while true {
            end.wait()
            if let value { return value }
        }
    }
}
