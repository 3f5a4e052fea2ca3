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
        let result = nested { counter(phi).map(movement) } ?? []
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

    private func movement(of counter: Counter) -> [Sum] {
        for test in tests(of: counter) {
            let result = movement(of: counter, test)
            if !result.isEmpty { return result }
        }
        return movementWithOthers(counter)
    }

    /// What is known in all cases in which the loop begins.
    private func movement(of counter: Counter, _ test: Test) -> [Sum] {
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

    /// A counter that nothing is compared with moves along with others of the same loop.
    private func movementWithOthers(_ counter: Counter) -> [Sum] {
        guard let start = onlyStart(of: counter) else { return [] }
        for phi in flow.blocks[counter.header].phis where phi != counter.phi {
            guard let other = self.counter(phi), other.step.magnitude == 1,
                let otherStart = onlyStart(of: other)
            else { continue }
            let known = tests(of: other).lazy.map { self.movement(of: other, $0) }
            guard let bounds = known.first(where: { !$0.isEmpty }) else { continue }
            // As many steps as the other one, whose number never turns around.
            let steps = Sum(phi.value).adding(otherStart, times: -1).multiplied(by: other.step)
            let number = start.adding(steps, times: counter.step)
            let facts = BlockFacts(parent: everywhere)
            for bound in bounds { facts.add(bound) }
            guard isInside(number, bits: counter.bits, facts) else { continue }
            let difference = Sum(counter.phi.value).adding(number, times: -1)
            return [difference, difference.multiplied(by: -1)]
        }
        return []
    }

    /// What a counter is when the loop begins, if that is the same number wherever control comes from.
    private func onlyStart(of counter: Counter) -> Sum? {
        var result: Sum?
        for (value, block) in counter.starts {
            let start = sum(of: value, facts(onEdgeFrom: block, to: counter.header))
            guard result?.isEqual(start) ?? true else { return nil }
            result = start
        }
        return result
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
            // It meets the bound, and if that is what comes next, it is a whole step before that.
            let room: Int128 = isNext ? 0 : 1
            guard
                isUp ? isLess(start, bound.adding(room)) : isLess(bound.adding(-room), start),
                isMultiple(bound.adding(start, times: -1), of: step)
            else { return [] }
            last = isNext ? bound.adding(-step) : bound
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

    /// What has to hold for the loop to go on: comparisons of what the counter is now, or will be
    /// next, with values that stand still while the loop runs.
    private func tests(of counter: Counter) -> [Test] {
        comparisonsToGoOn(from: counter.header, counter.latch).flatMap { comparison in
            [
                (comparison.left, comparison.right, comparison.predicate),
                (comparison.right, comparison.left, comparison.predicate.swapped),
            ].compactMap { tested, bound, predicate in
                let isNext = tested == counter.next.value
                guard isNext || tested == counter.phi.value,
                    flow.isComputed(bound, before: counter.header)
                else { return nil }
                return Test(predicate: predicate, isNext: isNext, bound: bound)
            }
        }
    }

    /// The comparisons that hold whenever control goes from the end of a loop to its beginning,
    /// since it began there the last time.
    private func comparisonsToGoOn(from header: Int, _ latch: Int) -> [Comparison] {
        var result: [Comparison] = []
        var (source, target) = (latch, header)
        while true {
            let terminator = flow.blocks[source].terminator
            let successors = terminator.successors
            if let condition = terminator.branchCondition, successors[0] != successors[1] {
                result += comparisons(in: condition, successors[0] == flow.blocks[target])
            }
            // On to the block from which alone control comes.
            target = source
            while target != header, flow.predecessors[target].count != 1,
                let dominator = flow.dominator(of: target)
            {
                target = dominator
            }
            if target == header { return result }
            source = flow.predecessors[target][0]
        }
    }

    private func isMultiple(_ sum: Sum, of step: Int128) -> Bool {
        let size = step.magnitude
        if let number = sum.constantValue { return number % step == 0 }
        return size & (size - 1) == 0 && trailingZeros(of: sum) >= size.trailingZeroBitCount
    }

    private static let effortPerCounter = 1500
}
