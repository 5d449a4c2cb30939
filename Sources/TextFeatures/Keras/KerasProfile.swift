import ASCIIText

/// The `keras` profile: the text step of an imported model.
///
/// Reads subject and visible text, with a space between; text that never was a message as it is.
/// Linear in the text.
struct KerasProfile {
    private let text: KerasTextSpec
    private let textHead: Int
    private let removed: Set<UInt32>
    private let separators: Set<UInt32>

    init(_ spec: TextPipelineSpec, _ text: KerasTextSpec) {
        self.text = text
        textHead = spec.textHead
        removed = Set(text.removed.unicodeScalars.map(\.value))
        separators = Set(text.separators.unicodeScalars.map(\.value))
    }

    /// A character of the prepared text and where in the joined text it comes from.
    private struct Scalar {
        var value: UInt32
        var start: Int
        var end: Int
    }

    /// A stretch of the prepared text.
    private typealias Term = Range<Int>

    /// The terms of a document.
    func tokens(of document: Document) -> TokenStream {
        var stream = TokenStream()
        guard text.readsText else { return stream }
        var bytes: [UInt8] = []
        var bodyStart = 0
        if let subject = document.subject {
            bytes = subject + [UInt8(ascii: " ")]
            bodyStart = bytes.count
        }
        bytes += document.body
        // Whether positions are those of subject and body.
        var isTraced = true
        if let plain = document.plainText, plain != bytes {
            bytes = plain
            bodyStart = 0
            isTraced = false
        }
        if bytes.count > textHead {
            stream.isTextCut = true
            var end = textHead
            while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            bytes.removeSubrange(end...)
        }
        let scalars = prepare(bytes)
        let terms = split(scalars)
        stream.reserve(bytes.count)
        var term: [UInt8] = []
        for length in text.ngrams where terms.count >= length {
            for first in 0...(terms.count - length) {
                term.removeAll(keepingCapacity: true)
                for (index, part) in terms[first..<(first + length)].enumerated() {
                    if index > 0 { term.append(UInt8(ascii: " ")) }
                    for scalar in scalars[part] { KerasProfile.append(scalar.value, to: &term) }
                }
                stream.append(term, .word)
                guard isTraced else { continue }
                let range = terms[first].lowerBound..<terms[first + length - 1].upperBound
                KerasProfile.record(scalars[range], bodyStart, in: &stream)
            }
        }
        return stream
    }

    /// Records where the last token stands in subject or body.
    private static func record(
        _ scalars: ArraySlice<Scalar>, _ bodyStart: Int, in stream: inout TokenStream
    ) {
        guard let first = scalars.first?.start, let last = scalars.last?.end else {
            return stream.trace.recordNothing(upTo: stream.count)
        }
        let isBody = first >= bodyStart
        stream.trace.begin(isBody ? .body : .subject)
        let place =
            isBody
            ? (first - bodyStart)..<max(last - bodyStart, 0)
            : first..<min(last, max(bodyStart - 1, first))
        stream.trace.record(place, upTo: stream.count)
    }

    /// Small letters, without the characters that are deleted.
    private func prepare(_ bytes: [UInt8]) -> [Scalar] {
        var scalars: [Scalar] = []
        scalars.reserveCapacity(bytes.count)
        var offset = 0
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let end = offset + UTF8.width(scalar)
            scalars.append(Scalar(value: scalar.value, start: offset, end: end))
            offset = end
        }
        if text.lowercase != .none { lower(&scalars) }
        if !removed.isEmpty { scalars.removeAll { removed.contains($0.value) } }
        if case .separator(let separator) = text.split, separator.unicodeScalars.count > 1 {
            // Filtered characters become the separator, which is looked for afterwards.
            scalars = scalars.flatMap { one in
                separators.contains(one.value)
                    ? separator.unicodeScalars.map {
                        Scalar(value: $0.value, start: one.start, end: one.end)
                    } : [one]
            }
        }
        return scalars
    }

    private func lower(_ scalars: inout [Scalar]) {
        var needsMapping = false
        for index in scalars.indices {
            let value = scalars[index].value
            if value < 0x80 {
                if (0x41...0x5A).contains(value) { scalars[index].value = value + 0x20 }
            } else {
                needsMapping = true
            }
        }
        guard needsMapping, text.lowercase == .unicode else { return }
        let source = scalars
        scalars.removeAll(keepingCapacity: true)
        for (index, one) in source.enumerated() {
            guard one.value >= 0x80, let scalar = Unicode.Scalar(one.value) else {
                scalars.append(one)
                continue
            }
            if one.value == KerasProfile.capitalSigma {
                var small = one
                small.value = KerasProfile.isFinal(index, source) ? 0x3C2 : 0x3C3
                scalars.append(small)
                continue
            }
            for mapped in scalar.properties.lowercaseMapping.unicodeScalars {
                scalars.append(Scalar(value: mapped.value, start: one.start, end: one.end))
            }
        }
    }

    private static let capitalSigma: UInt32 = 0x3A3

    /// Whether a sigma ends a word: a cased letter stands before it and none behind it, both with
    /// case-ignorable characters between (Unicode 3.13, Final_Sigma).
    private static func isFinal(_ index: Int, _ scalars: [Scalar]) -> Bool {
        func properties(_ index: Int) -> Unicode.Scalar.Properties? {
            Unicode.Scalar(scalars[index].value)?.properties
        }
        var before = index - 1
        while before >= 0, properties(before)?.isCaseIgnorable ?? false { before -= 1 }
        guard before >= 0, properties(before)?.isCased ?? false else { return false }
        var after = index + 1
        while after < scalars.count, properties(after)?.isCaseIgnorable ?? false { after += 1 }
        return after == scalars.count || !(properties(after)?.isCased ?? false)
    }

    private func split(_ scalars: [Scalar]) -> [Term] {
        switch text.split {
        case .none: return [scalars.indices.lowerBound..<scalars.count]
        case .characters: return scalars.indices.map { $0..<($0 + 1) }
        case .whitespace:
            return KerasProfile.runs(scalars) { $0 == 0x20 || (0x09...0x0D).contains($0) }
        case .separator(let separator):
            let mark = separator.unicodeScalars.map(\.value)
            if mark.count == 1 {
                return KerasProfile.runs(scalars) { $0 == mark[0] || separators.contains($0) }
            }
            return split(scalars, at: mark)
        }
    }

    /// The stretches between characters that separate.
    private static func runs(_ scalars: [Scalar], _ separates: (UInt32) -> Bool) -> [Term] {
        var terms: [Term] = []
        var start = 0
        for (index, scalar) in scalars.enumerated() where separates(scalar.value) {
            if index > start { terms.append(start..<index) }
            start = index + 1
        }
        if scalars.count > start { terms.append(start..<scalars.count) }
        return terms
    }

    /// Splits at a mark of several characters.
    private func split(_ scalars: [Scalar], at mark: [UInt32]) -> [Term] {
        var terms: [Term] = []
        var start = 0
        var index = 0
        func close(_ end: Int, next: Int) {
            if end > start { terms.append(start..<end) }
            start = next
            index = next
        }
        while index < scalars.count {
            if index + mark.count <= scalars.count,
                mark.indices.allSatisfy({ scalars[index + $0].value == mark[$0] })
            {
                close(index, next: index + mark.count)
            } else {
                index += 1
            }
        }
        close(scalars.count, next: scalars.count)
        return terms
    }

    private static func append(_ value: UInt32, to term: inout [UInt8]) {
        if value < 0x80 {
            term.append(UInt8(value))
        } else if let scalar = Unicode.Scalar(value) {
            term += UTF8.encode(scalar).map(Array.init) ?? []
        }
    }

    /// The ids of a text's terms, filled up or cut to the length.
    func ids(of stream: TokenStream, in vocabulary: Vocabulary) -> [Int32] {
        pad(resolve(stream, in: vocabulary).map(\.id), with: text.paddingID)
    }

    /// For each id the index of its token; the number of tokens for padding.
    func origins(of stream: TokenStream, in vocabulary: Vocabulary) -> [Int] {
        pad(resolve(stream, in: vocabulary).map(\.token), with: stream.count)
    }

    private func resolve(
        _ stream: TokenStream, in vocabulary: Vocabulary
    ) -> [(id: Int32, token: Int)] {
        var result: [(id: Int32, token: Int)] = []
        result.reserveCapacity(stream.count)
        for index in stream.tokens.indices {
            if let id = vocabulary.id(stream.text(stream.tokens[index])) ?? text.unknown {
                result.append((id, index))
            }
        }
        return result
    }

    private func pad<Element>(_ items: [Element], with filler: Element) -> [Element] {
        guard let length = text.length else { return items }
        if items.count >= length {
            return Array(text.truncating == .pre ? items.suffix(length) : items.prefix(length))
        }
        let filling = [Element](repeating: filler, count: length - items.count)
        return text.padding == .pre ? filling + items : items + filling
    }
}
