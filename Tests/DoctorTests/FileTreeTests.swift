import Foundation
import Testing

@testable import Doctor

/// Who may reach what, by permission bits.
@Suite struct FileTreeTests {
    @Test(
        "The class of the user decides: owner, group or others",
        arguments: [
            (mode_t(0o700), true, false, false), (0o070, false, true, false),
            (0o007, false, false, true), (0o755, true, true, true),
        ])
    func classes(_ mode: mode_t, _ owner: Bool, _ group: Bool, _ others: Bool) throws {
        let sample = try DoctorSample()
        try sample.makeFolder("/a", mode: mode)
        let tree = sample.surroundings.files
        let status = try #require(tree.status("/a"))
        func reaches(_ user: UInt32, _ groups: [UInt32]) -> Bool {
            tree.obstacle(to: "/a", .search, for: Account(name: "x", user: user, groups: groups))
                == nil
        }
        // Root may do everything, so the files' owner is of interest only when it is another.
        if status.st_uid != 0 { #expect(reaches(status.st_uid, [status.st_gid]) == owner) }
        #expect(reaches(60_003, [status.st_gid]) == group)
        #expect(reaches(60_003, [60_003]) == others)
        #expect(reaches(0, []))
    }

    @Test("The first obstacle on the way is named")
    func obstacles() throws {
        let sample = try DoctorSample()
        try sample.makeFolder("/a/b/c")
        try sample.setMode("/a/b", 0o700)
        let user = Account(name: "guest", user: 60_003, groups: [60_003])
        let tree = sample.surroundings.files
        let obstacle = try #require(tree.obstacle(to: "/a/b/c", .read, for: user))
        #expect(obstacle.hasPrefix("user guest may not pass through /a/b (0700 "))
        #expect(tree.obstacle(to: "/a/none/c", .read, for: user) == "/a/none does not exist")
        #expect(tree.obstacle(to: "/a/b", .read, for: user)?.contains("may not read /a/b") == true)
    }
}
