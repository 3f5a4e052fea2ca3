// A module's debug information, made ready for the code generator: which entry describes which
// function, and all line tables as one list in the order of the code.
//
// Addresses of DWARF in WebAssembly count from the start of the code section's contents. Whatever
// describes no code that is in the module, such as functions that the linker dropped, is left out.

internal import DWARF
internal import WasmBinary
public import WasmValidation

/// What `-g` carries over, as far as it belongs to the whole program. Immutable, and shared by the
/// threads that compile partitions.
public struct DebugModule: Sendable {
    /// A row of a line table, with the unit that numbers its file.
    struct Line {
        var row: LineRow
        var unit: Int
    }

    let information: DebugInformation
    /// Where address 0 is, in bytes from the module's start.
    let codeStart: Int
    /// By defined index, the entries of functions.
    private(set) var subprograms: [EntryID?]
    /// All rows, by ascending address.
    private(set) var lines: [Line] = []
    /// The files of each unit's line table.
    private(set) var files: [[UInt32: SourceFile]] = []
    /// The unit of the function `main`.
    private(set) var mainUnit: Int?
    /// What is wrong with the debug information, if something is. The rest of it is used.
    public private(set) var problem: String?

    /// Whether there is any debug information at all.
    public let isPresent: Bool

    /// Reads the debug information of a module. It is never the reason for a failure.
    public init(_ validated: ValidatedModule) {
        let module = validated.module
        let sections = DWARFSections(bytes: module.bytes) { name in
            module.customSections.first { $0.name == name }?.range
        }
        let codeSection: UInt8 = 10
        let code = module.sections.first { $0.id == codeSection }?.range ?? 0..<0
        isPresent = !sections.isEmpty
        codeStart = code.lowerBound
        information = DebugInformation(sections)
        problem = information.problem?.description
        subprograms = Array(repeating: nil, count: module.bodies.count)
        findSubprograms(bodies: module.bodies)
        readLines(end: UInt64(code.count))
    }

    // Functions ------------------------------------------------------------------------------

    private mutating func findSubprograms(bodies: [FunctionBody]) {
        for unit in 0..<information.unitCount {
            for entry in information.entries(ofUnit: unit)
            where information.tag(entry) == .subprogram {
                guard let address = information.attributes(entry).address(.lowPC),
                    let index = Self.function(at: address, in: bodies, codeStart: codeStart)
                else { continue }
                subprograms[index] = subprograms[index] ?? entry
                if mainUnit == nil, isMain(entry) { mainUnit = unit }
            }
        }
    }

    private func isMain(_ entry: EntryID) -> Bool {
        information.origins(of: entry).contains {
            information.attributes($0).string(.name) == "main"
        }
    }

    /// The function whose body begins at an address: behind the end of the one before it, and not
    /// behind its own first instruction.
    private static func function(
        at address: UInt64, in bodies: [FunctionBody], codeStart: Int
    ) -> Int? {
        guard let position = Int(exactly: address).map({ $0 &+ codeStart }), position > codeStart
        else { return nil }
        var low = 0
        var high = bodies.count
        while low < high {
            let middle = (low + high) / 2
            if bodies[middle].code.upperBound <= position {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < bodies.count, position <= bodies[low].code.lowerBound else { return nil }
        return low == 0 || position > bodies[low - 1].code.upperBound ? low : nil
    }

    // Lines ----------------------------------------------------------------------------------

    private mutating func readLines(end: UInt64) {
        var sequences: [ArraySlice<LineRow>] = []
        var units: [Int] = []
        var seen: Set<UInt64> = []
        files = Array(repeating: [:], count: information.unitCount)
        for unit in 0..<information.unitCount {
            guard let root = information.root(ofUnit: unit) else { continue }
            do {
                guard let table = try information.lineTable(ofUnit: unit) else { continue }
                files[unit] = table.files
                // Units may share a table; its lines are the first one's.
                let offset = information.attributes(root).unsigned(.statementList) ?? 0
                guard seen.insert(offset).inserted else { continue }
                for sequence in Self.sequences(of: table.rows, end: end) {
                    sequences.append(sequence)
                    units.append(unit)
                }
            } catch {
                problem = problem ?? error.description
            }
        }
        let order = sequences.indices.sorted {
            (sequences[$0].first!.address, $0) < (sequences[$1].first!.address, $1)
        }
        for index in order {
            lines += sequences[index].map { Line(row: $0, unit: units[index]) }
        }
    }

    /// The parts of a table that are about code of this module and ascend.
    private static func sequences(of rows: [LineRow], end: UInt64) -> [ArraySlice<LineRow>] {
        var sequences: [ArraySlice<LineRow>] = []
        var first = rows.startIndex
        for index in rows.indices where rows[index].isEnd {
            let sequence = rows[first...index]
            first = index + 1
            let isAscending = zip(sequence, sequence.dropFirst())
                .allSatisfy { $0.address <= $1.address }
            // Dropped functions begin at 0 or at the largest address.
            if isAscending, sequence.first!.address > 0, sequence.last!.address <= end {
                sequences.append(sequence)
            }
        }
        return sequences
    }

    /// The index of the row that an address belongs to, or of the one in front of it.
    func lineIndex(at address: UInt64) -> Int? {
        var low = 0
        var high = lines.count
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].row.address <= address { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// Where the line table says that a function's prologue ends.
    func prologueEnd(_ function: FunctionDescription) -> UInt64? {
        let rows = lines[function.firstLine...].prefix { $0.row.address < function.code.upperBound }
        return rows.first {
            $0.row.isPrologueEnd && $0.row.address >= function.code.lowerBound
        }?.row.address
    }
}
