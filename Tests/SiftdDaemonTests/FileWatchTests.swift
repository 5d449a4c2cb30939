import Dispatch
import FilterTestKit
import Foundation
import Testing

@testable import SiftdDaemon

@Suite struct FileStampsTests {
    @Test("Stamps differ after a file was replaced, removed or made")
    func stamps() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("list", "one\n")
        let first = FileStamps([path])
        #expect(FileStamps([path]) == first)
        try FileManager.default.removeItem(atPath: path)
        let removed = FileStamps([path])
        #expect(removed != first)
        try folder.write("list", "one and two\n")
        #expect(FileStamps([path]) != removed)
        // Another file of the same size and content under the same name.
        let before = FileStamps([path])
        try folder.write("other", "one and two\n")
        #expect(rename(folder.file("other"), path) == 0)
        #expect(FileStamps([path]) != before)
    }
}

@Suite struct FileWatchTests {
    @Test("A change is reported once, and only for the files that are watched now")
    func reports() throws {
        let folder = try TemporaryFolder()
        let old = try folder.write("old", "1")
        let new = try folder.write("new", "1")
        let watch = FileWatch(every: .milliseconds(5), on: DispatchQueue(label: "test"))
        let (isOld, isNew) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        watch.watch(FileStamps([old])) { isOld.signal() }
        watch.watch(FileStamps([new])) { isNew.signal() }
        // In one step each: a file that is emptied and then written has changed twice.
        func replace(_ name: String, _ text: String) throws {
            try folder.write("next", text)
            #expect(rename(folder.file("next"), folder.file(name)) == 0)
        }
        try replace("old", "22")
        try replace("new", "22")
        #expect(isNew.wait(timeout: .now() + 120) == .success)
        try replace("new", "333")
        #expect(isNew.wait(timeout: .now() + 120) == .success)
        #expect(isOld.wait(timeout: .now()) == .timedOut)
        #expect(isNew.wait(timeout: .now()) == .timedOut)
    }

    @Test("A change between the stamps and the watch is seen")
    func early() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("list", "1")
        let stamps = FileStamps([path])
        try folder.write("list", "22")
        let watch = FileWatch(every: .milliseconds(5), on: DispatchQueue(label: "test"))
        let isChanged = DispatchSemaphore(value: 0)
        watch.watch(stamps) { isChanged.signal() }
        #expect(isChanged.wait(timeout: .now() + 120) == .success)
    }
}
