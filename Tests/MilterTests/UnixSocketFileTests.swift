import FilterTestKit
import Foundation
import Testing

@testable import Milter

@Suite struct UnixSocketFileTests {
    private let folder: TemporaryFolder
    private let file: UnixSocketFile

    init() throws {
        folder = try TemporaryFolder()
        file = UnixSocketFile(path: folder.file("m.sock"))
    }

    private func listener() throws -> TestSocket {
        let address = try #require(SocketAddress(file.path))
        return TestSocket(
            try Listener(address, access: MilterServer.SocketAccess(), backlog: 1).descriptor)
    }

    private func kind(_ body: () throws -> Void) -> MilterServer.StartError.Kind? {
        do { try body() } catch { return (error as? MilterServer.StartError)?.kind }
        return nil
    }

    @Test("A path without a file can be used")
    func missing() throws { try file.prepare() }

    @Test("A socket file that no process listens on any more can be used")
    func stale() throws {
        _ = try listener()
        #expect(FileManager.default.fileExists(atPath: file.path))
        try file.prepare()
    }

    @Test("A socket that a process listens on is in use, even with its queue full")
    func inUse() throws {
        let listener = try listener()
        #expect(kind { try file.prepare() } == .socketInUse)
        // Connections that nobody accepts fill the queue.
        var clients: [TestSocket] = []
        for _ in 0..<4 {
            let client = TestSocket(
                socket(
                    AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0))
            _ = UnixAddress(path: file.path)?.withSocketAddress {
                connect(client.descriptor, $0, $1)
            }
            clients.append(client)
        }
        #expect(kind { try file.prepare() } == .socketInUse)
        withExtendedLifetime((listener, clients)) {}
    }

    @Test("Another file or a directory is not replaced, nor removed")
    func notASocket() throws {
        try folder.write("m.sock", "mine")
        #expect {
            try file.prepare()
        } throws: { error in
            "\(error)" == "milter: \(file.path) exists and is not a socket; "
                + "choose another path or move the file"
        }
        file.remove()
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "mine")
        #expect(kind { try UnixSocketFile(path: folder.path).prepare() } == .badAddress)
    }

    @Test(
        "A path that can't hold a socket is refused",
        arguments: [
            "/nonexistent/m.sock", "/tmp/" + String(repeating: "x", count: 103),
        ])
    func badPath(_ path: String) {
        #expect(kind { try UnixSocketFile(path: path).prepare() } == .badAddress)
    }

    @Test("The longest path can be used, and one byte more can't")
    func longestPath() throws {
        let room = UnixAddress.longestPath - folder.path.utf8.count - 1
        try UnixSocketFile(path: folder.file(String(repeating: "x", count: room))).prepare()
        let longer = folder.file(String(repeating: "x", count: room + 1))
        #expect(kind { try UnixSocketFile(path: longer).prepare() } == .badAddress)
    }

    @Test("The file gets its permissions", arguments: [0o600, 0o660, 0o666] as [UInt32])
    func mode(_ mode: UInt32) throws {
        let listener = try listener()
        try file.protect(.init(mode: mode))
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == Int(mode))
        withExtendedLifetime(listener) {}
    }

    @Test("The file's owner and group can be named; unknown names are mistakes")
    func owner() throws {
        let listener = try listener()
        let user = try #require(getpwuid(getuid())).pointee
        let group = try #require(getgrgid(getgid())).pointee
        try file.protect(
            .init(owner: String(cString: user.pw_name), group: String(cString: group.gr_name)))
        #expect(kind { try file.protect(.init(owner: "no-such-user")) } == .badAddress)
        #expect(kind { try file.protect(.init(group: "no-such-group")) } == .badAddress)
        withExtendedLifetime(listener) {}
    }

    @Test("A file that is gone can't be protected")
    func gone() { #expect(kind { try file.protect(.init()) } == .badAddress) }

    @Test("Removing removes a socket file, and is no mistake where there is none")
    func remove() throws {
        _ = try listener()
        file.remove()
        #expect(!FileManager.default.fileExists(atPath: file.path))
        file.remove()
    }
}
