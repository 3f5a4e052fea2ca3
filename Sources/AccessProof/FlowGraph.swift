// How control flows in a function, and which blocks are always passed before others.

internal import LLVMKit

/// Blocks by number, each behind those that dominate it.
struct FlowGraph {
    private(set) var blocks: [BasicBlock] = []
    private(set) var numbers: [BasicBlock: Int] = [:]
    /// By block; one that branches here twice is there twice.
    private(set) var predecessors: [[Int]] = []
    /// The closest block that dominates another one; the entry's is itself.
    private var closest: [Int] = []
    /// By block, where in an order of the tree of dominators it comes, and where what it dominates
    /// ends.
    private var places: [Int] = []
    private var ends: [Int] = []

    init(_ function: IRFunction) {
        guard let entry = function.blocks.first else { return }
        // Depth first without recursion; blocks in the opposite order of leaving them.
        var order: [BasicBlock] = []
        var open: [(block: BasicBlock, successors: [BasicBlock], next: Int)] = []
        var seen: Set<BasicBlock> = [entry]
        open.append((entry, entry.successors, 0))
        while let (block, successors, next) = open.last {
            if next == successors.count {
                order.append(block)
                open.removeLast()
                continue
            }
            open[open.count - 1].next += 1
            let successor = successors[next]
            if seen.insert(successor).inserted {
                open.append((successor, successor.successors, 0))
            }
        }
        blocks = order.reversed()
        for (number, block) in blocks.enumerated() { numbers[block] = number }
        predecessors = Array(repeating: [], count: blocks.count)
        for (number, block) in blocks.enumerated() {
            for successor in block.successors { predecessors[numbers[successor]!].append(number) }
        }
        findDominators()
        orderDominators()
    }

    /// A block that dominates others comes before them in any order, so that two walks will do: for
    /// how many there are below each, and for where each begins.
    private mutating func orderDominators() {
        var counts = Array(repeating: 1, count: blocks.count)
        for block in blocks.indices.dropFirst().reversed() {
            counts[closest[block]] += counts[block]
        }
        var free = Array(repeating: 1, count: blocks.count)
        places = Array(repeating: 0, count: blocks.count)
        for block in blocks.indices.dropFirst() {
            let dominator = closest[block]
            places[block] = free[dominator]
            free[dominator] += counts[block]
            free[block] = places[block] + 1
        }
        ends = blocks.indices.map { places[$0] + counts[$0] }
    }

    private mutating func findDominators() {
        closest = Array(repeating: -1, count: blocks.count)
        closest[0] = 0
        var isChanged = true
        while isChanged {
            isChanged = false
            for block in blocks.indices.dropFirst() {
                var common = -1
                for predecessor in predecessors[block] where closest[predecessor] >= 0 {
                    common = common < 0 ? predecessor : meeting(common, predecessor)
                }
                if closest[block] != common {
                    closest[block] = common
                    isChanged = true
                }
            }
        }
    }

    private func meeting(_ first: Int, _ second: Int) -> Int {
        var (first, second) = (first, second)
        while first != second {
            if first > second { first = closest[first] } else { second = closest[second] }
        }
        return first
    }

    /// The closest dominator of a block other than the entry.
    func dominator(of block: Int) -> Int? { block == 0 ? nil : closest[block] }

    /// Whether control passes `block` before it comes to `other`, or they are the same.
    func dominates(_ block: Int, _ other: Int) -> Bool {
        places[block] <= places[other] && places[other] < ends[block]
    }

    /// Whether a value is computed before control comes to a block, and not again while it is in a
    /// loop that begins there.
    func isComputed(_ value: IRValue, before block: Int) -> Bool {
        guard let instruction = IRInstruction(value) else { return true }
        guard let home = numbers[instruction.block] else { return false }
        return home != block && dominates(home, block)
    }
}
