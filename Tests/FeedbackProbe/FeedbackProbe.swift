import Feedback
import Foundation

/// A small program that the tests of `Feedback` start, kill and run twice at once.
///
/// `feedback-probe write PATH FIRST COUNT` stores labels and prints the number of each step after
/// the store has acknowledged it; with a fifth argument all are by that source.
@main enum FeedbackProbe {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let number = Int(arguments[3]) else { exit(2) }
        do {
            let store: any FeedbackStore = try SQLiteFeedbackStore(path: arguments[2])
            let count = arguments.count > 4 ? Int(arguments[4]) ?? 0 : .max
            let source = arguments.count > 5 ? arguments[5] : "admin"
            try write(store, number, count, source)
        } catch {
            print("error \(error)")
            exit(1)
        }
    }

    private static func write(
        _ store: any FeedbackStore, _ first: Int, _ count: Int, _ source: String
    ) throws {
        var step = first
        while step - first < count {
            _ = try store.add([label(step, source)])
            // One write(2) a line, so that what is printed was acknowledged.
            FileHandle.standardOutput.write(Data("\(step)\n".utf8))
            step += 1
        }
    }

    /// Step n labels message n as spam; every third relabels the message of three steps before.
    private static func label(_ step: Int, _ source: String) throws -> NewLabel {
        let isRelabelling = step % 3 == 2
        let message = isRelabelling ? step - 2 : step
        let bytes = withUnsafeBytes(of: UInt64(message).bigEndian) { Array($0) }
        guard let digest = MessageDigest(bytes + [UInt8](repeating: 7, count: 24)) else { exit(2) }
        return NewLabel(
            digest: digest, labelClass: isRelabelling ? .ham : .spam,
            source: try LabelSource(parsing: source), way: .command, time: 1_800_000_000,
            score: MessageScore(verdict: "ham", probability: 0.5, modelID: "m", modelLogit: 0),
            features: LabelFeatures(version: 1, bytes: [UInt8](repeating: 1, count: 100)))
    }
}
