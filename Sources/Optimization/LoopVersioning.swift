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
    /// For names of alias domains, which must be unique.
    private var loopCount = 0

    init(builder: IRBuilder, types: IRTypes, metadata: IRMetadata) {
        self.builder = builder
        self.types = types
        self.metadata = metadata
    }

    mutating func run(on function: IRFunction) {
        for loop in InnermostLoop.all(in: function) {
            guard var plan = VersioningPlan(loop) else { continue }
            let rerolling = Rerolling(&plan)
            loopCount += 1
            emit(&plan, rerolling)
        }
    }

    private func emit(_ plan: inout VersioningPlan, _ rerolling: Rerolling?) {
        let loop = plan.loop
        let end = loop.preheader.terminator
        builder.position(before: end)
        var check = VersionCheck(builder: builder, types: types)
        let last = plan.exitTest.lastIteration(builder, types, conditions: &check.conditions)
        let pointers = check.pointers(of: plan, lastIteration: last)
        let condition = check.condition

        var version = LoopCopy(
            plan: plan, rerolling: rerolling, pointers: pointers, lastIteration: last,
            builder: builder, types: types)
        version.exitValues = plan.liveOuts.map { value in
            plan.expression(value).map { $0.value(in: last, builder, types) }
        }
        version.aliasing = Aliasing(
            of: plan, metadata: metadata, name: "smelt.loop.\(loopCount)")
        version.emit()

        builder.position(before: end)
        builder.branch(if: condition, then: version.preheader, else: loop.header)
        end.erase()
        metadata.keepLoop(latch: loop.latch.terminator)
    }
}

/// What must hold for the second version, and the pointers that it starts from.
private struct VersionCheck {
    let builder: IRBuilder
    let types: IRTypes
    var conditions: [IRValue] = []

    init(builder: IRBuilder, types: IRTypes) {
        self.builder = builder
        self.types = types
    }

    var condition: IRValue {
        conditions.reduce(types.i1.constant(1)) { builder.and($0, $1) }
    }

    /// Emits where the lowest access of each group begins, and the conditions under which no address
    /// wraps and no two groups touch the same byte.
    mutating func pointers(
        of plan: VersioningPlan, lastIteration: IRValue
    ) -> [IRValue] {
        let extents = plan.groups.map { extent(of: $0, lastIteration: lastIteration) }
        for (a, b) in plan.conflicts {
            let isApart = builder.or(
                isBehind(a, b, plan.groups, extents), isBehind(b, a, plan.groups, extents))
            conditions.append(isApart)
        }
        return zip(plan.groups, extents).map { builder.byteOffset($0.base, $1.index) }
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
            start = builder.add(builder.pointerToInteger(groups[a].base), start)
            end = builder.add(builder.pointerToInteger(groups[b].base), end)
        }
        return builder.icmp(.sge, start, end)
    }

    private mutating func extent(of group: AccessGroup, lastIteration: IRValue) -> Extent {
        let lowest = builder.freeze(group.lowest.start(builder, types))
        let isNarrow = group.lowest.bits == 32
        let index = isNarrow ? builder.zext(lowest, to: types.i64) : lowest
        let step = group.signedStep
        let span = builder.mul(lastIteration, constant(Int64(step.magnitude)))
        if isNarrow {
            let reach = group.accesses.map(group.indexDistance).max()!
            let highest = builder.add(step > 0 ? builder.add(index, span) : index, constant(reach))
            conditions.append(builder.icmp(.ule, highest, constant(Int64(UInt32.max))))
        } else {
            conditions.append(builder.icmp(.ult, index, constant(1 << 40)))
        }
        if step < 0 { conditions.append(builder.icmp(.uge, index, span)) }
        let positions = group.accesses.map { (group.position(of: $0), Int64($0.size)) }
        let first = step < 0 ? builder.sub(index, span) : index
        let final = step > 0 ? builder.add(index, span) : index
        return Extent(
            index: index,
            start: builder.add(first, constant(positions.map { $0.0 }.min()!)),
            end: builder.add(final, constant(positions.map { $0.0 + $0.1 }.max()!)))
    }

    private func constant(_ value: Int64) -> IRValue { types.i64.constant(Int(value)) }
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
