import FilterTestKit
import Foundation
import Synchronization
import Testing

@testable import SiftdDaemon

@Suite struct FileWatchTests {
    @Test("Marks of files differ after a file was replaced, removed or made")
    func marks() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("list", "one\n")
        let first = FileWatch.Marks([path])
        #expect(FileWatch.Marks([path]) == first)
        try FileManager.default.removeItem(atPath: path)
        let removed = FileWatch.Marks([path])
        #expect(removed != first)
        try folder.write("list", "one and two\n")
        #expect(FileWatch.Marks([path]) != removed)
    }
}
