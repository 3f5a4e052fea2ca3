// What is checked before a version of a loop is entered.
//
// sandbox: rests on this file. A version adds 64-bit steps to pointers where the loop adds 32-bit ones
// to an index. Under the conditions that are emitted here every address is the one that the loop itself
// forms in that iteration, so what the loop's own access rests on (the guard, or a comparison) covers the
// version's:
//
// - the number of the last iteration is below 2^37 (`ExitTest.lastIteration`), and below 2^40 in a
//   rerolled loop, of which up to eight iterations were one;
// - a step is at most 2^20 (`AccessGroup.maximumStep`; a constant one that is larger, or one that is
//   only known at run time and is, makes the condition false), so a product is below 2^60, and the sum
//   over both loops of a nest with an index below 2^40 and positions below 2^42 is below 2^62: no
//   arithmetic here wraps, whichever way the comparisons read it;
// - a 32-bit index stays between 0 and 2^32 - 1 from the first iteration to the last, at both ends of the
//   group, so the 32-bit sum did not wrap either. A 64-bit one is added to as it is in the loop.
//
// All values from outside are frozen once and then used for the conditions and for the pointers, which
// therefore cannot see different ones.

internal import LLVMKit
internal import PlantedFaults

/// A group of accesses, and how it moves through the loops that are versioned.
struct MovingGroup {
    let group: AccessGroup
    /// The index of the lowest access in the first iteration of all loops.
    let start: LinearForm
    /// What each loop, the outermost first, adds in an iteration.
    let steps: [LinearForm]
}

/// The conditions for a version, as they gather, and the pointers that it starts from.
struct VersionCheck {
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

    /// Emits where the lowest access of each group begins and how it moves, and the conditions under
    /// which no address wraps and no two groups that conflict touch the same byte.
    ///
    /// - Parameter lastIterations: of each loop, the outermost first.
    mutating func pointers(
        of groups: [MovingGroup], conflicts: [(Int, Int)], lastIterations: [IRValue]
    ) -> [GroupPointer] {
        let movements = groups.map { group in group.steps.map { movement(by: $0) } }
        let extents = zip(groups, movements).map {
            extent(of: $0, $1, lastIterations: lastIterations)
        }
        for (a, b) in conflicts {
            let isApart = builder.or(
                isBehind(a, b, groups, extents), isBehind(b, a, groups, extents))
            conditions.append(isApart)
        }
        return groups.indices.map {
            GroupPointer(
                start: builder.byteOffset(groups[$0].group.base, extents[$0].index),
                movements: movements[$0])
        }
    }

    private mutating func movement(by step: LinearForm) -> Movement {
        if let known = step.signedConstant {
            // Steps are small before they are divided, in the arithmetic that wraps around.
            if known.magnitude > AccessGroup.maximumStep { conditions.append(types.i1.zero) }
            return Movement(
                step: constant(known + (PlantedFault.movementStep.isPlanted ? 1 : 0)),
                magnitude: constant(Int64(known.magnitude)),
                isForward: known >= 0)
        }
        // Only steps forward are expected.
        let narrow = builder.freeze(step.emit(builder, types))
        let value = step.bits == 32 ? builder.sext(narrow, to: types.i64) : narrow
        conditions.append(builder.icmp(.ule, value, constant(AccessGroup.maximumStep)))
        return Movement(step: value, magnitude: value, isForward: true)
    }

    /// Relative to the group's base: the lowest access's index in the first iteration, and the bytes
    /// that the group touches in all iterations.
    private struct Extent {
        let index, start, end: IRValue
    }

    private func isBehind(
        _ a: Int, _ b: Int, _ groups: [MovingGroup], _ extents: [Extent]
    ) -> IRValue {
        var (start, end) = (extents[a].start, extents[b].end)
        if groups[a].group.base != groups[b].group.base {
            start = builder.add(integer(groups[a].group.base), start)
            end = builder.add(integer(groups[b].group.base), end)
        }
        return builder.icmp(.sge, start, end)
    }

    private mutating func extent(
        of moving: MovingGroup, _ movements: [Movement], lastIterations: [IRValue]
    ) -> Extent {
        let lowest = builder.freeze(moving.start.emit(builder, types))
        let isNarrow = moving.start.bits == 32
        let index = isNarrow ? builder.zext(lowest, to: types.i64) : lowest
        var (first, final) = (index, index)
        var hasBackwardSteps = false
        for (movement, last) in zip(movements, lastIterations) {
            let iterations =
                PlantedFault.extentIteration.isPlanted ? builder.sub(last, constant(1)) : last
            let span = builder.mul(iterations, movement.magnitude)
            if movement.isForward {
                final = builder.add(final, span)
            } else {
                first = builder.sub(first, span)
                hasBackwardSteps = true
            }
        }
        let group = moving.group
        if isNarrow {
            let reach = group.accesses.map(group.indexDistance).max()!
            let highest = builder.add(final, constant(reach))
            conditions.append(builder.icmp(.ule, highest, constant(Int64(UInt32.max))))
        } else {
            conditions.append(builder.icmp(.ult, index, constant(1 << 40)))
        }
        if hasBackwardSteps { conditions.append(builder.icmp(.sge, first, constant(0))) }
        let positions = group.accesses.map {
            (group.position(of: $0), PlantedFault.extentAccess.isPlanted ? 0 : Int64($0.size))
        }
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

/// What a loop adds to the addresses of a group in an iteration.
struct Movement {
    /// An i64.
    let step: IRValue
    /// The number of bytes that it moves by in either direction.
    let magnitude: IRValue
    /// Whether the step, as a signed number, is not negative.
    let isForward: Bool

    /// Emits the address that a pointer has become in an iteration, an i64.
    func moved(
        _ pointer: IRValue, in iteration: IRValue, _ builder: IRBuilder
    ) -> IRValue {
        if step.constantInteger == 0 { return pointer }
        let offset = builder.mulNoWrap(iteration, step, signed: !isForward)
        return builder.byteOffsetNoWrap(pointer, offset, isForward: isForward)
    }
}

/// Where the lowest access of a group goes in the version of a loop.
struct GroupPointer {
    /// In the first iteration of all loops.
    private let start: IRValue
    /// For each loop, the outermost first.
    private let movements: [Movement]

    init(start: IRValue, movements: [Movement]) {
        self.start = start
        self.movements = movements
    }

    /// Emits the address that lies `position` bytes behind the lowest one.
    ///
    /// - Parameter iterations: the iteration of each loop, i64s. Loops that are left out are in their
    ///   first one.
    func address(
        _ position: Int64, in iterations: [IRValue], _ builder: IRBuilder, _ types: IRTypes
    ) -> IRValue {
        let pointer = zip(movements, iterations).reduce(start) {
            $1.0.moved($0, in: $1.1, builder)
        }
        if position == 0 { return pointer }
        return builder.byteOffsetNoWrap(
            pointer, types.i64.constant(Int(position)), isForward: position > 0)
    }

    /// What remains for the inner loops in an iteration of the outermost one.
    func inside(iteration: IRValue, _ builder: IRBuilder) -> GroupPointer {
        GroupPointer(
            start: movements[0].moved(start, in: iteration, builder),
            movements: Array(movements.dropFirst()))
    }
}
