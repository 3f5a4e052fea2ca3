// Loops, as the control flow shows them.

internal import LLVMKit

/// A loop in the form that LLVM's loop-simplify and lcssa give to loops: one block
/// before it that leads nowhere else, one latch, and exit blocks of its own; what it computes is
/// used behind it in phis of the exit blocks only.
struct NaturalLoop {
    let preheader: BasicBlock
    let header: BasicBlock
    let latch: BasicBlock
    /// The block behind the loop, if it is left from the latch alone.
    let latchExit: BasicBlock?
    /// Whether no other loop is in it.
    let isInnermost: Bool
    /// All blocks, the header first, and what computes a value before what uses it.
    let blocks: [BasicBlock]
    private let members: Set<BasicBlock>

    /// A larger loop does not gain from a second version of itself.
    private static let maximumBlocks = 12

    /// The instruction that computes a value, if it stands in the loop.
    func inside(_ value: IRValue) -> IRInstruction? {
        guard let instruction = IRInstruction(value), members.contains(instruction.block)
        else { return nil }
        return instruction
    }

    func contains(_ block: BasicBlock) -> Bool { members.contains(block) }

    /// All loops of a function that have this form and are not large.
    static func all(in function: IRFunction) -> [NaturalLoop] {
        let graph = ControlFlow(function)
        let headers = Set(graph.backEdges.map(\.header))
        return graph.backEdges.compactMap { edge in
            NaturalLoop(latch: edge.latch, header: edge.header, headers: headers, graph)
        }
    }

    private init?(
        latch: BasicBlock, header: BasicBlock, headers: Set<BasicBlock>, _ graph: ControlFlow
    ) {
        guard let members = Self.naturalLoop(latch: latch, header: header, graph)
        else { return nil }
        isInnermost = !members.contains { $0 != header && headers.contains($0) }
        let outside = graph.predecessors[header, default: []].filter { !members.contains($0) }
        guard outside.count == 1, graph.successors[outside[0]]?.count == 1 else { return nil }
        guard graph.predecessors[header, default: []].count == 2 else { return nil }
        let leaving = members.flatMap { block in
            graph.successors[block, default: []].filter { !members.contains($0) }.map {
                (block, $0)
            }
        }
        let isSimple =
            leaving.count == 1 && leaving[0].0 == latch
            && graph.successors[latch, default: []].count == 2
            && graph.predecessors[leaving[0].1, default: []].count == 1
        preheader = outside[0]
        latchExit = isSimple ? leaving[0].1 : nil
        self.header = header
        self.latch = latch
        self.members = members
        blocks =
            [header]
            + members.subtracting([header]).sorted {
                graph.positions[$0, default: 0] < graph.positions[$1, default: 0]
            }
    }

    /// The blocks from which the latch is reached without the header; nil if there are too many,
    /// or if the header is not the only way in.
    private static func naturalLoop(
        latch: BasicBlock, header: BasicBlock, _ graph: ControlFlow
    ) -> Set<BasicBlock>? {
        var members: Set = [header]
        var pending = [latch]
        while let block = pending.popLast() {
            guard members.insert(block).inserted else { continue }
            let predecessors = graph.predecessors[block, default: []]
            if predecessors.isEmpty || members.count > maximumBlocks { return nil }
            pending += predecessors
        }
        return members
    }
}

/// The edges between the blocks of a function.
struct ControlFlow {
    /// What can be reached, in reverse postorder: but for back edges, every block stands before
    /// its successors.
    private(set) var blocks: [BasicBlock] = []
    /// Where in that order a block stands.
    private(set) var positions: [BasicBlock: Int] = [:]
    private(set) var successors: [BasicBlock: [BasicBlock]] = [:]
    private(set) var predecessors: [BasicBlock: [BasicBlock]] = [:]
    /// Edges that lead back to a block that is still being visited by a depth-first walk.
    private(set) var backEdges: [(latch: BasicBlock, header: BasicBlock)] = []

    init(_ function: IRFunction) {
        let all = function.blocks
        for block in all {
            successors[block] = block.successors
            for successor in successors[block]! {
                predecessors[successor, default: []].append(block)
            }
        }
        if let entry = all.first { walk(from: entry) }
        blocks.reverse()
        for (position, block) in blocks.enumerated() { positions[block] = position }
    }

    private mutating func walk(from entry: BasicBlock) {
        var isActive: [BasicBlock: Bool] = [entry: true]
        var path: [(block: BasicBlock, next: Int)] = [(entry, 0)]
        while let (block, next) = path.last {
            guard next < successors[block]!.count else {
                isActive[block] = false
                blocks.append(block)
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let successor = successors[block]![next]
            switch isActive[successor] {
            case nil:
                isActive[successor] = true
                path.append((successor, 0))
            case true?: backEdges.append((block, successor))
            case false?: break
            }
        }
    }
}
