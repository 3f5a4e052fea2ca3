// A second version of loops, for when nothing wraps and nothing overlaps.

internal import LLVMKit

/// Gives every loop that qualifies a second version, in which each group of accesses has a pointer
/// of its own and the counter counts from 0. Which version runs is decided before the loop.
/// `VersioningPlan` says why.
///
/// The function must be in the form that LLVM's loop-simplify and lcssa passes leave.
struct LoopVersioning {
    let builder: IRBuilder
    let types: IRTypes
    let metadata: IRMetadata
    private let vectors: PreferredVectors
    /// For names of alias domains, which must be unique.
    private var loopCount = 0

    init(builder: IRBuilder, types: IRTypes, metadata: IRMetadata, vectors: PreferredVectors) {
        self.vectors = vectors
        self.builder = builder
        self.types = types
        self.metadata = metadata
    }

    mutating func run(on function: IRFunction) {
        for loop in InnermostLoop.all(in: function) where loop.latchExit != nil {
            var comparisons = NarrowComparisons(loop, builder: builder, types: types)
            comparisons.run()
            guard var plan = VersioningPlan(loop) else { continue }
            let rerolling = Rerolling(&plan)
            guard plan.isAffordable else { continue }
            var wide: WideLoop?
            if plan.hasVectors {
                // WebAssembly's vectors have 16 bytes.
                wide = WideLoop(plan, rerolling, width: vectors.byteCount / 16)
                if wide == nil { continue }
            }
            loopCount += 1
            emit(&plan, rerolling, wide)
        }
    }

    private func emit(_ plan: inout VersioningPlan, _ rerolling: Rerolling?, _ wide: WideLoop?) {
        let loop = plan.loop
        let factor = rerolling?.factor ?? 1
        let end = loop.preheader.terminator
        builder.position(before: end)
        var check = VersionCheck(factor: factor, builder: builder, types: types)
        let last = plan.exitTest.lastIteration(builder, types, conditions: &check.conditions)
        let fewest = max(Self.minimumIterations / factor, wide?.granularity ?? 0)
        let isLong = builder.icmp(.uge, last, types.i64.constant(fewest))
        let checks = builder.addBlock("checks", after: loop.preheader)
        builder.branch(if: isLong, then: checks, else: loop.header)
        end.erase()

        builder.position(atEndOf: checks)
        let pointers = check.pointers(of: plan, lastIteration: last)
        let condition = check.condition
        let exitValues = plan.liveOuts.map { value in
            plan.expression(value).map { $0.value(in: last, builder, types) }
        }
        let preheader = builder.addBlock("version", after: checks)
        builder.branch(if: condition, then: preheader, else: loop.header)
        for phi in loop.header.phis {
            phi.value.addIncoming(phi.incomingValue(from: loop.preheader)!, from: checks)
        }
        let aliasing = Aliasing(of: plan, metadata: metadata, name: "smelt.loop.\(loopCount)")
        if let wide {
            let end = wide.emit(
                from: preheader, pointers: pointers, lastIteration: last, aliasing: aliasing,
                builder: builder, types: types)
            enterRest(of: plan, after: end, exitValues: exitValues.map { $0! }, last)
        } else {
            var version = LoopCopy(
                plan: plan, rerolling: rerolling, pointers: pointers, lastIteration: last,
                preheader: preheader, aliasing: aliasing, builder: builder, types: types)
            version.emit(exitValues: exitValues)
        }
        metadata.keepLoop(latch: loop.latch.terminator)
    }

    /// Lets the original loop do what a version of it has left.
    private func enterRest(
        of plan: VersioningPlan, after end: WideLoop.End, exitValues: [IRValue], _ last: IRValue
    ) {
        for (phi, value) in zip(plan.exit.phis, exitValues) {
            phi.value.addIncoming(value, from: end.block)
        }
        for phi in plan.loop.header.phis {
            let value = plan.expression(phi.value)!.value(in: end.iterations, builder, types)
            phi.value.addIncoming(value, from: end.block)
        }
        let isAll = builder.icmp(.ugt, end.iterations, last)
        builder.branch(if: isAll, then: plan.exit, else: plan.loop.header)
    }

    /// Shorter loops do not pay for the checks.
    private static let minimumIterations = 8
}

/// What must hold for the second version, and the pointers that it starts from.
private struct VersionCheck {
    /// How many iterations of the copy make one of the loop.
    let factor: Int
    let builder: IRBuilder
    let types: IRTypes
    var conditions: [IRValue] = []

    init(factor: Int, builder: IRBuilder, types: IRTypes) {
        self.factor = factor
        self.builder = builder
        self.types = types
    }

    var condition: IRValue {
        conditions.reduce(types.i1.constant(1)) { builder.and($0, $1) }
    }

    /// Emits where the lowest access of each group begins and how it moves, and the conditions under
    /// which no address wraps and no two groups touch the same byte.
    mutating func pointers(
        of plan: VersioningPlan, lastIteration: IRValue
    ) -> [GroupPointer] {
        var last = lastIteration
        if factor > 1 {
            // This may wrap if another condition does not hold, and must not poison that one then.
            last = builder.mul(last, constant(Int64(factor)))
            last = builder.add(last, constant(Int64(factor - 1)))
        }
        let movements = plan.groups.map { movement(of: $0) }
        let extents = zip(plan.groups, movements).map { extent(of: $0, $1, lastIteration: last) }
        for (a, b) in plan.conflicts {
            let isApart = builder.or(
                isBehind(a, b, plan.groups, extents), isBehind(b, a, plan.groups, extents))
            conditions.append(isApart)
        }
        return plan.groups.indices.map {
            GroupPointer(
                start: builder.byteOffset(plan.groups[$0].base, extents[$0].index),
                step: movements[$0].step, isForward: movements[$0].isForward)
        }
    }

    /// What is added to the addresses of a group in an iteration of the copy, an i64.
    private struct Movement {
        let step: IRValue
        /// The number of bytes that it moves by in either direction.
        let magnitude: IRValue
        let isForward: Bool
    }

    private mutating func movement(of group: AccessGroup) -> Movement {
        let step = group.lowest.step(dividedBy: factor)!
        if let known = step.signedConstant {
            return Movement(
                step: constant(known), magnitude: constant(Int64(known.magnitude)),
                isForward: known >= 0)
        }
        // Only steps forward are expected.
        let narrow = builder.freeze(step.emit(builder, types))
        let value = step.bits == 32 ? builder.sext(narrow, to: types.i64) : narrow
        conditions.append(builder.icmp(.ule, value, constant(AccessGroup.maximumStep)))
        return Movement(step: value, magnitude: value, isForward: true)
    }

    /// Relative to the group's base: the lowest access's index in iteration 0, and the bytes that
    /// the group touches in all iterations.
    private struct Extent {
        let index, start, end: IRValue
    }

    private func isBehind(
        _ a: Int, _ b: Int, _ groups: [AccessGroup], _ extents: [Extent]
    ) -> IRValue {
        var (start, end) = (extents[a].start, extents[b].end)
        if groups[a].base != groups[b].base {
            start = builder.add(integer(groups[a].base), start)
            end = builder.add(integer(groups[b].base), end)
        }
        return builder.icmp(.sge, start, end)
    }

    private mutating func extent(
        of group: AccessGroup, _ movement: Movement, lastIteration: IRValue
    ) -> Extent {
        let lowest = builder.freeze(group.lowest.start.emit(builder, types))
        let isNarrow = group.lowest.bits == 32
        let index = isNarrow ? builder.zext(lowest, to: types.i64) : lowest
        let span = builder.mul(lastIteration, movement.magnitude)
        let first = movement.isForward ? index : builder.sub(index, span)
        let final = movement.isForward ? builder.add(index, span) : index
        if isNarrow {
            let reach = group.accesses.map(group.indexDistance).max()!
            let highest = builder.add(final, constant(reach))
            conditions.append(builder.icmp(.ule, highest, constant(Int64(UInt32.max))))
        } else {
            conditions.append(builder.icmp(.ult, index, constant(1 << 40)))
        }
        if !movement.isForward { conditions.append(builder.icmp(.uge, index, span)) }
        let positions = group.accesses.map { (group.position(of: $0), Int64($0.size)) }
        return Extent(
            index: index,
            start: builder.add(first, constant(positions.map { $0.0 }.min()!)),
            end: builder.add(final, constant(positions.map { $0.0 + $0.1 }.max()!)))
    }

    private func integer(_ pointer: IRValue) -> IRValue {
        builder.freeze(builder.pointerToInteger(pointer))
    }

    private func constant(_ value: Int64) -> IRValue { types.i64.constant(Int(value)) }
}

/// Where the lowest access of a group goes in the second version of a loop.
struct GroupPointer {
    /// In iteration 0.
    let start: IRValue
    /// What is added in each iteration, an i64.
    let step: IRValue
    /// Whether the step, as a signed number, is not negative.
    let isForward: Bool

    /// Emits the address that lies `position` bytes behind the lowest one in an iteration, an i64.
    func address(
        _ position: Int64, in iteration: IRValue, _ builder: IRBuilder, _ types: IRTypes
    ) -> IRValue {
        var pointer = start
        if step.constantInteger != 0 {
            let offset = builder.mulNoWrap(iteration, step, signed: !isForward)
            pointer = builder.byteOffsetNoWrap(pointer, offset, isForward: isForward)
        }
        if position == 0 { return pointer }
        return builder.byteOffsetNoWrap(
            pointer, types.i64.constant(Int(position)), isForward: position > 0)
    }
}

/// One alias scope for each group that is known to be apart from others.
struct Aliasing {
    private let metadata: IRMetadata
    private let scopes: [IRMetadata.Node]
    private let others: [[IRMetadata.Node]]

    fileprivate init(of plan: VersioningPlan, metadata: IRMetadata, name: String) {
        self.metadata = metadata
        let domain = metadata.aliasDomain(name)
        let scopes = plan.groups.indices.map {
            metadata.aliasScope("\(name).\($0)", in: domain)
        }
        others = plan.groups.indices.map { group in
            plan.conflicts.compactMap { a, b in
                a == group ? scopes[b] : b == group ? scopes[a] : nil
            }
        }
        self.scopes = scopes
    }

    func mark(_ access: IRInstruction, group: Int) {
        metadata.setAliasScope(scopes[group], others: others[group], of: access)
    }
}
