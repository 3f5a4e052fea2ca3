// How far values move that a loop changes by a constant in each round.
//
// A phi of a loop's header that begins with `start` and goes on with `next` = phi + step can only
// go on if the branch at the end of the loop says so. What that branch compares bounds the phi:
// by induction, since it holds at the start and whenever the loop goes on.

internal import LLVMKit

/// A phi that a loop moves by a constant.
private struct Counter {
    let phi: IRInstruction
    let start: IRValue
    let next: IRInstruction
    /// What is added; negative if a number near 2^bits is.
    let step: Int128
    let bits: Int
    /// The block of the phi, and those from which control comes to it.
    let header, entry, latch: Int
}

extension FunctionProof {
    /// Sums that are at most 0 because of how a phi moves, in all rounds.
    func movement(ofPhi phi: IRInstruction) -> [Sum] {
        if let known = counters[phi.value] { return known }
        // Meanwhile nothing is known.
        counters[phi.value] = []
        let result = counter(phi).map(movement) ?? []
        counters[phi.value] = result
        return result
    }

    private func counter(_ phi: IRInstruction) -> Counter? {
        guard let bits = phi.type.integerWidth, bits <= 64, let header = flow.numbers[phi.block]
        else { return nil }
        let incoming = phi.incoming
        guard incoming.count == 2 else { return nil }
        for (first, second) in [(0, 1), (1, 0)] {
            guard let entry = flow.numbers[incoming[first].block],
                let latch = flow.numbers[incoming[second].block],
                flow.dominates(header, latch), !flow.dominates(header, entry),
                let next = IRInstruction(incoming[second].value), next.opcode == .add,
                next.operand(0) == phi.value, let added = next.operand(1).constantInteger
            else { continue }
            let turn: Int128 = 1 << Int128(bits)
            let number = Int128(added)
            return Counter(
                phi: phi, start: incoming[first].value, next: next,
                step: number < turn / 2 ? number : number - turn, bits: bits, header: header,
                entry: entry, latch: latch)
        }
        return nil
    }

    private func movement(of counter: Counter) -> [Sum] {
        let saved = effort
        effort = Self.effortPerCounter
        defer { effort = saved }
        let facts = facts(onEdgeFrom: counter.entry, to: counter.header)
        guard let (predicate, isNext, right) = test(of: counter) else { return [] }
        let (start, bound, step) = (
            sum(of: counter.start, facts), sum(of: right, facts), counter.step
        )
        let isUp = step > 0
        func isLess(_ a: Sum, _ b: Sum) -> Bool {
            isAtMostZero(a.adding(b, times: -1).adding(1), facts, depth: 3)
        }
        /// The furthest that the counter can come.
        let last: Sum
        switch predicate {
        case .ne:
            // It meets the bound, so the last number is a whole step before that.
            guard isNext, isUp ? isLess(start, bound) : isLess(bound, start),
                isMultiple(bound.adding(start, times: -1), of: step)
            else { return [] }
            last = bound.adding(-step)
        case .ult where isUp, .ule where isUp, .ugt where !isUp, .uge where !isUp:
            // The last number that passes the test, and the one behind it if it was the one before
            // that was tested.
            let passing = predicate == .ult ? -1 : predicate == .ugt ? 1 : 0
            last = bound.adding(Int128(passing) + (isNext ? 0 : step))
            // It begins there or before, and not even a step more would wrap around.
            let largest = Sum((1 << Int128(counter.bits)) - 1)
            guard
                isUp
                    ? isLess(start, last.adding(1)) && isLess(last.adding(step - 1), largest)
                    : isLess(last.adding(-1), start) && isLess(Sum(-1), last.adding(step))
            else { return [] }
        default: return []
        }
        // As it never turns around, it stays on this side of its start as well.
        let itself = Sum(counter.phi.value)
        let (low, high) = isUp ? (start, last) : (last, start)
        return [low.adding(itself, times: -1), itself.adding(high, times: -1)]
    }

    /// What has to hold for the loop to go on: a comparison of what the counter is now, or will be
    /// next, with a value that stands still while the loop runs.
    private func test(
        of counter: Counter
    ) -> (predicate: IRBuilder.IntegerPredicate, isNext: Bool, bound: IRValue)? {
        let terminator = flow.blocks[counter.latch].terminator
        guard let condition = terminator.branchCondition, let test = IRInstruction(condition),
            test.opcode == .icmp, var predicate = test.integerPredicate
        else { return nil }
        let successors = terminator.successors
        let goesOn = flow.blocks[counter.header]
        if successors[0] == successors[1] { return nil }
        if successors[0] != goesOn { predicate = predicate.negated }
        for (left, right) in [(0, 1), (1, 0)] {
            let (tested, bound) = (test.operand(left), test.operand(right))
            let isNext = tested == counter.next.value
            if isNext || tested == counter.phi.value,
                flow.isComputed(bound, before: counter.header)
            {
                return (left == 0 ? predicate : predicate.swapped, isNext, bound)
            }
        }
        return nil
    }

    private func isMultiple(_ sum: Sum, of step: Int128) -> Bool {
        let size = step.magnitude
        return size & (size - 1) == 0 && trailingZeros(of: sum) >= size.trailingZeroBitCount
    }

    private static let effortPerCounter = 400
}
