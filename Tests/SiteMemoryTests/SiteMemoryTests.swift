import Feedback
import FilterTestKit
import Foundation
import MailText
import SiteLearning
import SiteMemory
import Testing

@Suite struct SiteMemoryTests {
    private func teach(_ site: SiteSample, _ numbers: Range<Int>) throws {
        for number in numbers {
            _ = try site.teacher.teach(
                .message(TinyModel.message(number % 2 == 0 ? .spam : .ham, number)),
                .init(number % 3 == 0 ? .ham : .spam, by: .admin, way: .command))
        }
    }

    private let probe = TinyModel.message(.ham, 999)

    @Test("Labels of another process count after a refresh, with the same bits")
    func otherProcess() throws {
        let folder = try TemporaryFolder()
        let first = try SiteSample(folder)
        let second = try SiteSample(folder)
        try teach(first, 800..<806)
        #expect(second.memory.labels == 0)
        #expect(try second.memory.refresh())
        #expect(try second.probability(probe) == first.probability(probe))
        #expect(try !second.memory.refresh())
        // One that is taken back makes the other replay.
        _ = try second.teacher.forget(.message(TinyModel.message(.spam, 800)), by: .admin)
        #expect(try first.memory.refresh() && first.memory.labels == 5)
        #expect(try second.probability(probe) == first.probability(probe))
    }

    @Test("Base mail as another model scores it gives the bits of a start with that model")
    func otherAnchors() throws {
        let folder = try TemporaryFolder()
        let running = try SiteSample(folder)
        try teach(running, 830..<838)
        let site = SiteFolder(path: folder.path)
        let before = try running.probability(probe)
        func anchors(_ logit: Float) throws -> AnchorReservoir {
            let features = try #require(
                running.judge.read(.message(TinyModel.message(.ham, 7))).features)
            return AnchorReservoir([.init(features: features, label: .ham, logit: logit)])
        }
        func started(_ anchors: AnchorReservoir) throws -> Double {
            let memory = SiteMemory(
                store: try site.store(LearnOptions()), secret: try site.secret(),
                options: LearnOptions().layer, anchors: anchors)
            try memory.refresh()
            return try SiteSample.probability(probe, running.model, memory)
        }
        let other = try anchors(3)
        try running.memory.use(other)
        #expect(try running.probability(probe) == started(other))
        #expect(try running.probability(probe) != before)
        try running.memory.use(AnchorReservoir())
        #expect(try running.probability(probe) == before)
    }

    @Test("A restart finds the same bits, with a cache, without one, and with a broken one")
    func restart() throws {
        let folder = try TemporaryFolder()
        let first = try SiteSample(folder)
        try teach(first, 810..<820)
        let probability = try first.probability(probe)
        #expect(first.memory.writeCache())
        let cache = "\(folder.path)/layer"
        #expect(try SiteSample(folder).probability(probe) == probability)
        var bytes = try #require(FileManager.default.contents(atPath: cache))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: cache))
        #expect(try SiteSample(folder).probability(probe) == probability)
        try FileManager.default.removeItem(atPath: cache)
        #expect(try SiteSample(folder).probability(probe) == probability)
        // A cache from before a label is brought up to date.
        #expect(first.memory.writeCache())
        try teach(first, 820..<823)
        #expect(try SiteSample(folder).probability(probe) == first.probability(probe))
    }

    @Test("The same labels in the same order give the same bits after an undo")
    func undo() throws {
        let one = try SiteSample(try TemporaryFolder())
        let secret = try #require(
            FileManager.default.contents(atPath: "\(one.folder.path)/secret"))
        let folder = try TemporaryFolder()
        try secret.write(to: URL(fileURLWithPath: "\(folder.path)/secret"))
        let other = try SiteSample(folder)
        try teach(one, 830..<836)
        try teach(other, 830..<833)
        _ = try other.teacher.teach(
            .message(TinyModel.message(.spam, 840)), .init(.ham, by: .admin, way: .command))
        _ = try other.teacher.forget(.message(TinyModel.message(.spam, 840)), by: .admin)
        try teach(other, 833..<836)
        #expect(try one.probability(probe) == other.probability(probe))
    }
}

@Suite struct SiteFolderTests {
    @Test("The secret is made once, can be read by its owner only, and is not replaced")
    func secret() throws {
        let folder = try TemporaryFolder()
        let site = SiteFolder(path: folder.path)
        let secret = try site.secret()
        #expect(try site.secret() == secret)
        let path = "\(folder.path)/secret"
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["secret"])
        try folder.write("secret", "short")
        #expect {
            try site.secret()
        } throws: { "\($0)".contains("has 5 bytes, not 16") }
        #expect {
            try SiteFolder(path: "\(folder.path)/absent").secret()
        } throws: { "\($0)".contains("absent/secret") }
    }
}
