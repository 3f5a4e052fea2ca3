// How often a loop runs, computed before it does.
//
// sandbox: rests on this file. The versions of loops count to the number that is computed here, and go
// as far in memory as it says: it must be exact, and below 2^37, whenever the conditions hold. A 32-bit
// counter takes at most 2^32 values before it meets its bound; 64-bit ones are compared with 2^36
// first, which also makes the signed order the unsigned one. Conditions exclude counters that wrap
// around on the way.

internal import LLVMKit
internal import PlantedFaults

/// The test at the end of a loop: an affine expression is compared with a value from outside.
struct ExitTest {
    /// What is compared, in iteration k.
    private let counter: AffineExpression
    private let step: Int64
    private let bound: IRValue
    /// The loop goes on as long as this holds.
    private let predicate: IRBuilder.IntegerPredicate

    /// Larger steps, and 64-bit counters beyond 2^36, are not worth the thought. With eight copies
    /// in an iteration that each move by at most 2^20 bytes, distances stay far below 2^63.
    private static let maximumStep: UInt64 = 1 << 20
    private static let maximumWide: UInt64 = 1 << 36

    init?(_ loop: NaturalLoop, _ affine: AffineAnalysis) {
        let branch = loop.latch.terminator
        guard let condition = branch.branchCondition, let test = loop.inside(condition),
            test.opcode == .icmp, var predicate = test.integerPredicate
        else { return nil }
        if !loop.contains(branch.successors[0]) { predicate = predicate.negated }
        var (left, right) = (test.operand(0), test.operand(1))
        if loop.inside(left) == nil {
            (left, right) = (right, left)
            predicate = predicate.swapped
        }
        guard loop.inside(right) == nil, let counter = affine.expression(left),
            let step = counter.step.signedConstant, step != 0,
            step.magnitude <= Self.maximumStep, counter.bits == 32 || counter.bits == 64
        else { return nil }
        let isUp = step > 0
        switch predicate {
        case .ne: break
        case .ult, .ule, .slt, .sle: if !isUp { return nil }
        case .ugt, .uge, .sgt, .sge: if isUp { return nil }
        case .eq: return nil
        }
        self.counter = counter
        self.step = step
        self.bound = right
        self.predicate = predicate
    }

    /// Whether a loop around this one changes nothing about the number of iterations.
    func isInvariant(in loop: NaturalLoop) -> Bool {
        (counter.start.values + [bound]).allSatisfy { loop.inside($0) == nil }
    }

    /// Emits the number of the last iteration, an i64 below 2^37; it is right if all `conditions`
    /// hold.
    func lastIteration(
        _ builder: IRBuilder, _ types: IRTypes, conditions: inout [IRValue]
    ) -> IRValue {
        let start = builder.freeze(counter.start.emit(builder, types))
        let bound = builder.freeze(bound)
        let isUp = step > 0
        let step = step.magnitude
        if predicate == .ne {
            let narrow = isUp ? builder.sub(bound, start) : builder.sub(start, bound)
            let distance = counter.bits == 32 ? builder.zext(narrow, to: types.i64) : narrow
            requireModerate(distance, builder, types, &conditions)
            let divisor = types.i64.constant(step)
            if step > 1 {
                let rest = builder.urem(distance, divisor)
                conditions.append(builder.icmp(.eq, rest, types.i64.zero))
            }
            let last = step > 1 ? builder.udiv(distance, divisor) : distance
            return planted(last, builder, types)
        }
        let (first, limit) = (
            ordered(start, builder, types, &conditions), ordered(bound, builder, types, &conditions)
        )
        return isUp
            ? lastUpwards(from: first, to: limit, step, builder, types, &conditions)
            : lastDownwards(from: first, to: limit, step, builder, types, &conditions)
    }

    /// While `first + k · step < limit` (or <=), without wrapping.
    private func lastUpwards(
        from first: IRValue, to limit: IRValue, _ step: UInt64, _ builder: IRBuilder,
        _ types: IRTypes, _ conditions: inout [IRValue]
    ) -> IRValue {
        let isInclusive = predicate == .ule || predicate == .sle
        let end = isInclusive ? builder.add(limit, types.i64.constant(1)) : limit
        let reach = builder.add(end, types.i64.constant(step - 1))
        let wrap: UInt64 = counter.bits == 32 ? 1 << 32 : Self.maximumWide * 2
        conditions.append(builder.icmp(.ult, reach, types.i64.constant(wrap)))
        let distance = builder.sub(reach, first)
        let count = step == 1 ? distance : builder.udiv(distance, types.i64.constant(step))
        return planted(
            builder.select(builder.icmp(.ult, first, end), count, types.i64.zero), builder, types)
    }

    /// While `first - k · step > limit` (or >=), without wrapping.
    private func lastDownwards(
        from first: IRValue, to limit: IRValue, _ step: UInt64, _ builder: IRBuilder,
        _ types: IRTypes, _ conditions: inout [IRValue]
    ) -> IRValue {
        let isInclusive = predicate == .uge || predicate == .sge
        let least = types.i64.constant(isInclusive ? step : step - 1)
        conditions.append(builder.icmp(.uge, limit, least))
        let end = isInclusive ? builder.sub(limit, types.i64.constant(1)) : limit
        let reach = builder.add(first, types.i64.constant(step - 1))
        let distance = builder.sub(reach, end)
        let count = step == 1 ? distance : builder.udiv(distance, types.i64.constant(step))
        return planted(
            builder.select(builder.icmp(.ugt, first, end), count, types.i64.zero), builder, types)
    }

    private func planted(_ last: IRValue, _ builder: IRBuilder, _ types: IRTypes) -> IRValue {
        PlantedFault.iterationCount.isPlanted ? builder.add(last, types.i64.constant(1)) : last
    }

    /// The value as an i64 whose unsigned order is the order that the test asks for.
    private func ordered(
        _ value: IRValue, _ builder: IRBuilder, _ types: IRTypes, _ conditions: inout [IRValue]
    ) -> IRValue {
        if counter.bits == 64 {
            // Below 2^36 the signed and the unsigned order are the same.
            requireModerate(value, builder, types, &conditions)
            return value
        }
        if !predicate.isSigned { return builder.zext(value, to: types.i64) }
        let biased = builder.xor(value, types.i32.constant(UInt64(0x8000_0000)))
        return builder.zext(biased, to: types.i64)
    }

    private func requireModerate(
        _ value: IRValue, _ builder: IRBuilder, _ types: IRTypes, _ conditions: inout [IRValue]
    ) {
        if counter.bits == 32 { return }
        conditions.append(builder.icmp(.ult, value, types.i64.constant(Self.maximumWide)))
    }
}

extension IRBuilder.IntegerPredicate {
    /// What holds when this one does not.
    var negated: Self {
        switch self {
        case .eq: .ne
        case .ne: .eq
        case .slt: .sge
        case .ult: .uge
        case .sgt: .sle
        case .ugt: .ule
        case .sle: .sgt
        case .ule: .ugt
        case .sge: .slt
        case .uge: .ult
        }
    }

    /// The same for exchanged operands.
    var swapped: Self {
        switch self {
        case .eq: .eq
        case .ne: .ne
        case .slt: .sgt
        case .ult: .ugt
        case .sgt: .slt
        case .ugt: .ult
        case .sle: .sge
        case .ule: .uge
        case .sge: .sle
        case .uge: .ule
        }
    }

    fileprivate var isSigned: Bool {
        switch self {
        case .slt, .sgt, .sle, .sge: true
        case .eq, .ne, .ult, .ugt, .ule, .uge: false
        }
    }
}
