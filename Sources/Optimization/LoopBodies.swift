// Loops of any form, as no more than sets of blocks.

internal import LLVMKit

/// A header and all from which it is reached again without leaving.
struct LoopBody {
    let header: BasicBlock
    let blocks: Set<BasicBlock>

    /// Whether an instruction of the loop computes a value.
    func computes(_ value: IRValue) -> Bool {
        IRInstruction(value).map { blocks.contains($0.block) } ?? false
    }
}

/// The small loops of a function.
struct LoopBodies {
    private var loops: [LoopBody] = []

    private static let maximumBlocks = 32

    init(_ function: IRFunction) {
        let graph = ControlFlow(function)
        loops = graph.backEdges.compactMap { edge in
            Self.blocks(from: edge.latch, to: edge.header, graph).map {
                LoopBody(header: edge.header, blocks: $0)
            }
        }
    }

    private static func blocks(
        from latch: BasicBlock, to header: BasicBlock, _ graph: ControlFlow
    ) -> Set<BasicBlock>? {
        var members: Set = [header]
        var pending = [latch]
        while let block = pending.popLast() {
            guard members.insert(block).inserted else { continue }
            if members.count > maximumBlocks { return nil }
            pending += graph.predecessors[block, default: []]
        }
        return members
    }

    /// The smallest loop that a block is in.
    func smallest(around block: BasicBlock) -> LoopBody? {
        loops.filter { $0.blocks.contains(block) }.min { $0.blocks.count < $1.blocks.count }
    }
}
