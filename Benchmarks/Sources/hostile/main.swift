// Cost per byte of hostile message shapes, against ordinary mail: no shape may cost much more.
//
//   hostile PATH            PATH holds ordinary mail, such as the trec07p set
//   hostile --only=TEXT     the shapes whose name holds TEXT, over and over, for a profiler
//
// SIZE=BYTES in the environment is the size of the shapes, 1,000,000 if it is not there. Of longer
// text than 120,000 bytes the middle is not read, so a smaller size shows what words cost.

import Corpora
import FilterTestKit
import Foundation
import Learning
import MailText
import Models
import TextFeatures

/// CPU time of this thread, in nanoseconds.
func cpuNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

let starter = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../share/siftd/models/starter").standardizedFileURL.path
let bundle = try ModelBundle(directory: starter)

/// Nanoseconds a byte to read a message and turn it into the ids of the starter model.
func cost(_ message: [UInt8]) -> Double {
    let start = cpuNanoseconds()
    let stream = bundle.pipeline.tokens(of: Document(MailContent(message: message)))
    let ids = bundle.pipeline.ids(of: stream, in: bundle.vocabulary)
    let end = cpuNanoseconds()
    precondition(!ids.isEmpty)
    return Double(end - start) / Double(message.count)
}

let size = Int(ProcessInfo.processInfo.environment["SIZE"] ?? "") ?? 1_000_000

func flood(_ unit: String) -> String {
    String(repeating: unit, count: size / unit.utf8.count + 1)
}

let html = "Subject: x\nContent-Type: text/html; charset=utf-8\n\n"
let plain = "Subject: x\nContent-Type: text/plain; charset=utf-8\n\n"
let mixed = "Content-Type: multipart/mixed; boundary=b\n\n"
let nested = (0..<15_000).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }
let shapes: [(String, String)] = [
    ("one giant line", plain + flood("a")), ("<", html + flood("<")),
    ("nested div", html + flood("<div>")), ("misnested tags", html + flood("<b><td></i></b>")),
    ("styled div", html + flood("<div style=\"color:red;font-size:3px\">")),
    ("entities", html + flood("&amp;")),
    ("unknown entities", html + flood("&aaaaaaaaaaaaaaaaaaaaaaa")),
    ("unclosed comment", html + flood("<!-- -")), ("attributes", html + "<a " + flood("x=y ")),
    ("unclosed quote", html + flood("<a b=\"")),
    ("links", html + flood("<a href=http://a.example/>y</a>")),
    (
        "many rules and classes",
        html + "<style>" + flood(".x{color:red}").prefix(size / 2) + "</style>"
            + flood("<b class=\"x x x\">").prefix(size / 2)
    ),
    ("unclosed style", html + "<style>" + flood("{")), ("addresses", plain + flood("a@")),
    ("URLs", plain + flood("www.a ")), ("single letters", plain + flood("a b ")),
    ("signs in words", plain + flood("a!b@")), ("exclamation marks", plain + flood("a!")),
    ("look-alikes", plain + flood("аa")), ("zero-width", plain + flood("a\u{200B}")),
    ("combining marks", plain + flood("\u{0301}")),
    ("marks of two classes", plain + flood("\u{0301}\u{0323}")),
    ("growing ligature", plain + flood("\u{FDFA}")),
    ("delimiters", mixed + flood("--\n")), ("parts", mixed + flood("--b\n\nx\n")),
    ("nested parts", nested.joined()), ("headers", flood("A: b\n") + "\nx"),
    ("broken headers", flood("xx\nA: b\n") + "\nx"),
    ("quoted-printable", "Content-Transfer-Encoding: quoted-printable\n\n" + flood("=")),
    ("base64", "Content-Transfer-Encoding: base64\n\n" + flood("=")),
    ("uuencode", "Content-Transfer-Encoding: x-uuencode\n\n" + flood("M~\n")),
]

let option = "--only="
if let only = CommandLine.arguments.dropFirst().first(where: { $0.hasPrefix(option) }) {
    let wanted = only.dropFirst(option.count)
    for (name, text) in shapes + HTMLShapes.all.map({ ($0, html + $1) }) + MailShapes.all
    where name.contains(wanted) {
        let message = Array(text.utf8)
        let costs = (0..<20).map { _ in cost(message) }.sorted()
        print("\(name): \(String(format: "%.1f", costs[10])) ns a byte")
    }
    exit(0)
}

var ordinary: [[UInt8]] = []
for path in CommandLine.arguments.dropFirst() {
    try Corpus(argument: path).forEach { message in
        if case .message(let bytes) = message.content { ordinary.append(bytes) }
    }
}
ordinary.forEach { _ = cost($0) }
let bytes = ordinary.reduce(0) { $0 + $1.count }
let total = ordinary.reduce(0.0) { $0 + cost($1) * Double($1.count) }
let usual = total / Double(max(bytes, 1))
print("ordinary mail: \(String(format: "%.1f", usual)) ns a byte over \(ordinary.count) messages")
for (name, text) in shapes + HTMLShapes.all.map({ ($0, html + $1) }) + MailShapes.all {
    let message = Array(text.utf8)
    let median = (0..<5).map { _ in cost(message) }.sorted()[2]
    print(
        name.padding(toLength: 26, withPad: " ", startingAt: 0),
        String(format: "%7.1f ns a byte, %5.1f times ordinary", median, median / usual))
}
