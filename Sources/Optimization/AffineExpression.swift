// Integers that grow by the same amount with every iteration of a loop.

internal import LLVMKit

/// `constant + Σ multiplier · term + step · k`, modulo 2^`bits`, in iteration `k` of a loop,
/// counted from 0. Terms are values from outside the loop; wider ones count by their low bits.
struct AffineExpression {
    let bits: Int
    private(set) var terms: [(value: IRValue, multiplier: UInt64)] = []
    private(set) var constant: UInt64
    /// The header's phis that make it grow, with what each adds to itself in an iteration.
    private var growth: [(phi: IRValue, multiplier: UInt64, step: UInt64)] = []

    init(constant: UInt64, bits: Int) {
        self.bits = bits
        self.constant = constant & Self.mask(bits)
    }

    init(term: IRValue, bits: Int) {
        self.init(constant: 0, bits: bits)
        terms = [(term, 1)]
    }

    private static func mask(_ bits: Int) -> UInt64 {
        bits == 64 ? .max : (1 << UInt64(bits)) - 1
    }

    private var mask: UInt64 { Self.mask(bits) }

    /// As a number of `bits` bits.
    var step: UInt64 { growth.reduce(0) { $0 &+ $1.multiplier &* $1.step } & mask }

    /// The step if every phi grew by the `factor`-th part; nil if they cannot.
    func step(dividedBy factor: Int) -> UInt64? {
        var sum: UInt64 = 0
        for (_, multiplier, step) in growth {
            let (quotient, rest) = Int64(bitPattern: step).quotientAndRemainder(
                dividingBy: Int64(factor))
            if rest != 0 { return nil }
            sum &+= multiplier &* UInt64(bitPattern: quotient)
        }
        return sum & mask
    }

    /// The step as a signed number.
    var signedStep: Int64 { signed(step) }

    private func signed(_ value: UInt64) -> Int64 {
        let shift = Int64(64 - bits)
        return (Int64(bitPattern: value) << shift) >> shift
    }

    /// How far `other` is ahead in every iteration; nil if that is not always the same.
    func distance(to other: AffineExpression) -> Int64? {
        guard bits == other.bits, step == other.step, hasSameTerms(as: other) else { return nil }
        return signed((other.constant &- constant) & mask)
    }

    /// Whether `other` is always more by `distance`, modulo 2^`bits`.
    func isBehind(_ other: AffineExpression, by distance: UInt64) -> Bool {
        step == other.step && bits == other.bits && hasSameTerms(as: other)
            && (other.constant &- constant &- distance) & mask == 0
    }

    func hasSameTerms(as other: AffineExpression) -> Bool {
        terms.count == other.terms.count
            && terms.allSatisfy { term in
                other.terms.contains { $0.value == term.value && $0.multiplier == term.multiplier }
            }
    }

    func adding(_ other: AffineExpression, times factor: UInt64 = 1) -> AffineExpression {
        var sum = self
        sum.constant = (constant &+ other.constant &* factor) & mask
        for part in other.growth {
            let multiplier = part.multiplier &* factor
            if let index = sum.growth.firstIndex(where: { $0.phi == part.phi }) {
                sum.growth[index].multiplier &+= multiplier
            } else {
                sum.growth.append((part.phi, multiplier, part.step))
            }
        }
        for term in other.terms {
            let multiplier = term.multiplier &* factor & mask
            if let index = sum.terms.firstIndex(where: { $0.value == term.value }) {
                sum.terms[index].multiplier = (sum.terms[index].multiplier &+ multiplier) & mask
            } else {
                sum.terms.append((term.value, multiplier))
            }
        }
        sum.terms.removeAll { $0.multiplier == 0 }
        return sum
    }

    func multiplied(by factor: UInt64) -> AffineExpression {
        AffineExpression(constant: 0, bits: bits).adding(self, times: factor)
    }

    /// What a phi of the header is that begins as this and adds `step`, a signed number.
    func growing(_ phi: IRValue, by step: UInt64) -> AffineExpression {
        var copy = self
        copy.growth.append((phi, 1, step))
        return copy
    }

    /// The low bits.
    func truncated(to bits: Int) -> AffineExpression {
        var result = AffineExpression(constant: constant, bits: bits)
        result.growth = growth
        result.terms = terms.map { ($0.value, $0.multiplier & Self.mask(bits)) }
        result.terms.removeAll { $0.multiplier == 0 }
        return result
    }

    /// The value, if it is the same constant in every iteration.
    var constantValue: UInt64? { terms.isEmpty && step == 0 ? constant : nil }

    /// Emits the value in iteration 0.
    func start(_ builder: IRBuilder, _ types: IRTypes) -> IRValue {
        let type = types.integer(bits: bits)
        var sum: IRValue?
        for term in terms {
            var value = term.value
            if value.type != type { value = builder.trunc(value, to: type) }
            if term.multiplier != 1 { value = builder.mul(value, type.constant(term.multiplier)) }
            sum = sum.map { builder.add($0, value) } ?? value
        }
        guard let sum else { return type.constant(constant) }
        return constant == 0 ? sum : builder.add(sum, type.constant(constant))
    }

    /// Emits the value in iteration `iteration`, an i64.
    func value(in iteration: IRValue, _ builder: IRBuilder, _ types: IRTypes) -> IRValue {
        let start = start(builder, types)
        if step == 0 { return start }
        let type = types.integer(bits: bits)
        let count = bits < 64 ? builder.trunc(iteration, to: type) : iteration
        return builder.add(start, builder.mul(count, type.constant(step)))
    }
}

/// Finds the affine expressions of one loop. What it was asked before, it remembers.
struct AffineAnalysis {
    private let loop: InnermostLoop
    private var known: [IRValue: AffineExpression?] = [:]

    init(_ loop: InnermostLoop) {
        self.loop = loop
    }

    /// The value as an affine expression; nil if it is none, or not one that can be seen.
    mutating func expression(_ value: IRValue) -> AffineExpression? {
        guard let bits = value.type.integerWidth, bits <= 64 else { return nil }
        if let known = known[value] { return known }
        // A phi outside the header may lead back to itself.
        known[value] = .some(nil)
        let result = compute(value, bits)
        known[value] = .some(result)
        return result
    }

    private mutating func compute(_ value: IRValue, _ bits: Int) -> AffineExpression? {
        if let constant = value.constantInteger {
            return AffineExpression(constant: constant, bits: bits)
        }
        guard let instruction = loop.inside(value) else {
            return AffineExpression(term: value, bits: bits)
        }
        switch instruction.opcode {
        case .phi: return induction(instruction)
        case .add:
            guard let (a, b) = operands(of: instruction) else { return nil }
            return a.adding(b)
        case .or:
            guard instruction.isDisjoint, let (a, b) = operands(of: instruction) else { return nil }
            return a.adding(b)
        case .sub:
            guard let (a, b) = operands(of: instruction) else { return nil }
            return a.adding(b, times: .max)
        case .mul:
            guard let factor = instruction.operand(1).constantInteger else { return nil }
            return expression(instruction.operand(0))?.multiplied(by: factor)
        case .shl:
            guard let amount = instruction.operand(1).constantInteger, amount < UInt64(bits)
            else { return nil }
            return expression(instruction.operand(0))?.multiplied(by: 1 << amount)
        case .trunc:
            return expression(instruction.operand(0))?.truncated(to: bits)
        default: return nil
        }
    }

    private mutating func operands(
        of instruction: IRInstruction
    ) -> (AffineExpression, AffineExpression)? {
        guard let a = expression(instruction.operand(0)), let b = expression(instruction.operand(1))
        else { return nil }
        return (a, b)
    }

    /// A phi of the header that the loop adds a constant to.
    private mutating func induction(_ phi: IRInstruction) -> AffineExpression? {
        guard phi.block == loop.header, let start = phi.incomingValue(from: loop.preheader),
            let next = phi.incomingValue(from: loop.latch), let step = increment(from: phi, to: next)
        else { return nil }
        return expression(start)?.growing(phi.value, by: step)
    }

    /// What is added to a phi on the way to `next`, as a signed number.
    private func increment(from phi: IRInstruction, to next: IRValue) -> UInt64? {
        var sum: Int64 = 0
        var value = next
        while value != phi.value {
            guard let instruction = loop.inside(value), instruction.operandCount == 2,
                let constant = instruction.operand(1).signedConstant
            else { return nil }
            switch instruction.opcode {
            case .add: sum &+= constant
            case .or where instruction.isDisjoint: sum &+= constant
            case .sub: sum &-= constant
            default: return nil
            }
            value = instruction.operand(0)
        }
        return UInt64(bitPattern: sum)
    }
}

extension IRValue {
    /// The value of a constant integer of at most 64 bits, sign-extended.
    fileprivate var signedConstant: Int64? {
        guard let constant = constantInteger, let bits = type.integerWidth else { return nil }
        let shift = Int64(64 - bits)
        return (Int64(bitPattern: constant) << shift) >> shift
    }
}
