/// The open elements, from the root to the current node (WHATWG HTML section 13.2.4.2).
///
/// Entries are small, so that elements can be moved inside the stack; what the text stage keeps of
/// an element lies beside it in slots that are used again.
struct HTMLElementStack {
    /// The three languages of a document.
    enum Space: UInt8 {
        case html, svg, math
    }

    /// Elements that end the search for an open one (WHATWG HTML section 13.2.4.2).
    enum Scope: UInt64 {
        case any, list, button, table
    }

    /// Distinguishes an element from all others of the document.
    struct Identity: Equatable {
        var slot: Int32
        var number: UInt32
    }

    /// An open element.
    struct Entry {
        var element: HTMLElement
        var space: Space
        /// True for an element of a drawing or formula whose content is HTML.
        var holdsHTML: Bool
        /// Distinguishes unknown elements.
        var nameHash: UInt64
        var identity: Identity

        /// True for this element of HTML.
        func isHTML(_ element: HTMLElement) -> Bool { self.element == element && space == .html }

        /// True for the elements of formulas that hold text.
        var isMathText: Bool {
            guard space == .math else { return false }
            switch element {
            case .mi, .mo, .mn, .ms, .mtext: return true
            default: return false
            }
        }

        /// True when the element ends the search for the partner of an end tag.
        var isSpecial: Bool { space == .html ? element.isSpecial : isForeignBoundary }

        /// True when the element ends a scope.
        func ends(_ scope: Scope) -> Bool {
            guard space == .html else { return scope != .table && isForeignBoundary }
            switch scope {
            case .table: return element == .table || element == .html || element == .template
            case .list where element == .ol || element == .ul: return true
            case .button where element == .button: return true
            default: return element.endsScope
            }
        }

        private var isForeignBoundary: Bool {
            if space == .math { return isMathText || element == .`annotation-xml` }
            return element == .foreignobject || element == .desc || element == .title
        }
    }

    private(set) var entries: [Entry] = []
    private var nodes: [HTMLNode] = []
    /// The number of each slot's element; 0 for a free slot.
    private var numbers: [UInt32] = []
    private var freeSlots: [Int32] = []
    private var lastNumber: UInt32 = 0
    /// How many of each kind of element of HTML are open.
    private var counts = [Int32](repeating: 0, count: HTMLElement.count)

    var count: Int { entries.count }
    var last: Entry? { entries.last }

    /// What the text stage keeps of an open element.
    subscript(_ identity: Identity) -> HTMLNode {
        // In place: a node is large, and most uses want one part of it.
        _read { yield nodes[Int(identity.slot)] }
        _modify { yield &nodes[Int(identity.slot)] }
    }

    /// True when an element of this kind is open; saves searches that would find nothing.
    func isOpen(_ element: HTMLElement) -> Bool { counts[Int(element.rawValue)] > 0 }

    /// True while the element is open.
    func isOpen(_ identity: Identity) -> Bool {
        numbers[Int(identity.slot)] == identity.number
    }

    /// The index of an open element, searched from the current node.
    func index(of identity: Identity) -> Int? {
        entries.lastIndex { $0.identity == identity }
    }

    /// A search for an open element that found none.
    private struct Miss {
        var target: UInt64
        /// The depth of the stack and its current node at that time.
        var depth: Int
        var number: UInt32
        var moves: Int
    }

    /// The last miss of each target, by a part of its value.
    private var misses = [Miss?](repeating: nil, count: HTMLElementStack.missCount)
    private static let missCount = 64
    /// How often the middle of the stack was changed.
    private var moves = 0

    /// Searches from the current node outwards.
    ///
    /// What a search in vain has seen is not searched again, so that hostile tags can't make every
    /// search a long one.
    ///
    /// - Parameters:
    ///   - target: Distinguishes this search from others.
    ///   - matches: True for the element that is searched.
    ///   - ends: True for an element that ends the search.
    /// - Returns: The index of the element.
    private mutating func search(
        _ target: UInt64, _ matches: (Entry) -> Bool, endsAt ends: (Entry) -> Bool
    ) -> Int? {
        let slot = Int(truncatingIfNeeded: target % UInt64(HTMLElementStack.missCount))
        var seen = 0
        if let miss = misses[slot], miss.target == target, miss.moves == moves,
            miss.depth <= entries.count,
            entries[miss.depth - 1].identity.number == miss.number
        {
            seen = miss.depth
        }
        var index = entries.count - 1
        while index >= seen {
            if matches(entries[index]) { return index }
            if ends(entries[index]) { break }
            index -= 1
        }
        if let last = entries.last {
            misses[slot] = Miss(
                target: target, depth: entries.count, number: last.identity.number, moves: moves)
        }
        return nil
    }

    /// A number for a search; the kinds of searches have different ones.
    private static func target(_ kind: UInt64, _ value: UInt64) -> UInt64 {
        value << 3 | kind
    }

    /// The index of the innermost open element of a kind in a scope.
    mutating func index(of element: HTMLElement, in scope: Scope = .any) -> Int? {
        guard isOpen(element) else { return nil }
        let target = HTMLElementStack.target(scope.rawValue, UInt64(element.rawValue))
        return search(target) {
            $0.isHTML(element)
        } endsAt: {
            $0.ends(scope)
        }
    }

    /// The index of the innermost heading in a scope.
    mutating func indexOfHeading() -> Int? {
        search(HTMLElementStack.target(4, 0)) {
            $0.space == .html && $0.element.isHeading
        } endsAt: {
            $0.ends(.any)
        }
    }

    /// The index of the innermost open element of a name, unless a special one is found first.
    mutating func index(before element: HTMLElement, nameHash: UInt64) -> Int? {
        guard isOpen(element) else { return nil }
        let target = HTMLElementStack.target(5, nameHash ^ UInt64(element.rawValue))
        return search(target) {
            $0.isHTML(element) && $0.nameHash == nameHash
        } endsAt: {
            $0.isSpecial
        }
    }

    /// The index of an open element, unless a scope ends before it.
    mutating func indexInScope(of identity: Identity) -> Int? {
        search(HTMLElementStack.target(6, UInt64(identity.number))) {
            $0.identity == identity
        } endsAt: {
            $0.ends(.any)
        }
    }

    /// The index of the innermost open element of a group in the scope of a table.
    func indexInTable(where matches: (HTMLElement) -> Bool) -> Int? {
        var index = entries.count - 1
        while index >= 0 {
            if entries[index].space == .html, matches(entries[index].element) { return index }
            if entries[index].ends(.table) { return nil }
            index -= 1
        }
        return nil
    }

    /// The style around the innermost table below an index, into which its misplaced content is
    /// moved.
    func styleAroundTable(under end: Int) -> SharedStyle {
        var index = end - 1
        while index >= 0 {
            let entry = entries[index]
            if entry.space == .html, entry.element == .table { return self[entry.identity].outer }
            if entry.space == .html, entry.element == .template {
                return self[entry.identity].inner
            }
            index -= 1
        }
        return entries.first.map { self[$0.identity].inner } ?? SharedStyle()
    }

    /// Adds an element as the current node.
    ///
    /// - Parameters:
    ///   - element: The element.
    ///   - space: Its language.
    ///   - holdsHTML: True for an element of a drawing or formula whose content is HTML.
    ///   - nameHash: Distinguishes unknown elements.
    ///   - look: How it looks.
    ///   - textBefore: How much text is in front of it.
    ///   - isMovedOut: True when it was moved out of the table that is under it.
    ///   - contentStart: The offset of its content in the document.
    /// - Returns: What distinguishes it from all others.
    mutating func push(
        _ element: HTMLElement, space: Space = .html, holdsHTML: Bool = false, nameHash: UInt64,
        _ look: HTMLElementLook, textBefore: HTMLText.Amount, isMovedOut: Bool = false,
        contentStart: Int = 0
    ) -> Identity {
        lastNumber += 1
        let slot: Int32
        // The node is made where it stays: it is too large to be copied for each tag.
        if let free = freeSlots.popLast() {
            slot = free
            nodes[Int(slot)] = HTMLNode(look, textBefore, isMovedOut, contentStart)
            numbers[Int(slot)] = lastNumber
        } else {
            slot = Int32(nodes.count)
            nodes.append(HTMLNode(look, textBefore, isMovedOut, contentStart))
            numbers.append(lastNumber)
        }
        let identity = Identity(slot: slot, number: lastNumber)
        entries.append(
            Entry(
                element: element, space: space, holdsHTML: holdsHTML, nameHash: nameHash,
                identity: identity))
        if space == .html { counts[Int(element.rawValue)] += 1 }
        return identity
    }

    /// Removes the element at an index.
    mutating func remove(at index: Int) {
        let entry: Entry
        if index == entries.count - 1 {
            entry = entries.removeLast()
        } else {
            moves += 1
            entry = entries.remove(at: index)
        }
        if entry.space == .html { counts[Int(entry.element.rawValue)] -= 1 }
        numbers[Int(entry.identity.slot)] = 0
        freeSlots.append(entry.identity.slot)
    }

    /// Moves an element up the stack.
    mutating func move(from index: Int, to end: Int) {
        moves += 1
        let entry = entries.remove(at: index)
        entries.insert(entry, at: end)
    }
}
