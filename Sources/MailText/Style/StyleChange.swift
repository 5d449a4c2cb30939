import ASCIIText

/// The CSS declarations `name: value; …` of one rule or attribute (CSS Syntax Level 3, section
/// 5.4.4).
///
/// They are read once for each rule, so that applying a rule costs the same however long it is.
struct StyleChange {
    /// A custom property.
    struct Variable {
        let name: [UInt8]
        let value: [UInt8]
        let isImportant: Bool
    }

    /// A declaration as written, kept when some value of its block has a `var()`.
    private struct Source {
        let name: ArraySlice<UInt8>
        let value: ArraySlice<UInt8>
        let isImportant: Bool
    }

    /// A rule in the block of another.
    struct NestedRule {
        let prelude: ArraySlice<UInt8>
        let body: ArraySlice<UInt8>
    }

    private(set) var normal: [StyleDeclaration] = []
    /// Declarations with `!important` win over later ones without it.
    private(set) var important: [StyleDeclaration] = []
    private(set) var variables: [Variable] = []
    private var sources: [Source] = []
    private var isQuirks = false
    /// The scopes of the style sheet that the element opens.
    var scopes: UInt64 = 0

    /// Bytes of a value that are read; those that matter are far shorter.
    private static let maximumValueBytes = 500
    /// Declarations of a block that are read.
    private static let maximumDeclarations = 200
    /// Declarations of a block that are kept as written, and custom properties.
    private static let maximumSources = 64

    /// No declarations.
    init() {}

    /// Reads a declaration block without its braces.
    init(_ css: ArraySlice<UInt8>, isQuirks: Bool = false) {
        var nested: [NestedRule] = []
        self.init(css, isQuirks: isQuirks, nested: &nested)
    }

    /// Reads the block of a rule, and finds the rules in it.
    init(_ css: ArraySlice<UInt8>, isQuirks: Bool, nested: inout [NestedRule]) {
        self.isQuirks = isQuirks
        let mayDefer = StyleChange.mayMentionVariable(css)
        var all: [Source] = []
        var index = css.startIndex
        var isDeferred = false
        while index < css.endIndex, normal.count + important.count < StyleChange.maximumDeclarations
        {
            CSSSyntax.skipSpace(css, &index)
            guard index < css.endIndex else { break }
            let isCustom = StyleChange.isCustom(css[index...])
            let end = CSSSyntax.find(isCustom ? ";" : ";{", in: css, from: index)
            if end < css.endIndex, css[end] == UInt8(ascii: "{") {
                let close = CSSSyntax.find("}", in: css, from: end + 1)
                nested.append(
                    NestedRule(prelude: css[index..<end], body: css[(end + 1)..<close]))
                index = min(close + 1, css.endIndex)
                continue
            }
            if let source = StyleChange.source(css[index..<end], keepsAll: mayDefer) {
                if StyleChange.isCustom(source.name) {
                    addVariable(source)
                } else if !mayDefer {
                    read(source)
                } else {
                    let mentions = StyleChange.mentionsVariable(source.value)
                    isDeferred = isDeferred || mentions
                    if all.count < StyleChange.maximumSources { all.append(source) }
                    if !mentions { read(source) }
                }
            }
            index = end + 1
        }
        if isDeferred { sources = all }
    }

    var isEmpty: Bool {
        normal.isEmpty && important.isEmpty && sources.isEmpty && variables.isEmpty
    }

    /// True when values depend on custom properties.
    var isDeferred: Bool { !sources.isEmpty }

    /// About how many declarations must be applied; one with a `var()` counts for many.
    var cost: Int {
        normal.count + important.count + sources.count * StyleChange.maximumReferences
    }

    /// A name with its value; nil when there is no colon.
    ///
    /// - Parameters:
    ///   - text: One declaration.
    ///   - keepsAll: Whether properties count that don't matter here.
    /// - Returns: The declaration.
    private static func source(_ text: ArraySlice<UInt8>, keepsAll: Bool) -> Source? {
        let colon = CSSSyntax.find(":", in: text, from: text.startIndex)
        guard colon < text.endIndex else { return nil }
        let name = CSSSyntax.plain(text[..<colon])
        guard keepsAll || PropertyName(name) != nil || isCustom(name) else {
            return nil
        }
        var value = CSSSyntax.plain(text[(colon + 1)...])
        var isImportant = false
        if let exclamation = value.lastIndex(of: UInt8(ascii: "!")),
            value[(exclamation + 1)...].trimmingSpace().equalsIgnoringCase("important")
        {
            isImportant = true
            value = value[..<exclamation].trimmingSpace()
        }
        return Source(
            name: name, value: value.prefix(maximumValueBytes), isImportant: isImportant)
    }

    /// Whether a declaration is that of a custom property.
    private static func isCustom(_ name: ArraySlice<UInt8>) -> Bool {
        name.count >= 2 && name[name.startIndex] == UInt8(ascii: "-")
            && name[name.startIndex + 1] == UInt8(ascii: "-")
    }

    private mutating func addVariable(_ source: Source) {
        guard variables.count < StyleChange.maximumSources else { return }
        variables.append(
            Variable(
                name: Array(source.name), value: Array(source.value),
                isImportant: source.isImportant))
    }

    private mutating func read(_ source: Source) {
        if source.isImportant {
            StyleDeclaration.read(
                source.name, source.value, isQuirks: isQuirks, into: &important)
        } else {
            StyleDeclaration.read(
                source.name, source.value, isQuirks: isQuirks, into: &normal)
        }
    }

    /// Lets later declarations without `!important` override these.
    mutating func mergeNormal(_ later: StyleChange) {
        normal += later.normal
        variables += later.variables.filter { !$0.isImportant }
    }

    /// Lets later declarations with `!important` override these.
    mutating func mergeImportant(_ later: StyleChange) {
        important += later.important
        variables += later.variables.filter(\.isImportant)
    }

    /// Lets later declarations override these.
    mutating func merge(_ later: StyleChange) {
        mergeNormal(later)
        mergeImportant(later)
    }

    /// Leaves the last declaration of each property, which is the one that counts.
    mutating func compact() {
        StyleChange.compact(&normal)
        StyleChange.compact(&important)
    }

    private static func compact(_ list: inout [StyleDeclaration]) {
        guard list.count > fewDeclarations else { return }
        var seen: UInt64 = 0
        var last: [StyleDeclaration] = []
        for declaration in list.reversed() {
            let bit: UInt64 = 1 << UInt64(declaration.property.rawValue)
            if seen & bit == 0 { last.append(declaration) }
            seen |= bit
        }
        list = last
    }

    /// So many declarations cost little to apply, even if some don't count.
    private static let fewDeclarations = 8

    // MARK: Custom properties

    private static func mentionsVariable(_ value: ArraySlice<UInt8>) -> Bool {
        let parenthesis = UInt8(ascii: "(")
        var index = value.startIndex
        while true {
            index = value.firstIndex(of: parenthesis, or: parenthesis, from: index)
            guard index < value.endIndex else { return false }
            if index >= value.startIndex + 3,
                value[(index - 3)..<index].equalsIgnoringCase("var")
            {
                return true
            }
            index += 1
        }
    }

    /// Whether some value may have a `var()` once its escapes are decoded.
    private static func mayMentionVariable(_ css: ArraySlice<UInt8>) -> Bool {
        css.contains(UInt8(ascii: "\\")) || mentionsVariable(css)
    }

    /// The declarations with the values of custom properties in them (CSS Custom Properties Level
    /// 1, section 3).
    func resolved(_ variables: [[UInt8]: [UInt8]]) -> StyleChange {
        guard isDeferred else { return self }
        var result = StyleChange()
        result.isQuirks = isQuirks
        result.variables = self.variables
        for source in sources {
            guard StyleChange.mentionsVariable(source.value) else {
                result.read(source)
                continue
            }
            var list: [StyleDeclaration] = []
            var references = 0
            if let value = StyleChange.substitute(source.value, variables, &references) {
                StyleDeclaration.read(
                    source.name, value[...].trimmingSpace(), isQuirks: isQuirks, into: &list)
            }
            // Invalid at computed-value time is `unset`.
            if list.isEmpty {
                StyleDeclaration.read(
                    source.name, Array("unset".utf8)[...], isQuirks: isQuirks, into: &list)
            }
            if source.isImportant { result.important += list } else { result.normal += list }
        }
        return result
    }

    /// References that are followed in one value: also a bound on their nesting.
    private static let maximumReferences = 32

    /// A value with its references replaced; nil when one of them has no value.
    private static func substitute(
        _ value: ArraySlice<UInt8>, _ variables: [[UInt8]: [UInt8]], _ references: inout Int
    ) -> [UInt8]? {
        var result: [UInt8] = []
        var index = value.startIndex
        while index < value.endIndex {
            guard value[index...].startsIgnoringCase("var(") else {
                result.append(value[index])
                index += 1
                continue
            }
            references += 1
            guard references <= maximumReferences else { return nil }
            let close = CSSSyntax.find(")", in: value, from: index + 4)
            let inside = value[(index + 4)..<close]
            let comma = CSSSyntax.find(",", in: inside, from: inside.startIndex)
            let name = Array(inside[..<comma].trimmingSpace())
            var replacement: [UInt8]?
            if let found = variables[name] {
                replacement = substitute(found[...], variables, &references)
            }
            if replacement == nil, comma < inside.endIndex {
                replacement = substitute(inside[(comma + 1)...], variables, &references)
            }
            guard let replacement, result.count + replacement.count <= maximumValueBytes else {
                return nil
            }
            result += replacement
            index = min(close + 1, value.endIndex)
        }
        return result
    }
}
