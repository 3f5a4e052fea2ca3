// How far values move that a loop changes by a constant in each round.
//
// A phi of a loop's header that begins with `start` and goes on with `next` = phi + step can only
// go on if the branch at the end of the loop says so. What that branch compares bounds the phi:
// by induction, since it holds at the start and whenever the loop goes on.

internal import LLVMKit

/// A phi that a loop moves by a constant.
private struct Counter {
    let phi: IRInstruction
    /// What it is when the loop begins, by the block from which control comes.
    let starts: [(value: IRValue, block: Int)]
    let next: IRInstruction
    /// What is added; negative if a number near 2^bits is.
    let step: Int128
    let bits: Int
    /// The block of the phi, and the one at the end of the loop.
    let header, latch: Int
}

/// What has to hold for a loop to go on.
private struct Test {
    let predicate: IRBuilder.IntegerPredicate
    /// Whether what the counter will be next is compared, and not what it is.
    let isNext: Bool
    let bound: IRValue
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
        var starts: [(value: IRValue, block: Int)] = []
        var back: (value: IRValue, block: Int)?
        for (value, block) in phi.incoming {
            guard let source = flow.numbers[block] else { continue }
            if !flow.dominates(header, source) {
                starts.append((value, source))
            } else if back == nil {
                back = (value, source)
            } else {
                return nil
            }
        }
        guard let back, !starts.isEmpty, let next = IRInstruction(back.value), next.opcode == .add,
            next.operand(0) == phi.value, let added = next.operand(1).constantInteger
        else { return nil }
        let turn: Int128 = 1 << Int128(bits)
        let number = Int128(added)
        return Counter(
            phi: phi, starts: starts, next: next,
            step: number < turn / 2 ? number : number - turn, bits: bits, header: header,
            latch: back.block)
    }

    /// What is known in all cases in which the loop begins.
    private func movement(of counter: Counter) -> [Sum] {
        guard let test = test(of: counter) else { return [] }
        var common: [Sum]?
        for (value, block) in counter.starts {
            let facts = facts(onEdgeFrom: block, to: counter.header)
            let sums = withEffort(Self.effortPerCounter) {
                movement(of: counter, from: sum(of: value, facts), test, facts)
            }
            common = common?.filter { sum in sums.contains(where: sum.isEqual) } ?? sums
        }
        return common ?? []
    }

    /// What is known if the counter begins with `start`.
    private func movement(
        of counter: Counter, from start: Sum, _ test: Test, _ facts: BlockFacts
    ) -> [Sum] {
        let (predicate, isNext) = (test.predicate, test.isNext)
        let (bound, step) = (sum(of: test.bound, facts), counter.step)
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
    private func test(of counter: Counter) -> Test? {
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
                return Test(
                    predicate: left == 0 ? predicate : predicate.swapped, isNext: isNext,
                    bound: bound)
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
