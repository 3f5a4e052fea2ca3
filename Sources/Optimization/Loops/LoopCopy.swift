// The second version of a loop.
//
// sandbox: rests on the count of `ExitTest`, the conditions of `VersionCheck` and on going round exactly
// `(last + 1) * factor` times: in each iteration an access goes where that of the loop goes in the same
// one. What is promised of wrapping (`NoWrap`) is what those conditions say.

internal import LLVMKit
internal import PlantedFaults

/// Copies what a loop computes into new blocks, with pointers of its own for each group of accesses
/// and with one counter that decides when it ends. If the loop was unrolled, only one of its equal
/// copies remains.
struct LoopCopy {
    private var plan: VersioningPlan
    private let rerolling: Rerolling?
    private let pointers: [GroupPointer]
    private let lastIteration: IRValue
    private let builder: IRBuilder
    private let types: IRTypes
    private let aliasing: Aliasing
    /// The block before the copy.
    private let preheader: BasicBlock
    private var blocks: [BasicBlock: BasicBlock] = [:]
    /// What stands for values of the original; at first, for those of a loop around.
    private var values: [IRValue: IRValue]
    private let outerValues: [IRValue: IRValue]
    private let needed: Set<IRInstruction>

    private var loop: NaturalLoop { plan.loop }
    private var factor: Int { rerolling?.factor ?? 1 }
    /// How often it goes round for each iteration of the original.
    private var rounds: Int {
        PlantedFault.rerollingFactor.isPlanted && factor > 1 ? factor + 1 : factor
    }

    init(
        plan: VersioningPlan, rerolling: Rerolling?, pointers: [GroupPointer],
        lastIteration: IRValue, preheader: BasicBlock, copies: [IRValue: IRValue] = [:],
        aliasing: Aliasing, builder: IRBuilder, types: IRTypes
    ) {
        self.plan = plan
        self.rerolling = rerolling
        self.pointers = pointers
        self.lastIteration = lastIteration
        self.builder = builder
        self.types = types
        self.preheader = preheader
        values = copies
        outerValues = copies
        self.aliasing = aliasing
        var last = preheader
        for block in plan.loop.blocks {
            last = builder.addBlock("version", after: last)
            blocks[block] = last
        }
        needed = NeededInstructions(plan, rerolling).found
    }

    /// Emits the copy at the end of and behind `preheader`.
    ///
    /// - Parameters:
    ///   - exit: where the copy leads.
    ///   - exitValues: for each value that is used behind the loop what it becomes, if that is
    ///     known without the loop.
    /// - Returns: the copy's latch, and what those values become.
    mutating func emit(
        exit: BasicBlock, exitValues: [IRValue?]
    ) -> (latch: BasicBlock, liveOuts: [IRValue]) {
        let header = blocks[loop.header]!
        builder.position(atEndOf: preheader)
        let count = builder.mulNoWrap(
            builder.addNoWrap(
                lastIteration, types.i64.constant(PlantedFault.copyCount.isPlanted ? 2 : 1)),
            types.i64.constant(rounds))
        builder.branch(to: header)

        builder.position(atEndOf: header)
        let counter = builder.phi(types.i64)
        for block in loop.blocks { emitPhis(of: block) }
        for block in loop.blocks { emitBody(of: block, counter: counter) }
        connectPhis()

        let latch = blocks[loop.latch]!
        builder.position(atEndOf: latch)
        let next = builder.addNoWrap(counter, types.i64.constant(1))
        counter.addIncoming(types.i64.zero, from: preheader)
        counter.addIncoming(next, from: latch)
        builder.branch(if: builder.icmp(.eq, next, count), then: exit, else: header)
        return (latch, zip(plan.liveOuts, exitValues).map { $1 ?? mapped(liveOut: $0) })
    }

    private func mapped(_ value: IRValue) -> IRValue { values[value] ?? value }

    private func mapped(liveOut value: IRValue) -> IRValue {
        guard let rerolling, loop.inside(value) != nil else { return mapped(value) }
        return mapped(rerolling.counterpart(of: value)!)
    }

    // Phis -----------------------------------------------------------------------------------

    private mutating func emitPhis(of block: BasicBlock) {
        builder.position(atEndOf: blocks[block]!)
        for phi in block.phis where needed.contains(phi) {
            values[phi.value] = builder.phi(phi.type)
        }
    }

    private mutating func connectPhis() {
        for block in loop.blocks {
            for phi in block.phis where needed.contains(phi) {
                let copy = values[phi.value]!
                if block == loop.header {
                    let start = phi.incomingValue(from: loop.preheader)!
                    copy.addIncoming(mapped(start), from: preheader)
                    copy.addIncoming(next(of: phi, copy), from: blocks[loop.latch]!)
                } else {
                    for (value, source) in phi.incoming {
                        copy.addIncoming(mapped(value), from: blocks[source]!)
                    }
                }
            }
        }
    }

    /// What a phi of the header becomes at the end of an iteration.
    private mutating func next(of phi: IRInstruction, _ copy: IRValue) -> IRValue {
        guard let rerolling else { return mapped(phi.incomingValue(from: loop.latch)!) }
        if let handedOn = rerolling.next(of: phi) { return mapped(handedOn) }
        builder.position(atEndOf: blocks[loop.latch]!)
        let step = plan.expression(phi.value)!.step(dividedBy: factor)!
        return builder.add(copy, step.emit(builder, types, outerValues))
    }

    // Bodies ---------------------------------------------------------------------------------

    private mutating func emitBody(of block: BasicBlock, counter: IRValue) {
        builder.position(atEndOf: blocks[block]!)
        for instruction in block.instructions
        where needed.contains(instruction) && instruction.opcode != .phi {
            let place = plan.place(of: instruction)
            let pointer = place.map { place in
                pointers[place.group].address(
                    plan.groups[place.group].position(of: place.access), in: [counter],
                    builder, types)
            }
            if let sum = rerolledSum(instruction) {
                values[instruction.value] = sum
                continue
            }
            let copy = builder.insertCopy(of: instruction, replacing: { mapped($0) })
            if let place, let pointer { aliasing.place(copy, at: pointer, group: place.group) }
            if rerolling != nil { copy.dropPromises() }
            values[instruction.value] = copy.value
        }
        if block != loop.latch { emitTerminator(of: block) }
    }

    /// An `or` that stands for an addition, since the bits of a counter that goes in steps of
    /// the unrolled loop allow it, as the addition that it has to be with smaller steps.
    private func rerolledSum(_ instruction: IRInstruction) -> IRValue? {
        guard rerolling != nil, instruction.opcode == .or,
            plan.expression(instruction.value) != nil
        else { return nil }
        return builder.add(mapped(instruction.operand(0)), mapped(instruction.operand(1)))
    }

    private func emitTerminator(of block: BasicBlock) {
        let original = block.terminator
        let copy = builder.insertCopy(of: original)
        if let condition = original.branchCondition {
            copy.setBranchCondition(mapped(condition))
        } else if original.successors.count > 1 {
            copy.setOperand(0, to: mapped(original.operand(0)))
        }
        for (index, successor) in original.successors.enumerated() {
            copy.setSuccessor(index, to: blocks[successor]!)
        }
    }
}
