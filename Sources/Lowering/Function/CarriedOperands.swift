// Operands that no instruction of their own has pushed: an instruction of two bytes that branches or
// calls can carry a thousand of them. Counted before a body is lowered, so that the values of the
// compiled function are bounded by the size of its code and a constant.

internal import WasmBinary
internal import WasmTypes

/// Counts what the branches of a function carry and what its calls return, beyond the first operand
/// of each, for which its code pays.
struct CarriedOperands {
    /// More than this many need more memory than is worth their while: each is a value or an edge of
    /// one. Compilers of real programs stay below a thousandth of it.
    static let limit = 1_000_000

    private let function: FunctionIndex
    private let module: Module
    private var count = 0
    /// For each open block how many operands its label takes, and how many it leaves.
    private var blocks: [(label: Int, results: Int, isJoin: Bool)] = []

    init(of function: FunctionIndex, in module: Module) {
        self.function = function
        self.module = module
        let results = module.functionType(function)?.results.count ?? 0
        blocks.append((results, results, false))
    }

    /// Adds what one instruction carries. What is never executed counts as well.
    mutating func add(_ next: DecodedInstruction) throws(ModuleError) {
        switch next.instruction {
        case .block(let type): open(type, isLoop: false, isJoin: false)
        case .tryTable(let type, let clauses):
            catches(by: clauses)
            open(type, isLoop: false, isJoin: false)
        case .try(let type): open(type, isLoop: false, isJoin: true)
        case .catch(let tag):
            carry(blocks.last?.results ?? 0)
            carry(module.types[Int(module.tags[Int(tag)].type)].functionType?.parameters.count ?? 0)
        case .catchAll: carry(blocks.last?.results ?? 0)
        case .loop(let type): open(type, isLoop: true, isJoin: false)
        case .if(let type): open(type, isLoop: false, isJoin: true)
        case .else: carry(blocks.last?.results ?? 0)
        case .end, .delegate:
            if let block = blocks.popLast(), block.isJoin { carry(block.results) }
        case .branch(let label), .branchIf(let label), .branchOnNull(let label),
            .branchOnNonNull(let label):
            branch(to: label)
        case .branchOnCast(let branch), .branchOnCastFail(let branch): self.branch(to: branch.label)
        case .branchTable(let table): branch(by: table)
        case .return: branch(to: LabelIndex(blocks.count - 1))
        case .call(let callee): call(module.functionType(callee))
        case .callIndirect(let type, _), .callReference(let type):
            call(module.types[Int(type)].functionType)
        default: return
        }
        guard count > Self.limit else { return }
        throw ModuleError(
            .limitExceeded,
            "the branches and calls of the function carry more than \(Self.limit) operands:"
                + " pass them in memory, or divide the function",
            at: next.offset, in: function)
    }

    private mutating func carry(_ operands: Int) { count += max(0, operands - 1) }

    /// A loop and an if keep their parameters for the other way into them.
    private mutating func open(_ blockType: BlockType, isLoop: Bool, isJoin: Bool) {
        let (parameters, results) =
            switch blockType {
            case .empty: (0, 0)
            case .value: (0, 1)
            case .function(let index):
                module.types[Int(index)].functionType
                    .map { ($0.parameters.count, $0.results.count) } ?? (0, 0)
            }
        if isLoop || isJoin { carry(parameters) }
        blocks.append((isLoop ? parameters : results, results, isJoin))
    }

    private mutating func branch(to label: LabelIndex) {
        let position = blocks.count - 1 - Int(label)
        guard blocks.indices.contains(position) else { return }
        carry(blocks[position].label)
        // The end of a loop is nobody's label, but the price of counting it is small.
        blocks[position].isJoin = true
    }

    /// Every label that the table names is branched to once.
    private mutating func branch(by table: BranchTable) {
        for label in Set(InstructionReader.labels(of: table, in: module.bytes)) {
            branch(to: label)
        }
    }

    private mutating func catches(by clauses: CatchClauses) {
        for clause in InstructionReader.clauses(of: clauses, in: module.bytes) {
            branch(to: clause.label)
        }
    }

    private mutating func call(_ type: FunctionType?) { carry(type?.results.count ?? 0) }
}
