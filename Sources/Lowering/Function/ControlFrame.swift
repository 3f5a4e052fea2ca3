// A structured instruction that is open: its blocks, its place on the operand stack, and what
// flows into its end.

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

/// One entry of the control stack.
struct ControlFrame {
    enum Kind {
        case function, block
        /// The header with its phis: parameters first, then the assigned locals.
        case loop(header: BasicBlock, phis: [IRValue])
        /// An if whose else has not come: where its condition is false.
        case conditional(else: BasicBlock)
        case tryTable(CatchClauses)
        /// Of the older encoding, before its first handler.
        case `try`
        /// One of its handlers, with the exception.
        case `catch`(IRValue)
    }

    var kind: Kind
    let parameterTypes: [ValueType]
    let resultTypes: [ValueType]
    /// The operand stack's height below the parameters.
    let height: Int
    /// Locals that the body assigns.
    let assigned: [LocalIndex]
    /// For conditional: what the parameters and the assigned locals were at the if.
    var entryValues: [IRValue] = []
    /// For tries: where exceptions go that leave the body.
    var handler: ExceptionHandler?
    /// Where branches to the end go; made when the first one is.
    var continuation: BasicBlock?
    /// What flows into the end: for each edge its block, and the results and assigned locals.
    private(set) var edges: [Edge] = []

    typealias Edge = (block: BasicBlock, values: [IRValue])

    init(
        kind: Kind, parameterTypes: [ValueType], resultTypes: [ValueType], height: Int,
        assigned: [LocalIndex]
    ) {
        self.kind = kind
        self.parameterTypes = parameterTypes
        self.resultTypes = resultTypes
        self.height = height
        self.assigned = assigned
    }

    /// Forgets the edges in this copy of the frame.
    mutating func discardEdges() { edges = [] }

    mutating func addEdge(from block: BasicBlock, values: [IRValue]) {
        edges.append((block, values))
    }
}
