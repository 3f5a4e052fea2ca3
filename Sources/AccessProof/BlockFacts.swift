// What is known when control is in a block: comparisons that it has passed on every way there.
//
// A comparison holds for the values as they are: whoever is dominated by the edge on which it was
// found to hold sees the same instances of the values that were compared, since these dominate the
// edge, and control cannot pass them again without passing the edge again.

internal import LLVMKit

/// Inequalities and bounds of values, in addition to those of a block that dominates this one.
final class BlockFacts {
    let parent: BlockFacts?
    /// Sums that are at most 0.
    private(set) var inequalities: [Sum] = []
    private var bounds: [IRValue: Bounds] = [:]
    /// Whether this cannot all be true, so that control never comes here.
    private(set) var isContradictory: Bool
    /// What was found out with these facts.
    var sums: [IRValue: Sum] = [:]
    var knownBounds: [IRValue: Bounds] = [:]

    init(parent: BlockFacts?) {
        self.parent = parent
        isContradictory = parent?.isContradictory ?? false
    }

    /// Takes note that a sum is at most 0.
    func add(_ sum: Sum) {
        guard sum.isModerate else { return }
        if sum.terms.count == 1, sum.terms[0].product.second == nil {
            let (product, factor) = sum.terms[0]
            var known = bounds[product.first] ?? Bounds(bits: 64)
            // factor · value + constant <= 0
            if factor > 0 {
                known.upper = min(known.upper, -sum.constant.dividedUp(by: factor))
            } else {
                known.lower = max(known.lower, sum.constant.dividedUp(by: -factor))
            }
            bounds[product.first] = known
        } else if !sum.terms.isEmpty {
            inequalities.append(sum)
        }
        sums = [:]
        knownBounds = [:]
    }

    /// Asks whether a value is left for everything that was compared.
    func lookForContradiction(_ known: (IRValue) -> Bounds) {
        if bounds.keys.contains(where: { known($0).isEmpty }) { isContradictory = true }
    }

    /// Takes over what is known elsewhere, but not what is known in what dominates that.
    func add(allOf other: BlockFacts) {
        inequalities += other.inequalities
        bounds.merge(other.bounds) { Bounds(max($0.lower, $1.lower), min($0.upper, $1.upper)) }
        sums = [:]
        knownBounds = [:]
    }

    func descends(from other: BlockFacts) -> Bool {
        var facts: BlockFacts? = self
        while let current = facts {
            if current === other { return true }
            facts = current.parent
        }
        return false
    }

    /// What comparisons say about a value.
    func narrow(_ value: IRValue, _ known: Bounds) -> Bounds {
        var result = known
        var facts: BlockFacts? = self
        while let current = facts {
            if let other = current.bounds[value] {
                result.lower = max(result.lower, other.lower)
                result.upper = min(result.upper, other.upper)
            }
            facts = current.parent
        }
        return result
    }

    /// Visits the inequalities here and in what dominates; ends when one is enough.
    func contains(where isEnough: (Sum) -> Bool) -> Bool {
        var facts: BlockFacts? = self
        while let current = facts {
            if current.inequalities.contains(where: isEnough) { return true }
            facts = current.parent
        }
        return false
    }

    /// Visits the values that were compared with constants, here and in what dominates.
    func containsBounded(where isEnough: (IRValue) -> Bool) -> Bool {
        var facts: BlockFacts? = self
        while let current = facts {
            if current.bounds.keys.contains(where: isEnough) { return true }
            facts = current.parent
        }
        return false
    }
}

extension Int128 {
    /// The quotient, rounded towards positive infinity; the divisor is positive.
    fileprivate func dividedUp(by divisor: Int128) -> Int128 {
        let quotient = self / divisor
        return quotient * divisor < self ? quotient + 1 : quotient
    }

    /// The quotient, rounded towards negative infinity; the divisor is positive.
    func dividedDown(by divisor: Int128) -> Int128 {
        let quotient = self / divisor
        return quotient * divisor > self ? quotient - 1 : quotient
    }
}

extension FunctionProof {
    /// What is known in a block.
    func facts(inBlock block: Int) -> BlockFacts {
        // Without recursion: dominators may be many.
        var path: [Int] = []
        var current: Int? = block
        while let number = current, blockFacts[number] == nil {
            path.append(number)
            current = flow.dominator(of: number)
        }
        var facts = current.flatMap { blockFacts[$0] } ?? everywhere
        for number in path.reversed() {
            // From where control comes for the first time; a loop that begins here does not change
            // what was compared before it.
            let sources = sources(of: number)
            if number != 0, sources.count == 1 {
                facts = extend(facts, from: sources[0], to: number)
            } else {
                for common in entryConditions[number] {
                    facts = assuming(common.condition, is: common.truth, facts)
                }
            }
            blockFacts[number] = facts
        }
        return facts
    }

    func facts(at instruction: IRInstruction) -> BlockFacts {
        flow.numbers[instruction.block].map(facts(inBlock:)) ?? everywhere
    }

    /// What is known on the way from a block to one of its successors.
    func facts(onEdgeFrom source: Int, to target: Int) -> BlockFacts {
        let edge = source << 32 | target
        if let known = edgeFacts[edge] { return known }
        let result = extend(facts(inBlock: source), from: source, to: target)
        edgeFacts[edge] = result
        return result
    }

    private func extend(_ facts: BlockFacts, from source: Int, to target: Int) -> BlockFacts {
        let terminator = flow.blocks[source].terminator
        if terminator.opcode == .switch {
            return extend(facts, switch: terminator, to: flow.blocks[target])
        }
        guard let condition = terminator.branchCondition else { return facts }
        let successors = terminator.successors
        if successors[0] == successors[1] { return facts }
        return assuming(condition, is: successors[0] == flow.blocks[target], facts)
    }

    /// A switch says something to the target of a single value.
    private func extend(
        _ facts: BlockFacts, switch terminator: IRInstruction, to target: BasicBlock
    ) -> BlockFacts {
        let cases = terminator.switchCases.filter { $0.target == target }
        guard cases.count == 1, terminator.successors[0] != target,
            let width = terminator.operand(0).type.integerWidth, width <= 64
        else { return facts }
        let result = BlockFacts(parent: facts)
        let difference = sum(of: terminator.operand(0), facts).adding(-Int128(cases[0].value))
        result.add(difference)
        result.add(difference.multiplied(by: -1))
        return result
    }

    /// What is known at the end of a block and when control came there from another one.
    func joining(_ facts: BlockFacts, _ other: BlockFacts) -> BlockFacts {
        let result = BlockFacts(parent: facts)
        var next: BlockFacts? = other
        while let current = next, !facts.descends(from: current) {
            result.add(allOf: current)
            next = current.parent
        }
        return result
    }

    /// Facts with what it means that a condition is true or false.
    func assuming(_ condition: IRValue, is truth: Bool, _ facts: BlockFacts) -> BlockFacts {
        let comparisons = comparisons(in: condition, truth)
        if comparisons.isEmpty { return facts }
        let result = BlockFacts(parent: facts)
        withEffort(Self.effortPerCondition) {
            // The second time with what the first time has shown.
            for _ in 0..<(comparisons.count > 1 ? 2 : 1) {
                for comparison in comparisons {
                    for sum in inequalities(of: comparison, result) { result.add(sum) }
                }
            }
            result.lookForContradiction { bounds(of: $0, result) }
        }
        return result
    }

    private static let effortPerCondition = 1500

    /// A comparison that holds.
    struct Comparison {
        var predicate: IRBuilder.IntegerPredicate
        var left, right: IRValue
    }

    /// All comparisons that hold if a condition does, or does not.
    func comparisons(in condition: IRValue, _ truth: Bool) -> [Comparison] {
        var result: [Comparison] = []
        var open = [(condition, truth)]
        while let (condition, truth) = open.popLast(), result.count < 64 {
            guard let instruction = IRInstruction(condition) else { continue }
            switch instruction.opcode {
            case .icmp:
                guard let predicate = instruction.integerPredicate else { continue }
                let (left, right) = (instruction.operand(0), instruction.operand(1))
                guard let width = left.type.integerWidth, width <= 64 else { continue }
                result += withParts(
                    Comparison(
                        predicate: truth ? predicate : predicate.negated, left: left,
                        right: right))
            case .and where truth, .or where !truth:
                open += [(instruction.operand(1), truth), (instruction.operand(0), truth)]
            case .freeze where isDefined(instruction.operand(0)):
                open.append((instruction.operand(0), truth))
            case .xor where instruction.operand(1).constantInteger == 1:
                open.append((instruction.operand(0), !truth))
            case .select:
                // `and` and `or` that look at the second operand only if they must.
                if truth, instruction.operand(2).constantInteger == 0 {
                    open += [(instruction.operand(1), true), (instruction.operand(0), true)]
                } else if !truth, instruction.operand(1).constantInteger == 1 {
                    open += [(instruction.operand(2), false), (instruction.operand(0), false)]
                }
            default: break
            }
        }
        return result.reversed()
    }

    /// A comparison, and what it means for the operands of an `or` that is below something: LLVM
    /// compares several values with a power of two at once.
    private func withParts(_ comparison: Comparison) -> [Comparison] {
        var result = [comparison]
        var position = 0
        while position < result.count, result.count < 8 {
            let (predicate, left, right) = (
                result[position].predicate, result[position].left, result[position].right
            )
            position += 1
            guard predicate == .ult || predicate == .ule, let parts = IRInstruction(left),
                parts.opcode == .or
            else { continue }
            for index in 0..<2 {
                result.append(
                    Comparison(predicate: predicate, left: parts.operand(index), right: right))
            }
        }
        return result
    }

    /// Sums that are at most 0 because a comparison holds.
    private func inequalities(of comparison: Comparison, _ facts: BlockFacts) -> [Sum] {
        var comparison = comparison
        switch comparison.predicate {
        case .ugt, .uge, .sgt, .sge:
            comparison = Comparison(
                predicate: comparison.predicate.swapped, left: comparison.right,
                right: comparison.left)
        default: break
        }
        if comparison.predicate == .slt || comparison.predicate == .sle {
            return signedInequalities(of: comparison, facts)
        }
        let (left, right) = (sum(of: comparison.left, facts), sum(of: comparison.right, facts))
        let difference = left.adding(right, times: -1)
        switch comparison.predicate {
        case .eq: return [difference, difference.multiplied(by: -1)]
        case .ne:
            let opposite = difference.multiplied(by: -1)
            if isAtMostZero(opposite, facts, depth: 1) { return [opposite.adding(1)] }
            return isAtMostZero(difference, facts, depth: 1) ? [difference.adding(1)] : []
        case .ult: return [difference.adding(1)]
        default: return [difference]
        }
    }

    private func signedInequalities(of comparison: Comparison, _ facts: BlockFacts) -> [Sum] {
        let least: Int128 = comparison.predicate == .slt ? 1 : 0
        var result: [Sum] = []
        let left = signedSum(of: comparison.left, facts)
        if let left, let right = signedSum(of: comparison.right, facts) {
            result.append(left.adding(right, times: -1).adding(least))
        }
        // What is not below something that is not negative is not negative either, so that it is
        // the same as an unsigned number.
        if let left, bounds(of: left, facts).lower >= -least {
            let half: Int128 = 1 << Int128(comparison.left.type.integerWidth! - 1)
            let right = sum(of: comparison.right, facts)
            result.append(right.adding(1 - half))
            result.append(left.adding(right, times: -1).adding(least))
        }
        return result
    }
}

extension IRBuilder.IntegerPredicate {
    /// What holds when this does not.
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
}
