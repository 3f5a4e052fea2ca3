// Conditions that are known where ways meet again, since each of the ways has passed them.
//
// LLVM lets a branch whose outcome is known on one way go past it, and then no single branch on a
// check dominates what was checked. The argument for one way holds for several: who has passed a
// condition on each of them sees the instance of it that was passed, since it dominates all of them.

internal import LLVMKit

/// A condition, and whether it held.
struct PassedCondition: Hashable {
    let condition: IRValue
    let truth: Bool
}

extension FunctionProof {
    /// From where control comes to a block unless it has been there before, in the same round of what
    /// is around.
    func sources(of block: Int) -> [Int] {
        flow.predecessors[block].filter { !flow.dominates(block, $0) }
    }

    /// By block, what holds there in addition to what holds in the block that dominates it, apart from
    /// the values of switches.
    func findEntryConditions() -> [[PassedCondition]] {
        var result: [[PassedCondition]] = Array(repeating: [], count: flow.blocks.count)
        for block in flow.blocks.indices.dropFirst() {
            let sources = sources(of: block)
            guard let first = sources.first, sources.count <= Self.mostWays,
                // With several ways into a loop some may not have been looked at.
                sources.allSatisfy({ $0 < block })
            else { continue }
            var common = passed(from: first, to: block, result)
            for source in sources.dropFirst() where !common.isEmpty {
                let others = Set(passed(from: source, to: block, result))
                common = common.filter(others.contains)
            }
            result[block] = common
        }
        return result
    }

    /// What was passed since control left the block that dominates another one.
    private func passed(
        from source: Int, to block: Int, _ known: [[PassedCondition]]
    ) -> [PassedCondition] {
        var result = condition(from: source, to: block).map { [$0] } ?? []
        var current = source
        var steps = 0
        while current != flow.dominator(of: block), steps < Self.mostConditions,
            let next = flow.dominator(of: current)
        {
            result += known[current]
            current = next
            steps += 1
        }
        return result
    }

    private func condition(from source: Int, to target: Int) -> PassedCondition? {
        let terminator = flow.blocks[source].terminator
        guard let condition = terminator.branchCondition else { return nil }
        let successors = terminator.successors
        if successors[0] == successors[1] { return nil }
        return PassedCondition(
            condition: condition, truth: successors[0] == flow.blocks[target])
    }

    private static let mostWays = 8
    private static let mostConditions = 32
}
