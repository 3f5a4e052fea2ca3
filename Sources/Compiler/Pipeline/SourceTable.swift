// Where compiled code comes from in the source, for backtraces: a table inside the executable,
// since a program in a sandbox cannot read its own file. It is made from the debug information of
// the linked executable, which knows the final addresses, and linked in a second time around.
//
// The layout is `struct smelt_source_table` in runtime-c/include/smelt/abi.h.

internal import DWARF
internal import Linking
internal import WasmTypes

/// A table of places in the source, by address.
struct SourceTable {
    /// A place and, for code that was inlined, the one that it was inlined into.
    private struct Frame: Hashable {
        /// Offset of the function's name; 0 for the function that the address belongs to.
        var name: UInt32
        /// Offset of the file's name, 0 if it is not known.
        var file: UInt32
        var line: UInt32
        var column: UInt32
        /// The frame around it; 0 for none.
        var caller: UInt32
    }

    /// A function or a call of one that was inlined.
    private struct Scope {
        var name: UInt32
        var parent: Int?
        var depth: Int
        /// For an inlined call: its place.
        var call: (file: UInt32, line: UInt32, column: UInt32) = (0, 0, 0)
        /// The frame that stands for the call, once it is known.
        var caller: UInt32?
    }

    private let information: DebugInformation
    private let code: Range<UInt64>
    private var budget: ReadingBudget
    private var ranges: [(address: UInt64, frame: UInt32)] = []
    /// The first one stands for no place.
    private var frames = [Frame(name: 0, file: 0, line: 0, column: 0, caller: 0)]
    private var frameNumbers: [Frame: UInt32] = [:]
    /// Zero-terminated; nothing has the offset 0.
    private var strings: [UInt8] = [0]
    private var stringOffsets: [String: UInt32] = [:]
    private var files: [UInt32: SourceFile] = [:]

    /// - Returns: nil if the executable has no symbols to find its code by.
    init?(of executable: ELFFile) {
        guard let begin = executable.address(of: "smelt_code_begin"),
            let end = executable.address(of: "smelt_code_end"), begin <= end
        else { return nil }
        code = begin..<end
        information = DebugInformation(
            DWARFSections(bytes: executable.bytes) { executable.section($0)?.range })
        budget = ReadingBudget(for: information)
        for unit in 0..<information.unitCount { addUnit(unit) }
        ranges.sort { $0.address < $1.address }
    }

    // Units ----------------------------------------------------------------------------------

    private mutating func addUnit(_ unit: Int) {
        guard let table = try? information.lineTable(ofUnit: unit) else { return }
        files = table.files
        let rows = table.rows.enumerated()
            .filter { code.contains($0.element.address) || $0.element.isEnd }
            .sorted { ($0.element.address, $0.offset) < ($1.element.address, $1.offset) }
            .map(\.element)
        for entry in information.entries(ofUnit: unit)
        where information.tag(entry) == .subprogram {
            let ranges = (try? information.ranges(of: entry, budget: &budget)) ?? []
            for range in ranges where code.contains(range.lowerBound) {
                addFunction(entry, range, rows)
            }
        }
    }

    private mutating func addFunction(
        _ entry: EntryID, _ range: Range<UInt64>, _ rows: [LineRow]
    ) {
        var scopes = [Scope(name: 0, parent: nil, depth: 0, caller: 0)]
        var places: [(range: Range<UInt64>, scope: Int)] = []
        var pending: [(entry: EntryID, scope: Int)] = [(entry, 0)]
        while let (parent, scope) = pending.popLast() {
            for child in information.children(parent) {
                switch information.tag(child) {
                case .lexicalBlock: pending.append((child, scope))
                case .inlinedSubroutine:
                    let ranges = (try? information.ranges(of: child, budget: &budget)) ?? []
                    scopes.append(inlinedCall(child, in: scope, depth: scopes[scope].depth + 1))
                    places += ranges.map { ($0, scopes.count - 1) }
                    pending.append((child, scopes.count - 1))
                default: break
                }
            }
        }
        addRanges(range, rows, &scopes, places)
    }

    private mutating func inlinedCall(_ entry: EntryID, in parent: Int, depth: Int) -> Scope {
        let attributes = information.attributes(entry)
        func number(_ attribute: Attribute) -> UInt32 {
            UInt32(clamping: attributes.unsigned(attribute) ?? 0)
        }
        var scope = Scope(
            name: string(information.qualifiedName(of: entry)), parent: parent, depth: depth)
        scope.call = (
            file(number(.callFile)), number(.callLine), number(.callColumn)
        )
        return scope
    }

    /// Goes through a function's code, from one change of line or scope to the next.
    private mutating func addRanges(
        _ range: Range<UInt64>, _ rows: [LineRow], _ scopes: inout [Scope],
        _ places: [(range: Range<UInt64>, scope: Int)]
    ) {
        var next = rows.partitioningIndex { $0.address > range.lowerBound }
        var pending = places.sorted { $0.range.lowerBound > $1.range.lowerBound }
        var active: [(range: Range<UInt64>, scope: Int)] = []
        var address = range.lowerBound
        while address < range.upperBound {
            while let place = pending.last, place.range.lowerBound <= address {
                active.append(pending.removeLast())
            }
            active.removeAll { $0.range.upperBound <= address }
            while next < rows.count, rows[next].address <= address { next += 1 }
            let innermost = active.max { scopes[$0.scope].depth < scopes[$1.scope].depth }
            let row = next > 0 && !rows[next - 1].isEnd ? rows[next - 1] : nil
            ranges.append((address, frame(row, in: innermost?.scope ?? 0, &scopes)))
            address = [
                range.upperBound, pending.last?.range.lowerBound,
                active.map(\.range.upperBound).min(), next < rows.count ? rows[next].address : nil,
            ].compactMap { $0 }.min()!
        }
        ranges.append((range.upperBound, 0))
    }

    // Frames ---------------------------------------------------------------------------------

    private mutating func frame(
        _ row: LineRow?, in scope: Int, _ scopes: inout [Scope]
    ) -> UInt32 {
        // Code of several lines, merged into one, has line 0.
        let row = row.flatMap { $0.line > 0 ? $0 : nil }
        return number(
            of: Frame(
                name: scopes[scope].name, file: row.map { file($0.file) } ?? 0,
                line: row?.line ?? 0, column: row?.column ?? 0,
                caller: caller(of: scope, &scopes)))
    }

    private mutating func caller(of scope: Int, _ scopes: inout [Scope]) -> UInt32 {
        if let known = scopes[scope].caller { return known }
        let (file, line, column) = scopes[scope].call
        let parent = scopes[scope].parent!
        let outer = caller(of: parent, &scopes)
        let result = number(
            of: Frame(
                name: scopes[parent].name, file: line > 0 ? file : 0, line: line, column: column,
                caller: outer))
        scopes[scope].caller = result
        return result
    }

    private mutating func number(of frame: Frame) -> UInt32 {
        if let known = frameNumbers[frame] { return known }
        frames.append(frame)
        let number = UInt32(frames.count - 1)
        frameNumbers[frame] = number
        return number
    }

    private mutating func file(_ number: UInt32) -> UInt32 {
        files[number].map { string($0.path) } ?? 0
    }

    /// The offset of a string behind the start of all strings.
    private mutating func string(_ text: String) -> UInt32 {
        if let known = stringOffsets[text] { return known }
        let offset = UInt32(strings.count)
        strings += text.printable.utf8
        strings.append(0)
        stringOffsets[text] = offset
        return offset
    }

    // Bytes ----------------------------------------------------------------------------------

    /// The table as the runtime reads it.
    var bytes: [UInt8] {
        var merged: [(address: UInt64, frame: UInt32)] = []
        for range in ranges {
            if merged.last?.address == range.address {
                // The end of one function is the start of the next.
                if range.frame != 0 { merged[merged.count - 1].frame = range.frame }
            } else if merged.last?.frame != range.frame {
                merged.append(range)
            }
        }
        var words = [UInt32(merged.count), UInt32(frames.count)]
        for range in merged { words += [UInt32(range.address - code.lowerBound), range.frame] }
        for frame in frames {
            words += [frame.name, frame.file, frame.line, frame.column, frame.caller]
        }
        return words.flatMap { word in
            [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
        } + strings
    }
}

extension Array {
    /// The index of the first element that belongs behind the others, in an array that is sorted so.
    fileprivate func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
