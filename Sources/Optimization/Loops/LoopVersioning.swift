// A second version of loops, for when nothing wraps and nothing overlaps.
//
// sandbox: rests on the conditions of `VersionCheck` and on the count of `ExitTest`: a version is entered
// only if all of them hold.

internal import LLVMKit
internal import TargetModel

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
    /// Whether loops around the innermost ones get versions, too, which costs time and space.
    private let changesNests: Bool
    /// For names, which must be unique.
    private var loopCount = 0

    init(
        builder: IRBuilder, types: IRTypes, metadata: IRMetadata, vectors: PreferredVectors,
        changesNests: Bool
    ) {
        self.vectors = vectors
        self.changesNests = changesNests
        self.builder = builder
        self.types = types
        self.metadata = metadata
    }

    mutating func run(on function: IRFunction) {
        let loops = NaturalLoop.all(in: function)
        for loop in loops where loop.isInnermost && loop.latchExit != nil {
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
            } else if changesNests {
                for outer in loops {
                    guard let nest = NestPlan(outer, plan, rerolling) else { continue }
                    emit(nest)
                }
            }
            emit(plan, rerolling, wide)
        }
    }

    private mutating func emit(
        _ plan: VersioningPlan, _ rerolling: Rerolling?, _ wide: WideLoop?
    ) {
        let factor = rerolling?.factor ?? 1
        let entry = VersionEntry(to: plan.loop, builder)
        var check = VersionCheck(builder: builder, types: types)
        let last = plan.exitTest.lastIteration(builder, types, conditions: &check.conditions)
        let isWorthIt = wide != nil || plan.sumsInMemory
        let fewest =
            plan.sumsInMemory
            ? Self.minimumSums : max(Self.minimumIterations / factor, wide?.granularity ?? 0)
        entry.beginChecks(if: builder.icmp(.uge, last, types.i64.constant(fewest)))
        let groups = plan.groups.map {
            MovingGroup(
                group: $0, start: $0.lowest.start, steps: [$0.lowest.step(dividedBy: factor)!])
        }
        let pointers = check.pointers(
            of: groups, conflicts: plan.conflicts,
            lastIterations: [rerolled(last, factor: factor)])
        let exitValues = plan.liveOuts.map { value in
            plan.expression(value).map { $0.value(in: last, builder, types) }
        }
        loopCount += 1
        let choice = VersionChoice(number: loopCount)
        if !isWorthIt { check.conditions.append(choice.isKept(builder)) }
        entry.enter(if: check.condition)
        let aliasing = aliasing(groupCount: groups.count, conflicts: plan.conflicts)
        builder.position(atEndOf: entry.version)
        aliasing.declare(builder)
        if let wide {
            let end = wide.emit(
                from: entry.version, pointers: pointers, lastIteration: last, aliasing: aliasing,
                builder: builder, types: types)
            enterRest(of: plan, after: end, exitValues: exitValues.map { $0! }, last)
        } else {
            var version = LoopCopy(
                plan: plan, rerolling: rerolling, pointers: pointers, lastIteration: last,
                preheader: entry.version, aliasing: aliasing, builder: builder, types: types)
            let end = version.emit(exit: plan.exit, exitValues: exitValues)
            for (phi, value) in zip(plan.exit.phis, end.liveOuts) {
                phi.value.addIncoming(value, from: end.latch)
            }
            if !isWorthIt { choice.mark(latch: end.latch.terminator, metadata) }
        }
        choice.markOriginal(latch: plan.loop.latch.terminator, metadata)
    }

    /// Gives the outer loop a version in which the inner one has pointers of its own as well.
    private mutating func emit(_ nest: NestPlan) {
        let factor = nest.rerolling?.factor ?? 1
        let entry = VersionEntry(to: nest.outer, builder)
        var check = VersionCheck(builder: builder, types: types)
        let outerLast = nest.exitTest.lastIteration(
            builder, types, conditions: &check.conditions)
        let innerLast = nest.inner.exitTest.lastIteration(
            builder, types, conditions: &check.conditions)
        let isLong = builder.icmp(
            .uge, innerLast, types.i64.constant(Self.minimumIterations / factor))
        let isTall = builder.icmp(.uge, outerLast, types.i64.constant(Self.minimumRows))
        entry.beginChecks(if: builder.and(isLong, isTall))
        let pointers = check.pointers(
            of: nest.movingGroups, conflicts: nest.conflicts,
            lastIterations: [outerLast, rerolled(innerLast, factor: factor)])
        loopCount += 1
        let choice = VersionChoice(number: loopCount)
        check.conditions.append(choice.isKept(builder))
        entry.enter(if: check.condition)
        let aliasing = aliasing(
            groupCount: nest.movingGroups.count, conflicts: nest.conflicts)
        builder.position(atEndOf: entry.version)
        aliasing.declare(builder)
        var copy = NestCopy(
            nest: nest, pointers: pointers, aliasing: aliasing, builder: builder, types: types)
        let latch = copy.emit(
            from: entry.version, outerLast: outerLast, innerLast: innerLast)
        choice.mark(latch: latch.terminator, metadata)
    }

    private func aliasing(groupCount: Int, conflicts: [(Int, Int)]) -> Aliasing {
        Aliasing(
            groupCount: groupCount, conflicts: conflicts, metadata: metadata,
            name: "smelt.loop.\(loopCount)")
    }

    /// The last iteration of a loop of which each `factor` iterations were one.
    private func rerolled(_ lastIteration: IRValue, factor: Int) -> IRValue {
        if factor == 1 { return lastIteration }
        // This may wrap if another condition does not hold, and must not poison that one then.
        let first = builder.mul(lastIteration, types.i64.constant(factor))
        return builder.add(first, types.i64.constant(factor - 1))
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
    /// But what is stored in each iteration and loaded in the next takes long.
    private static let minimumSums = 1
    /// Nor do outer loops whose last iteration comes before this one.
    private static let minimumRows = 3
}

/// The blocks in which it is decided between a loop and a version of it.
private struct VersionEntry {
    private let loop: NaturalLoop
    private let builder: IRBuilder
    private let preheaderEnd: IRInstruction
    private let checks: BasicBlock
    /// Where the version begins.
    let version: BasicBlock

    /// Lets the builder stand at the end of the loop's preheader.
    init(to loop: NaturalLoop, _ builder: IRBuilder) {
        self.loop = loop
        self.builder = builder
        preheaderEnd = loop.preheader.terminator
        checks = builder.addBlock("checks", after: loop.preheader)
        version = builder.addBlock("version", after: checks)
        builder.position(before: preheaderEnd)
    }

    /// Goes on where checks stand that are only made if the loop seems long enough.
    func beginChecks(if isLong: IRValue) {
        builder.branch(if: isLong, then: checks, else: loop.header)
        preheaderEnd.erase()
        builder.position(atEndOf: checks)
    }

    /// Ends the checks.
    func enter(if condition: IRValue) {
        builder.branch(if: condition, then: version, else: loop.header)
        for phi in loop.header.phis {
            phi.value.addIncoming(phi.incomingValue(from: loop.preheader)!, from: checks)
        }
    }
}

extension Pass {
    /// Gives loops their second versions.
    public static let loopVersions = functions("loop-versions") { module, context in
        var versioning = LoopVersioning(
            builder: module.builder, types: module.types, metadata: module.metadata,
            vectors: context.vectors, changesNests: context.level == .aggressive)
        return { versioning.run(on: $0) }
    }
}
