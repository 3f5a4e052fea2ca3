// Which values of a loop are affine.
//
// sandbox: rests on it that an expression is the program's value, modulo 2^bits, in every iteration.
// Whether it wraps around is not its business but that of the conditions of `VersionCheck`.

internal import LLVMKit

/// Finds the affine expressions of one loop. What it was asked before, it remembers.
final class AffineAnalysis {
    private let loop: NaturalLoop
    private var known: [IRValue: AffineExpression?] = [:]

    init(_ loop: NaturalLoop) {
        self.loop = loop
    }

    /// The value as an affine expression; nil if it is none, or not one that can be seen.
    func expression(_ value: IRValue) -> AffineExpression? {
        guard let bits = value.type.integerWidth, bits <= 64 else { return nil }
        if let known = known[value] { return known }
        // A phi outside the header may lead back to itself.
        known[value] = .some(nil)
        let result = compute(value, bits)
        known[value] = .some(result)
        return result
    }

    private func compute(_ value: IRValue, _ bits: Int) -> AffineExpression? {
        guard let instruction = loop.inside(value) else {
            return AffineExpression(form(ofOutside: value, bits))
        }
        switch instruction.opcode {
        case .phi: return induction(instruction, bits)
        case .add:
            guard let (a, b) = operands(of: instruction) else { return nil }
            return a.adding(b)
        case .or:
            guard instruction.isDisjoint, let (a, b) = operands(of: instruction) else { return nil }
            return a.adding(b)
        case .sub:
            guard let (a, b) = operands(of: instruction) else { return nil }
            return a.adding(b, times: .max)
        case .mul: return product(instruction)
        case .shl:
            guard let amount = instruction.operand(1).constantInteger, amount < UInt64(bits)
            else { return nil }
            return expression(instruction.operand(0))?.multiplied(by: 1 << amount)
        case .trunc:
            return expression(instruction.operand(0))?.truncated(to: bits)
        default: return nil
        }
    }

    private func form(ofOutside value: IRValue, _ bits: Int) -> LinearForm {
        value.constantInteger.map { LinearForm(constant: $0, bits: bits) }
            ?? LinearForm(term: value, bits: bits)
    }

    private func operands(
        of instruction: IRInstruction
    ) -> (AffineExpression, AffineExpression)? {
        guard let a = expression(instruction.operand(0)), let b = expression(instruction.operand(1))
        else { return nil }
        return (a, b)
    }

    private func product(_ instruction: IRInstruction) -> AffineExpression? {
        for (factor, other) in [(1, 0), (0, 1)] {
            let value = instruction.operand(factor)
            guard loop.inside(value) == nil else { continue }
            let expression = expression(instruction.operand(other))
            return value.constantInteger.map { expression?.multiplied(by: $0) }
                ?? expression?.multiplied(by: value)
        }
        return nil
    }

    /// A phi of the header that the loop adds the same to in every iteration.
    private func induction(_ phi: IRInstruction, _ bits: Int) -> AffineExpression? {
        guard phi.block == loop.header, let start = phi.incomingValue(from: loop.preheader),
            let next = phi.incomingValue(from: loop.latch),
            let step = increment(from: phi, to: next, bits)
        else { return nil }
        return expression(start)?.growing(phi.value, by: step)
    }

    /// What is added to a phi on the way to `next`.
    private func increment(
        from phi: IRInstruction, to next: IRValue, _ bits: Int
    ) -> LinearForm? {
        var sum = LinearForm(constant: 0, bits: bits)
        var value = next
        while value != phi.value {
            guard let instruction = loop.inside(value), instruction.operandCount == 2 else {
                return nil
            }
            var (summand, rest) = (instruction.operand(1), instruction.operand(0))
            let isSubtraction = instruction.opcode == .sub
            let isSum =
                instruction.opcode == .add
                || instruction.opcode == .or
                    && instruction.isDisjoint
            guard isSubtraction || isSum else { return nil }
            if isSum, loop.inside(summand) != nil { swap(&summand, &rest) }
            guard loop.inside(summand) == nil else { return nil }
            sum = sum.adding(
                form(ofOutside: summand, bits), times: isSubtraction ? .max : 1)
            value = rest
        }
        return sum
    }
}
