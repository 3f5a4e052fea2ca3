// Which blocks are always passed before others.

internal import LLVMKit

/// The dominator tree of a function.
struct Dominators {
    /// What can be reached, each block behind those that dominate it.
    let blocks: [BasicBlock]
    /// Positions in `blocks`: the closest block that dominates another one; the entry's is itself.
    private var closest: [Int]
    private let positions: [BasicBlock: Int]

    /// The iterative algorithm of Cooper, Harvey and Kennedy.
    init(_ function: IRFunction) {
        let graph = ControlFlow(function)
        blocks = graph.blocks
        var positions: [BasicBlock: Int] = [:]
        for (position, block) in blocks.enumerated() { positions[block] = position }
        self.positions = positions
        closest = Array(repeating: -1, count: blocks.count)
        if blocks.isEmpty { return }
        closest[0] = 0
        let predecessors = blocks.map { block in
            graph.predecessors[block, default: []].compactMap { positions[$0] }
        }
        var isChanged = true
        while isChanged {
            isChanged = false
            for block in blocks.indices.dropFirst() {
                let known = predecessors[block].filter { closest[$0] >= 0 }
                let common = known.dropFirst().reduce(known[0], meeting)
                if closest[block] != common {
                    closest[block] = common
                    isChanged = true
                }
            }
        }
    }

    /// The closest block that dominates both.
    private func meeting(_ first: Int, _ second: Int) -> Int {
        var (first, second) = (first, second)
        while first != second {
            if first > second { first = closest[first] } else { second = closest[second] }
        }
        return first
    }

    /// Whether a block can be reached.
    func contains(_ block: BasicBlock) -> Bool { positions[block] != nil }

    /// The closest block that dominates two that can be reached.
    func meeting(_ first: BasicBlock, _ second: BasicBlock) -> BasicBlock {
        blocks[meeting(positions[first]!, positions[second]!)]
    }

    /// Whether control passes `block` before it comes to `other`, or they are the same.
    func dominates(_ block: BasicBlock, _ other: BasicBlock) -> Bool {
        guard let position = positions[block], var current = positions[other] else { return false }
        while current > position { current = closest[current] }
        return current == position
    }
}
