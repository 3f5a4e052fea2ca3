// What a value is as an unsigned integer: a sum of products of others, and bounds.
//
// A sum stands for the value itself, not for the value modulo a power of two: where an operation
// could wrap around, its result is a number of its own, about which only its width is known.

internal import LLVMKit

extension FunctionProof {
    /// The number that an integer of at most 64 bits is.
    func sum(of value: IRValue, _ facts: BlockFacts) -> Sum {
        if let number = value.constantInteger, (value.type.integerWidth ?? 65) <= 64 {
            return Sum(Int128(number))
        }
        guard value.kind == .instruction, let instruction = IRInstruction(value) else {
            return Sum(value)
        }
        if let known = facts.sums[value] { return known }
        facts.sums[value] = Sum(value)
        let result = nested { findSum(of: instruction, facts) } ?? Sum(value)
        facts.sums[value] = result
        return result
    }

    /// Nil if a value is a number of its own.
    private func findSum(of instruction: IRInstruction, _ facts: BlockFacts) -> Sum? {
        let opcode = instruction.opcode
        func operand(_ index: Int) -> Sum { sum(of: instruction.operand(index), facts) }
        let width = instruction.value.type.laneType.integerWidth ?? 0
        guard width > 0, width <= 64 else { return nil }
        func unlessWrapped(_ sum: Sum?) -> Sum? {
            guard let sum, sum.isModerate else { return nil }
            if isInside(sum, bits: width, facts) { return sum }
            // The other way round: minus a constant is what adding a large one means.
            let turn: Int128 = 1 << Int128(width)
            let other = sum.adding(sum.constant > 0 ? -turn : turn)
            return isInside(other, bits: width, facts) ? other : nil
        }
        switch opcode {
        case .zext: return operand(0)
        case .trunc where (instruction.operand(0).type.laneType.integerWidth ?? 65) <= 64:
            let known = operand(0)
            return isInside(known, bits: width, facts) ? known : nil
        case .sext:
            let narrow = instruction.operand(0).type.laneType.integerWidth ?? 1
            let known = operand(0)
            return isInside(known, bits: narrow - 1, facts) ? known : nil
        case .add: return unlessWrapped(operand(0).adding(operand(1)))
        case .sub: return unlessWrapped(operand(0).adding(operand(1), times: -1))
        case .mul: return unlessWrapped(operand(0).multiplied(by: operand(1)))
        case .shl:
            guard let count = instruction.operand(1).constantInteger, count < width else {
                return nil
            }
            return unlessWrapped(operand(0).multiplied(by: 1 << Int128(count)))
        case .or:
            if haveNoCommonBits(instruction.operand(0), instruction.operand(1), facts) {
                return operand(0).adding(operand(1))
            }
            return otherBits(of: instruction)
        case .freeze:
            return isDefined(instruction.operand(0)) ? operand(0) : nil
        case .lshr, .udiv: return quotient(instruction, facts)
        case .bitcast: return nil
        default: return nil
        }
    }

    /// An `or` with a constant, as the constant and what else a mask leaves of the number, if there
    /// is such a mask.
    private func otherBits(of union: IRInstruction) -> Sum? {
        let value = union.operand(0)
        guard let bits = union.operand(1).constantInteger, !value.isConstant,
            let width = union.type.integerWidth, width <= 64
        else { return nil }
        let others = ~bits & (UInt64.max >> UInt64(64 - width))
        let mask = value.users(upTo: 16).first {
            $0.opcode == .and && $0.operand(0) == value && flow.numbers[$0.block] != nil
                && $0.operand(1).constantInteger == others
        }
        return mask.map { Sum($0.value).adding(Int128(bits)) }
    }

    /// A quotient without a rest.
    private func quotient(_ instruction: IRInstruction, _ facts: BlockFacts) -> Sum? {
        guard let divisor = divisor(of: instruction) else { return nil }
        let dividend = sum(of: instruction.operand(0), facts)
        guard dividend.constant % divisor == 0,
            dividend.terms.allSatisfy({ $0.factor % divisor == 0 })
        else { return nil }
        var result = Sum(dividend.constant / divisor)
        for (product, factor) in dividend.terms {
            var term = Sum(product.first)
            if let second = product.second { term = term.multiplied(by: second) ?? term }
            result.add(term, times: factor / divisor)
        }
        return result
    }

    /// What a division or a shift to the right divides by.
    func divisor(of instruction: IRInstruction) -> Int128? {
        guard let number = instruction.operand(1).constantInteger else { return nil }
        if instruction.opcode == .udiv { return number == 0 ? nil : Int128(number) }
        let width = instruction.value.type.laneType.integerWidth ?? 0
        return instruction.opcode == .lshr && number < width ? 1 << Int128(number) : nil
    }

    /// Whether a sum is a number of so many bits.
    func isInside(_ sum: Sum, bits: Int, _ facts: BlockFacts) -> Bool {
        if Bounds(bits: bits).contains(bounds(of: sum, facts)) { return true }
        if facts === everywhere || isCoarse { return false }
        let limit: Int128 = 1 << Int128(bits)
        return isAtMostZero(sum.multiplied(by: -1), facts, depth: 2)
            && isAtMostZero(sum.adding(1 - limit), facts, depth: 2)
    }

    /// Whether no bit is set in both numbers.
    private func haveNoCommonBits(_ a: IRValue, _ b: IRValue, _ facts: BlockFacts) -> Bool {
        let (one, other) = (sum(of: a, facts), sum(of: b, facts))
        func isBelowZeros(_ low: Sum, _ high: Sum) -> Bool {
            let upper = bounds(of: low, facts).upper
            return upper < 1 << Int128(trailingZeros(of: high))
        }
        return isBelowZeros(one, other) || isBelowZeros(other, one)
    }

    /// So many of the lowest bits of a sum are zero at least.
    func trailingZeros(of sum: Sum) -> Int {
        var zeros = sum.constant == 0 ? 64 : min(64, sum.constant.trailingZeroBitCount)
        for (product, factor) in sum.terms {
            var count = min(64, factor.trailingZeroBitCount)
            count += trailingZeros(of: product.first)
            if let second = product.second { count += trailingZeros(of: second) }
            zeros = min(zeros, count)
        }
        return zeros
    }

    /// - Parameter depth: so many operations are looked at on the way to each operand.
    private func trailingZeros(of value: IRValue, depth: Int = 6) -> Int {
        if let number = value.constantInteger {
            return number == 0 ? 64 : number.trailingZeroBitCount
        }
        guard depth > 0, let instruction = IRInstruction(value) else { return 0 }
        func operand(_ index: Int) -> Int {
            trailingZeros(of: instruction.operand(index), depth: depth - 1)
        }
        switch instruction.opcode {
        case .and: return max(operand(0), operand(1))
        case .add, .sub, .or: return min(operand(0), operand(1))
        case .select: return min(operand(1), operand(2))
        case .shl:
            let count = instruction.operand(1).constantInteger.map { Int(min(63, $0)) } ?? 0
            return min(64, operand(0) + count)
        case .zext: return operand(0)
        case .phi:
            // By induction: what it begins with, and what is added to it.
            guard instruction.operandCount <= Self.mostWays else { return 0 }
            return instruction.incoming.reduce(64) { zeros, incoming in
                let next = IRInstruction(incoming.value)
                let isMoved = next?.opcode == .add && next?.operand(0) == value
                let part = isMoved ? next!.operand(1) : incoming.value
                return zeros == 0 ? 0 : min(zeros, trailingZeros(of: part, depth: depth / 2))
            }
        default: return 0
        }
    }

    /// The signed number that an integer is; nil if that is no sum that is known.
    func signedSum(of value: IRValue, _ facts: BlockFacts) -> Sum? {
        guard let width = value.type.integerWidth, width <= 64 else { return nil }
        let half: Int128 = 1 << Int128(width - 1)
        if let number = value.constantInteger {
            return Sum(Int128(number) < half ? Int128(number) : Int128(number) - 2 * half)
        }
        let signed = Bounds(-half, half - 1)
        // Modulo 2^64, and small enough to be the number itself.
        let candidate = width == 64 ? linear(value, facts, 0) : sum(of: value, facts)
        if signed.contains(bounds(of: candidate, facts)) { return candidate }
        return range(of: value, facts).upper < half ? sum(of: value, facts) : nil
    }

    // Bounds ---------------------------------------------------------------------------------

    /// Between which numbers a sum lies.
    func bounds(of sum: Sum, _ facts: BlockFacts) -> Bounds {
        var result = Bounds(sum.constant, sum.constant)
        for (product, factor) in sum.terms {
            var known = bounds(of: product.first, facts)
            // What is known contradicts itself: control never comes here, and everything holds.
            if known.isEmpty { return Bounds(0, -Sum.limit) }
            if let second = product.second {
                let other = bounds(of: second, facts)
                if other.isEmpty { return Bounds(0, -Sum.limit) }
                (known.lower, known.upper) = (
                    known.lower.saturatingProduct(other.lower),
                    known.upper.saturatingProduct(other.upper)
                )
            }
            let ends = [
                known.lower.saturatingProduct(factor), known.upper.saturatingProduct(factor),
            ]
            result.lower = result.lower.saturatingSum(factor > 0 ? ends[0] : ends[1])
            result.upper = result.upper.saturatingSum(factor > 0 ? ends[1] : ends[0])
        }
        return result
    }

    /// Between which numbers the sum lies that a value is.
    func range(of value: IRValue, _ facts: BlockFacts) -> Bounds {
        var result = bounds(of: sum(of: value, facts), facts)
        let all = Bounds(bits: value.type.laneType.integerWidth ?? 64)
        result.lower = max(result.lower, all.lower)
        result.upper = min(result.upper, all.upper)
        return result
    }

    /// Between which numbers a value lies that is a number of its own.
    func bounds(of value: IRValue, _ facts: BlockFacts) -> Bounds {
        if let known = facts.knownBounds[value] { return known }
        let width = value.type.laneType.integerWidth ?? 64
        let all = Bounds(bits: width)
        // Meanwhile.
        facts.knownBounds[value] = all
        var result = all
        if width > 64 {
            // No more is asked for than that it is not negative.
        } else if let instruction = IRInstruction(value) {
            result = nested { findBounds(of: instruction, facts) } ?? all
        } else if value.kind == .argument {
            result = context.bounds(ofParameter: value)
        } else if let lanes = value.constantLanes {
            result = bounds(ofLanes: lanes) ?? all
        }
        result = facts.narrow(value, all.contains(result) ? result : all)
        facts.knownBounds[value] = result
        return result
    }

    private func bounds(ofLanes lanes: [IRValue]) -> Bounds? {
        var result: Bounds?
        for lane in lanes {
            guard let number = lane.constantInteger.map({ Int128($0) }) else { return nil }
            result = result?.union(Bounds(number, number)) ?? Bounds(number, number)
        }
        return result
    }

    private func findBounds(of instruction: IRInstruction, _ facts: BlockFacts) -> Bounds? {
        func operand(_ index: Int) -> Bounds { range(of: instruction.operand(index), facts) }
        let width = instruction.value.type.laneType.integerWidth ?? 64
        switch instruction.opcode {
        case .and: return Bounds(0, min(operand(0).upper, operand(1).upper))
        case .or:
            let (a, b) = (operand(0), operand(1))
            return Bounds(max(a.lower, b.lower), max(a.upper, b.upper).withAllBits)
        case .xor: return Bounds(0, max(operand(0).upper, operand(1).upper).withAllBits)
        case .udiv, .lshr:
            let dividend = operand(0)
            guard let divisor = divisor(of: instruction) else { return Bounds(0, dividend.upper) }
            return Bounds(dividend.lower / divisor, dividend.upper / divisor)
        case .urem:
            let divisor = operand(1).upper
            return Bounds(0, min(operand(0).upper, max(0, divisor - 1)))
        case .select:
            let condition = instruction.operand(0)
            guard open.count < Self.mostOpen, open.insert(instruction.value).inserted else {
                return nil
            }
            defer { open.remove(instruction.value) }
            func arm(_ index: Int, _ truth: Bool) -> Bounds {
                if condition.type.isVector { return operand(index) }
                let facts = assuming(condition, is: truth, facts)
                return range(of: instruction.operand(index), facts)
            }
            return arm(1, true).union(arm(2, false))
        case .phi: return bounds(ofPhi: instruction)
        case .load: return largestLoad(instruction).map { Bounds(0, Int128($0)) }
        case .call: return bounds(ofCall: instruction, width, operand)
        default: return nil
        }
    }

    /// More values of a phi are not looked at where each of them is followed far.
    private static let mostWays = 8
    /// Choices between values that are looked at within one another.
    private static let mostOpen = 6

    private func bounds(
        ofCall call: IRInstruction, _ width: Int, _ operand: (Int) -> Bounds
    ) -> Bounds? {
        guard let name = call.intrinsicName else { return nil }
        func isCalled(_ word: String) -> Bool { name.hasPrefix("llvm.\(word).") }
        if isCalled("ctpop") { return Bounds(0, Int128(width)) }
        if isCalled("ctlz") || isCalled("cttz") {
            // What some processors give for zero, if the call says that there is none, is anything.
            return call.operand(1).constantInteger == 0 ? Bounds(0, Int128(width)) : nil
        }
        let words = ["umin", "umax", "usub.sat"]
        guard words.contains(where: isCalled) else { return nil }
        let (a, b) = (operand(0), operand(1))
        if isCalled("umin") { return Bounds(min(a.lower, b.lower), min(a.upper, b.upper)) }
        if isCalled("umax") { return Bounds(max(a.lower, b.lower), max(a.upper, b.upper)) }
        return Bounds(0, a.upper)
    }

    /// What any value that may come to a phi is: those that come from elsewhere, also through other
    /// phis. What is made from the phi itself can be any number.
    private func bounds(ofPhi phi: IRInstruction) -> Bounds? {
        guard open.count < Self.mostOpen, open.insert(phi.value).inserted else { return nil }
        defer { open.remove(phi.value) }
        var result: Bounds?
        var seen: Set<IRValue> = [phi.value]
        var phis = [phi]
        while let next = phis.popLast() {
            guard seen.count < 64, let target = flow.numbers[next.block] else { return nil }
            for (value, block) in next.incoming {
                guard let source = flow.numbers[block] else { continue }
                if let other = IRInstruction(value), other.opcode == .phi {
                    if seen.insert(value).inserted { phis.append(other) }
                    continue
                }
                let facts = facts(onEdgeFrom: source, to: target)
                let known = range(of: value, facts)
                result = result?.union(known) ?? known
            }
        }
        return result
    }
}

extension Int128 {
    /// The product; numbers that do not occur are as large as sums can add up.
    fileprivate func saturatingProduct(_ other: Int128) -> Int128 {
        let limit = Bounds.unlimited
        let (product, overflow) = multipliedReportingOverflow(by: other)
        if overflow || product.magnitude > limit.magnitude {
            return (self < 0) == (other < 0) ? limit : -limit
        }
        return product
    }

    fileprivate func saturatingSum(_ other: Int128) -> Int128 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The largest number that has no more bits.
    fileprivate var withAllBits: Int128 {
        self <= 0 ? 0 : (1 << Int128(128 - leadingZeroBitCount)) - 1
    }
}
