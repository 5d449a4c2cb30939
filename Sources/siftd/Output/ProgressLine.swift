import Foundation

/// Progress on standard error: one line that is written over on a terminal, notes alone elsewhere.
final class ProgressLine {
    private let isTerminal = isatty(2) == 1
    private var lastShown = Date.distantPast
    private var isDirty = false

    /// A line that the next one replaces.
    func show(_ text: String) {
        guard isTerminal, Date().timeIntervalSince(lastShown) > 0.1 else { return }
        lastShown = Date()
        isDirty = true
        put("\r\u{1B}[K" + text)
    }

    /// A bar from 0 to 1 with words behind it.
    func bar(_ fraction: Double, _ text: String) {
        let width = 30
        let full = min(width, Int(fraction * Double(width)))
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        show("[\(bar)] \(Int(fraction * 100)) % \(text)")
    }

    /// A line that stays.
    func note(_ text: String) {
        finish()
        put(text + "\n")
    }

    /// Leaves the terminal clean.
    func finish() {
        if isDirty { put("\r\u{1B}[K") }
        isDirty = false
    }

    private func put(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
