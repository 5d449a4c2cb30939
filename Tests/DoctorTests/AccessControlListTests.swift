import FilterTestKit
import Foundation
import Testing

@testable import Doctor

/// Permissions beyond the mode.
@Suite struct AccessControlListTests {
    /// What systemd-tmpfiles makes of `a+ /run/siftd - - - - group:postfix:--x`.
    private static let list = AccessControlList([
        .init(tag: .owner, permissions: 7), .init(tag: .user, permissions: 7, id: 7),
        .init(tag: .owningGroup, permissions: 5), .init(tag: .group, permissions: 1, id: 50),
        .init(tag: .mask, permissions: 5), .init(tag: .others, permissions: 0),
    ])

    @Test(
        "Owner, named users, groups within the mask, then others",
        arguments: [
            (UInt32(1), [UInt32(1)], UInt32(7), true), (7, [7], 5, true), (7, [7], 2, false),
            (9, [1], 5, true), (9, [50], 1, true), (9, [50], 4, false), (9, [1, 50], 4, true),
            (9, [9], 1, false),
        ])
    func order(_ user: UInt32, _ groups: [UInt32], _ need: UInt32, _ isPermitted: Bool) {
        let account = Account(name: "x", user: user, groups: groups)
        #expect(
            AccessControlListTests.list.permits(need, account, owner: 1, group: 1) == isPermitted)
    }

    @Test("The attribute's bytes are read, and no others")
    func bytes() {
        let bytes: [UInt8] = [2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 8, 0, 1, 0, 50, 0, 0, 0]
        let list = AccessControlList(attribute: bytes)
        #expect(list?.entries.map(\.tag) == [.owner, .group])
        #expect(list?.entries.last?.id == 50 && list?.entries.last?.permissions == 1)
        #expect(AccessControlList(attribute: [1, 0, 0, 0]) == nil)
        #expect(AccessControlList(attribute: Array(bytes.dropLast())) == nil)
        #expect(AccessControlList(attribute: [2, 0, 0, 0, 3, 0, 7, 0, 0, 0, 0, 0]) == nil)
    }

    @Test(
        "A list on a real folder opens it, where setfacl is there",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/setfacl"), "needs acl"))
    func real() throws {
        let sample = try DoctorSample()
        try sample.makeFolder("/a", mode: 0o700)
        let user = Account(name: "x", user: 60_009, groups: [60_009])
        #expect(sample.surroundings.files.obstacle(to: "/a", .search, for: user) != nil)
        let set = try Command.run(
            "/usr/bin/setfacl", ["-m", "g:60009:--x", sample.folder.file("a")])
        try #require(set.status == 0, "\(set.err)")
        #expect(sample.surroundings.files.obstacle(to: "/a", .search, for: user) == nil)
        #expect(sample.surroundings.files.obstacle(to: "/a", .read, for: user) != nil)
    }
}
