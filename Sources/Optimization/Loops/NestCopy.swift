// The version of a nest of loops.
//
// sandbox: rests on the same as `LoopCopy`, for both loops.

internal import LLVMKit
internal import PlantedFaults

/// Copies a loop and the loop in it into new blocks, with pointers of its own for each group of
/// accesses and with counters that decide when they end.
struct NestCopy {
    private let nest: NestPlan
    private let pointers: [GroupPointer]
    private let aliasing: Aliasing
    private let builder: IRBuilder
    private let types: IRTypes
    /// What stands for values of the original.
    private var values: [IRValue: IRValue] = [:]

    init(
        nest: NestPlan, pointers: [GroupPointer], aliasing: Aliasing, builder: IRBuilder,
        types: IRTypes
    ) {
        self.nest = nest
        self.pointers = pointers
        self.aliasing = aliasing
        self.builder = builder
        self.types = types
    }

    /// Emits the copy behind an empty block.
    ///
    /// - Parameters:
    ///   - outerLast: the number of the outer loop's last iteration.
    ///   - innerLast: that of the inner loop's.
    /// - Returns: the latch of the inner loop's copy.
    mutating func emit(
        from preheader: BasicBlock, outerLast: IRValue, innerLast: IRValue
    ) -> BasicBlock {
        let header = builder.addBlock("nest", after: preheader)
        let latch = builder.addBlock("nest", after: header)
        builder.position(atEndOf: preheader)
        let count = builder.addNoWrap(
            outerLast, types.i64.constant(PlantedFault.nestCount.isPlanted ? 2 : 1))
        builder.branch(to: header)

        builder.position(atEndOf: header)
        let counter = builder.phi(types.i64)
        let phis = nest.outer.header.phis
        for phi in phis { values[phi.value] = builder.phi(phi.type) }
        copyCode(of: nest.outer.header, counter)
        let innerLatch = copyInnerLoop(
            from: header, to: latch, counter, lastIteration: innerLast)

        builder.position(atEndOf: latch)
        copyCode(of: nest.outer.latch, counter)
        let next = builder.addNoWrap(counter, types.i64.constant(1))
        counter.addIncoming(types.i64.zero, from: preheader)
        counter.addIncoming(next, from: latch)
        for phi in phis {
            let copy = values[phi.value]!
            copy.addIncoming(phi.incomingValue(from: nest.outer.preheader)!, from: preheader)
            copy.addIncoming(mapped(phi.incomingValue(from: nest.outer.latch)!), from: latch)
        }
        builder.branch(if: builder.icmp(.eq, next, count), then: nest.exit, else: header)
        for phi in nest.exit.phis {
            phi.value.addIncoming(
                mapped(phi.incomingValue(from: nest.outer.latch)!), from: latch)
        }
        return innerLatch
    }

    private func mapped(_ value: IRValue) -> IRValue { values[value] ?? value }

    /// Copies what a block of the outer loop does, without phis and terminator.
    private mutating func copyCode(of block: BasicBlock, _ counter: IRValue) {
        for instruction in block.instructions.dropLast() where instruction.opcode != .phi {
            let place = nest.place(of: instruction)
            let pointer = place.map {
                pointers[$0.group].address($0.position, in: [counter], builder, types)
            }
            let copy = builder.insertCopy(of: instruction, replacing: { mapped($0) })
            if let place, let pointer { aliasing.place(copy, at: pointer, group: place.group) }
            values[instruction.value] = copy.value
        }
    }

    private mutating func copyInnerLoop(
        from header: BasicBlock, to latch: BasicBlock, _ counter: IRValue, lastIteration: IRValue
    ) -> BasicBlock {
        let plan = nest.inner
        let inside = plan.groups.indices.map {
            pointers[$0].inside(iteration: counter, builder)
        }
        let exitValues = plan.liveOuts.map { value in
            plan.expression(value).map { $0.value(in: lastIteration, builder, types, values) }
        }
        var loop = LoopCopy(
            plan: plan, rerolling: nest.rerolling, pointers: inside, lastIteration: lastIteration,
            preheader: header, copies: values, aliasing: aliasing, builder: builder, types: types)
        let end = loop.emit(exit: latch, exitValues: exitValues)
        // The exit block has no other predecessor than the loop.
        for (phi, value) in zip(plan.exit.phis, end.liveOuts) { values[phi.value] = value }
        return end.latch
    }
}
