// Which instructions of a loop its copy needs.
//
// sandbox: indifferent. What is not found is not copied, and the copy does not pass verification then.

internal import LLVMKit

/// The instructions that a copy cannot do without.
struct NeededInstructions {
    private(set) var found: Set<IRInstruction> = []
    private var pending: [IRValue] = []
    private let loop: NaturalLoop

    init(_ plan: VersioningPlan, _ rerolling: Rerolling?) {
        loop = plan.loop
        for instruction in loop.blocks.flatMap(\.instructions) where instruction.opcode == .store {
            if rerolling?.keeps(instruction) ?? true { need(instruction, plan) }
        }
        for block in loop.blocks where block != loop.latch {
            pending += block.terminator.operands
        }
        for value in plan.liveOuts where plan.expression(value) == nil {
            pending.append(rerolling?.counterpart(of: value) ?? value)
        }
        while let value = pending.popLast() {
            guard let instruction = loop.inside(value), !found.contains(instruction) else {
                continue
            }
            need(instruction, plan)
            guard instruction.opcode == .phi, instruction.block == loop.header else { continue }
            if let rerolling {
                if let next = rerolling.next(of: instruction) { pending.append(next) }
            } else {
                pending.append(instruction.incomingValue(from: loop.latch)!)
            }
        }
    }

    private mutating func need(_ instruction: IRInstruction, _ plan: VersioningPlan) {
        guard found.insert(instruction).inserted else { return }
        if instruction.opcode == .phi, instruction.block == loop.header { return }
        // Known addresses are made anew.
        let isKnown = plan.place(of: instruction) != nil
        switch instruction.opcode {
        case .load where isKnown: break
        case .store where isKnown: pending.append(instruction.operand(0))
        default: pending += instruction.operands
        }
    }
}
