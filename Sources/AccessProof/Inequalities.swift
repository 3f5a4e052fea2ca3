// Shows that a sum is at most 0, by adding multiples of what is known to be.

internal import LLVMKit

extension FunctionProof {
    /// Whether a sum is at most 0 wherever these facts hold.
    ///
    /// A sum whose bounds do not show it is split into a multiple of a sum that is known to be at
    /// most 0 and a rest, which then has to be.
    func isAtMostZero(_ sum: Sum, _ facts: BlockFacts, depth: Int) -> Bool {
        guard sum.isModerate else { return false }
        if facts.isContradictory || bounds(of: sum, facts).upper <= 0 { return true }
        effort -= 1
        guard depth > 0, effort > 0 else { return false }
        for (product, factor) in sum.terms {
            // What keeps the sum from being small enough.
            let isHelped = known(about: product, factor, facts) { fact in
                self.budget -= 1
                guard self.budget > 0 else { return false }
                let part = fact.factor(of: product)
                guard part != 0, (part > 0) == (factor > 0), factor % part == 0 else {
                    return false
                }
                let rest = sum.adding(fact, times: -(factor / part))
                return self.isAtMostZero(rest, facts, depth: depth - 1)
            }
            if isHelped { return true }
        }
        return isAtMostZeroEachWay(sum, facts, depth: depth - 1)
    }

    /// The same for each value that a phi in the sum may be, with what was known when control came
    /// to it that way. This is about the values of that time, so the phi must not be in a loop that
    /// begins with it.
    private func isAtMostZeroEachWay(_ sum: Sum, _ facts: BlockFacts, depth: Int) -> Bool {
        guard depth > 0, facts !== everywhere else { return false }
        for term in sum.terms where term.product.second == nil {
            guard let phi = IRInstruction(term.product.first), phi.opcode == .phi,
                let home = flow.numbers[phi.block]
            else { continue }
            let ways = phi.incoming
            let sources = ways.compactMap { flow.numbers[$0.block] }
            guard ways.count <= 4, sources.count == ways.count,
                !sources.contains(where: { flow.dominates(home, $0) })
            else { continue }
            return zip(ways, sources).allSatisfy { way, source in
                let joined = joining(facts, self.facts(onEdgeFrom: source, to: home))
                let replaced = sum.adding(Sum(phi.value), times: -term.factor)
                    .adding(self.sum(of: way.value, joined), times: term.factor)
                return isAtMostZero(replaced, joined, depth: depth)
            }
        }
        return false
    }

    /// Whether one of the sums that are known to be at most 0, and have something to do with a
    /// product, is enough.
    private func known(
        about product: Product, _ factor: Int128, _ facts: BlockFacts,
        _ isEnough: (Sum) -> Bool
    ) -> Bool {
        if facts.contains(where: { $0.factor(of: product) != 0 && isEnough($0) }) { return true }
        guard let second = product.second else {
            return definitions(of: product.first, facts).contains(where: isEnough)
        }
        // What is at most 0 still is if it is multiplied by something that is not negative.
        for (value, other) in [(product.first, second), (second, product.first)] {
            func isEnoughTogether(_ sum: Sum) -> Bool {
                guard sum.factor(of: Product(value)) != 0, let multiple = sum.multiplied(by: other)
                else { return false }
                return isEnough(multiple)
            }
            if definitions(of: value, facts).contains(where: isEnoughTogether)
                || facts.contains(where: isEnoughTogether)
            {
                return true
            }
        }
        return false
    }

    /// Sums that are at most 0 because of how a value is computed.
    private func definitions(of value: IRValue, _ facts: BlockFacts) -> [Sum] {
        guard let instruction = IRInstruction(value),
            (value.type.laneType.integerWidth ?? 65) <= 64
        else { return [] }
        let itself = Sum(value)
        func operand(_ index: Int) -> Sum { sum(of: instruction.operand(index), facts) }
        func isAtMost(_ other: Sum) -> Sum { itself.adding(other, times: -1) }
        func isAtLeast(_ other: Sum) -> Sum { other.adding(itself, times: -1) }
        switch instruction.opcode {
        case .udiv, .lshr:
            guard let divisor = divisor(of: instruction) else { return [isAtMost(operand(0))] }
            let rest = operand(0).adding(itself, times: -divisor)
            return [rest.multiplied(by: -1), rest.adding(1 - divisor)]
        case .urem: return [isAtMost(operand(0)), isAtMost(operand(1)).adding(1)]
        case .trunc: return [isAtMost(operand(0))]
        case .and:
            var result = [isAtMost(operand(0)), isAtMost(operand(1))]
            if let cleared = clearedBits(instruction, facts) {
                result.append(isAtLeast(operand(0)).adding(-cleared))
            }
            return result + relations(ofMask: instruction)
        case .or: return [isAtLeast(operand(0)), isAtLeast(operand(1))]
        case .phi: return movement(ofPhi: instruction)
        case .call:
            guard let name = instruction.intrinsicName else { return [] }
            if name.hasPrefix("llvm.umin.") { return [isAtMost(operand(0)), isAtMost(operand(1))] }
            if name.hasPrefix("llvm.umax.") {
                return [isAtLeast(operand(0)), isAtLeast(operand(1))]
            }
            return name.hasPrefix("llvm.usub.sat.") ? [isAtMost(operand(0))] : []
        default: return []
        }
    }

    /// How a mask of a value goes together with other masks of it: with those whose bits are among
    /// its own, and with two of them that make it up.
    private func relations(ofMask mask: IRInstruction) -> [Sum] {
        let (value, itself) = (mask.operand(0), Sum(mask.value))
        guard let bits = mask.operand(1).constantInteger, !value.isConstant else { return [] }
        var parts: [(bits: UInt64, sum: Sum)] = []
        var result: [Sum] = []
        for user in value.users(upTo: 16) where user.opcode == .and && user != mask {
            guard user.operand(0) == value, let other = user.operand(1).constantInteger,
                flow.numbers[user.block] != nil
            else { continue }
            let part = Sum(user.value)
            if other & ~bits == 0 {
                result.append(part.adding(itself, times: -1))
                parts.append((other, part))
            } else if bits & ~other == 0 {
                result.append(itself.adding(part, times: -1))
            }
        }
        for (index, one) in parts.enumerated() {
            for other in parts.dropFirst(index + 1)
            where one.bits & other.bits == 0 && one.bits | other.bits == bits {
                let difference = itself.adding(one.sum, times: -1).adding(other.sum, times: -1)
                result += [difference, difference.multiplied(by: -1)]
            }
        }
        return result
    }

    /// The largest number that a mask takes away, if it only takes away the lowest bits.
    private func clearedBits(_ mask: IRInstruction, _ facts: BlockFacts) -> Int128? {
        guard let bits = mask.operand(1).constantInteger.map({ Int128($0) }) else { return nil }
        let low = Int128(1) << Int128(bits.trailingZeroBitCount)
        // All bits from there on that may be set remain.
        let isWhole = range(of: mask.operand(0), facts).upper < (bits + low) && bits != 0
        return isWhole && (bits + low) & (bits + low - 1) == 0 ? low - 1 : nil
    }
}
