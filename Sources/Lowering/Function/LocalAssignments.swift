// Which locals each block, loop and if assigns: found by one scan before a body is lowered.
//
// A loop's header needs a phi for just these locals, and a join for at most these; all others
// keep the value that they had on entry.

internal import WasmBinary
internal import WasmTypes

/// For every structured instruction of a body, in order of appearance, the locals that are
/// assigned between it and its `end`.
struct LocalAssignments {
    /// By ordinal of the structured instruction; ascending.
    private(set) var byOrdinal: [[LocalIndex]] = []
    /// Whether the lists, times the branches that carry them, are too many to keep apart: then
    /// the function's locals live in memory, and LLVM sorts them out if it is asked to optimise.
    private(set) var isExcessive = false

    /// More values than this in all edges of a function are not worth their memory. Real code
    /// stays far below; a body made to exceed it would otherwise cost time without bound.
    private static let budget = 4_000_000

    /// Whether the calls in tries, times the locals that they carry to the handler, are so many. LLVM copies
    /// all of them in front of each call, since nothing can be put on the way to a landing pad, and
    /// would make phis of locals in memory again: the function is not to be optimised.
    private(set) var isExcessiveInTries = false

    /// 1.7 million such values take 100 s without optimisation, and 20 s with it.
    private static let budgetOfTries = 400_000

    /// For functions without structured instructions.
    init() {}

    /// - Throws: `ModuleError` of the kind limitExceeded for what `CarriedOperands` refuses.
    init(
        of function: FunctionIndex, _ body: FunctionBody, in module: Module
    ) throws(ModuleError) {
        var reader = InstructionReader(bytes: module.bytes, range: body.code)
        var operands = CarriedOperands(of: function, in: module)
        var open: [(ordinal: Int, locals: Set<LocalIndex>)] = []
        // Those of them that are tries, with the calls that they are the innermost one of.
        var tries: [(position: Int, calls: Int)] = []
        var (branches, total, largest, caught) = (1, 0, 0, 0)
        while !reader.isAtEnd {
            let next = try reader.next()
            try operands.add(next)
            switch next.instruction {
            case .block, .loop, .if, .tryTable, .try:
                if case .tryTable(_, let clauses) = next.instruction {
                    branches += Int(clauses.count)
                }
                if next.instruction.opensTry { tries.append((open.count, 0)) }
                open.append((byOrdinal.count, []))
                byOrdinal.append([])
            case .localSet(let local), .localTee(let local):
                if !open.isEmpty { open[open.count - 1].locals.insert(local) }
            case .branch, .branchIf, .branchOnNull, .branchOnNonNull, .branchOnCast,
                .branchOnCastFail, .else, .catch, .catchAll, .throw, .throwReference, .rethrow:
                branches += 1
            case .call, .callIndirect, .callReference:
                // An exception takes the locals along to the handler.
                if !tries.isEmpty {
                    branches += 1
                    tries[tries.count - 1].calls += 1
                }
            case .branchTable(let table):
                branches += Int(table.count) + 1
            case .end, .delegate:
                // The lists themselves, and joining them, are within the budget as well.
                if tries.last?.position == open.count - 1 {
                    caught += tries.removeLast().calls * (open.last?.locals.count ?? 0)
                }
                guard let closed = open.popLast(), total <= Self.budget else { continue }
                total += closed.locals.count
                largest = max(largest, closed.locals.count)
                byOrdinal[closed.ordinal] = closed.locals.sorted()
                if !open.isEmpty { open[open.count - 1].locals.formUnion(closed.locals) }
            default:
                continue
            }
        }
        isExcessiveInTries = caught > Self.budgetOfTries
        isExcessive = isExcessiveInTries || total + branches * largest > Self.budget
        if isExcessive { byOrdinal = Array(repeating: [], count: byOrdinal.count) }
    }
}

extension Instruction {
    /// Whether it opens a block that catches exceptions.
    fileprivate var opensTry: Bool {
        switch self {
        case .tryTable, .try: true
        default: false
        }
    }
}
