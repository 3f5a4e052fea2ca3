// Loops of any form, as no more than sets of blocks.

internal import LLVMKit

/// A header and all from which it is reached again without leaving.
struct LoopBody {
    let blocks: Set<BasicBlock>
    /// The same in an order that is the same whenever the function is.
    let order: [BasicBlock]

    var header: BasicBlock { order[0] }

    /// Whether an instruction of the loop computes a value.
    func computes(_ value: IRValue) -> Bool {
        IRInstruction(value).map { blocks.contains($0.block) } ?? false
    }
}

/// The small loops of a function.
struct LoopBodies {
    /// By block, the smallest loop around it.
    private var smallest: [BasicBlock: LoopBody] = [:]

    private static let maximumBlocks = 32

    init(_ function: IRFunction) {
        let graph = ControlFlow(function)
        for edge in graph.backEdges {
            guard let blocks = Self.blocks(from: edge.latch, to: edge.header, graph) else {
                continue
            }
            let loop = LoopBody(blocks: Set(blocks), order: blocks)
            for block in blocks where blocks.count < smallest[block]?.blocks.count ?? .max {
                smallest[block] = loop
            }
        }
    }

    private static func blocks(
        from latch: BasicBlock, to header: BasicBlock, _ graph: ControlFlow
    ) -> [BasicBlock]? {
        var members: Set = [header]
        var order = [header]
        var pending = [latch]
        while let block = pending.popLast() {
            guard members.insert(block).inserted else { continue }
            if members.count > maximumBlocks { return nil }
            order.append(block)
            pending += graph.predecessors[block, default: []]
        }
        return order
    }

    /// The smallest loop that a block is in.
    func smallest(around block: BasicBlock) -> LoopBody? {
        smallest[block]
    }
}
