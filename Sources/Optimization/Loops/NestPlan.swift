// Loops around innermost loops, which get a version together with them.
//
// A version of the innermost loop alone is chosen anew each time that the loop begins, and nothing is
// known about what its accesses have to do with those of the next time. A version of both loops is
// chosen once, and what the inner loop reads and writes again and again can stay in registers.
//
// sandbox: rests on `VersionCheck` with the movement of both loops. The inner loop's count must be the same
// in every iteration of the outer one (`ExitTest.isInvariant`), and so must bases and steps.

internal import LLVMKit

/// A loop, the one loop in it, and straight code before and behind that one.
struct NestPlan {
    let outer: NaturalLoop
    let exit: BasicBlock
    let exitTest: ExitTest
    let inner: VersioningPlan
    let rerolling: Rerolling?
    /// The groups of the inner loop, and those of the code around it.
    let movingGroups: [MovingGroup]
    /// Pairs of groups, at least one of them written to, that must not overlap.
    let conflicts: [(Int, Int)]
    private let outerGroups: [AccessGroup]

    private static let maximumInstructions = 60
    private static let maximumConflicts = 24

    init?(_ outer: NaturalLoop, _ inner: VersioningPlan, _ rerolling: Rerolling?) {
        guard let exit = outer.latchExit, outer.header == inner.loop.preheader,
            outer.latch == inner.exit, outer.blocks.count == inner.loop.blocks.count + 2,
            inner.exitTest.isInvariant(in: outer)
        else { return nil }
        let affine = AffineAnalysis(outer)
        let code = outer.header.instructions + outer.latch.instructions
        guard code.count <= Self.maximumInstructions, let exitTest = ExitTest(outer, affine),
            let accesses = VersioningPlan.accesses(in: code, outer, affine),
            let outerGroups = AccessGroup.groups(of: accesses),
            !code.contains(where: { $0.type.isVector })
        else { return nil }
        var moving: [MovingGroup] = []
        for group in inner.groups {
            guard let start = group.lowest.start.expression(affine),
                let step = group.lowest.step(dividedBy: rerolling?.factor ?? 1),
                step.values.allSatisfy({ outer.inside($0) == nil }),
                (start.step.signedConstant ?? 0).magnitude <= AccessGroup.maximumStep
            else { return nil }
            moving.append(
                MovingGroup(group: group, start: start.start, steps: [start.step, step]))
        }
        for group in outerGroups {
            let still = LinearForm(constant: 0, bits: group.lowest.bits)
            moving.append(
                MovingGroup(
                    group: group, start: group.lowest.start, steps: [group.lowest.step, still]))
        }
        guard moving.allSatisfy({ outer.inside($0.group.base) == nil }) else { return nil }
        let conflicts = VersioningPlan.conflicts(between: moving.map(\.group))
        let hasStrangers = code.count(where: \.isAccess) > accesses.count || inner.hasStrangers
        let isWritten = moving.contains { $0.group.isWritten }
        guard conflicts.count <= Self.maximumConflicts, isWritten, !hasStrangers else { return nil }
        self.outer = outer
        self.exit = exit
        self.exitTest = exitTest
        self.inner = inner
        self.rerolling = rerolling
        self.outerGroups = outerGroups
        self.conflicts = conflicts
        movingGroups = moving
    }

    /// Where an access of the outer loop's own code belongs: its group's index among
    /// `movingGroups`, and its position there.
    func place(of instruction: IRInstruction) -> (group: Int, position: Int64)? {
        for (index, group) in outerGroups.enumerated() {
            if let access = group.accesses.first(where: { $0.instruction == instruction }) {
                return (inner.groups.count + index, group.position(of: access))
            }
        }
        return nil
    }
}

extension IRInstruction {
    fileprivate var isAccess: Bool { opcode == .load || opcode == .store }
}
