// What a function costs to optimise, beyond its size: found by one scan before it is lowered.
//
// LLVM's passes mostly take time with the number of instructions. Some take it with the square of
// something that real functions have little of: the loops of a function, the instructions between two
// branches, the targets of a switch. The figures behind the limits are in the rationale.

internal import WasmBinary
internal import WasmTypes

/// What passes of LLVM's take the square of.
struct FunctionMeasure: Sendable {
    /// Loops, nested ones included.
    private(set) var loops = 0
    /// The most instructions from one branch, label or trap that is written as such to the next.
    private(set) var longestRun = 0
    /// The most accesses of memory and globals in such a run.
    private(set) var mostAccesses = 0
    /// How deep loops and ifs are nested.
    private(set) var depth = 0
    /// The most different targets that one table of labels has.
    private(set) var tableTargets = 0
    /// The most labels that one table has.
    private(set) var tableEntries = 0

    /// CPython has 12,747 instructions and 3,246 accesses without a branch, in functions that hash.
    private static let maximumLoops = 600
    private static let maximumRun = 16_000
    private static let maximumAccesses = 4_000
    private static let maximumDepth = 600
    private static let maximumTableTargets = 750
    private static let maximumTableEntries = 3_000

    /// Whether optimising the function might take the square of its size.
    var isExcessive: Bool {
        loops > Self.maximumLoops || depth > Self.maximumDepth
            || longestRun > Self.maximumRun || mostAccesses > Self.maximumAccesses
            || tableTargets > Self.maximumTableTargets || tableEntries > Self.maximumTableEntries
    }

    /// Bodies of so few bytes of code are not excessive, whatever they contain.
    private static let harmlessSize = 1_800

    init(of body: FunctionBody, in module: Module) throws(ModuleError) {
        if body.code.count <= Self.harmlessSize { return }
        var reader = InstructionReader(bytes: module.bytes, range: body.code)
        var (run, accesses) = (0, 0)
        // For each open block whether it counts, and how many do.
        var (open, nesting): ([Bool], Int) = ([], 0)
        while !reader.isAtEnd {
            run += 1
            switch try reader.next().instruction {
            case .loop:
                loops += 1
                open.append(true)
                nesting += 1
            case .if:
                open.append(true)
                nesting += 1
            case .block, .tryTable, .try: open.append(false)
            case .end, .delegate: if open.popLast() ?? false { nesting -= 1 }
            case .branchTable(let table):
                let targets = Set(InstructionReader.labels(of: table, in: module.bytes))
                tableTargets = max(tableTargets, targets.count)
                tableEntries = max(tableEntries, Int(table.count) + 1)
            case .else, .branch, .branchIf, .return, .unreachable, .catch, .catchAll, .throw,
                .branchOnNull, .branchOnNonNull, .branchOnCast, .branchOnCastFail:
                break
            case .load, .store, .globalGet, .globalSet:
                accesses += 1
                fallthrough
            default:
                longestRun = max(longestRun, run)
                mostAccesses = max(mostAccesses, accesses)
                continue
            }
            (run, accesses) = (0, 0)
            depth = max(depth, nesting)
        }
    }
}
