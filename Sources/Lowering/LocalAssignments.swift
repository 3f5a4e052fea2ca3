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

    /// For functions without structured instructions.
    init() {}

    /// - Throws: `ModuleError` of the kind limitExceeded for what `CarriedOperands` refuses.
    init(
        of function: FunctionIndex, _ body: FunctionBody, in module: Module
    ) throws(ModuleError) {
        var reader = InstructionReader(bytes: module.bytes, range: body.code)
        var operands = CarriedOperands(of: function, in: module)
        var open: [(ordinal: Int, locals: Set<LocalIndex>, isTry: Bool)] = []
        var openTries = 0
        var (branches, total, largest) = (1, 0, 0)
        while !reader.isAtEnd {
            let next = try reader.next()
            try operands.add(next)
            switch next.instruction {
            case .block, .loop, .if, .tryTable, .try:
                if case .tryTable(_, let clauses) = next.instruction {
                    branches += Int(clauses.count)
                }
                let isTry = next.instruction.opensTry
                if isTry { openTries += 1 }
                open.append((byOrdinal.count, [], isTry))
                byOrdinal.append([])
            case .localSet(let local), .localTee(let local):
                if !open.isEmpty { open[open.count - 1].locals.insert(local) }
            case .branch, .branchIf, .branchOnNull, .branchOnNonNull, .branchOnCast,
                .branchOnCastFail, .else, .catch, .catchAll, .throw, .throwReference, .rethrow:
                branches += 1
            case .call, .callIndirect, .callReference:
                // An exception takes the locals along to the handler.
                if openTries > 0 { branches += 1 }
            case .branchTable(let table):
                branches += Int(table.count) + 1
            case .end, .delegate:
                // The lists themselves, and joining them, are within the budget as well.
                if open.last?.isTry == true { openTries -= 1 }
                guard let closed = open.popLast(), total <= Self.budget else { continue }
                total += closed.locals.count
                largest = max(largest, closed.locals.count)
                byOrdinal[closed.ordinal] = closed.locals.sorted()
                if !open.isEmpty { open[open.count - 1].locals.formUnion(closed.locals) }
            default:
                continue
            }
        }
        isExcessive = total + branches * largest > Self.budget
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
