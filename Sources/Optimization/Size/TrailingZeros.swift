// Counting trailing zeros where a program does it with shifts, because it had no instruction for it
// when it was written. The allocator that nearly every C program has (dlmalloc) does it three times.
//
// sandbox: indifferent. Numbers get other expressions of the same value.

internal import LLVMKit

/// Recognises expressions that count the bits below the lowest one that is set.
///
/// `(x & -x) - 1` has only 33 values: the lowest `n` bits set and no other, where `n` is the number of
/// trailing zeros of `x`. An expression of nothing but such a mask is the count if it is that for each
/// of the 33, however it is written.
struct TrailingZeros {
    let builder: IRBuilder
    let types: IRTypes

    func run(on function: IRFunction) {
        for instruction in function.blocks.flatMap(\.instructions) {
            guard instruction.opcode == .add, instruction.type.integerWidth == 32,
                let shift = instruction.operands.lazy.compactMap(IRInstruction.init).first(
                    where: { $0.opcode == .lshr }),
                let mask = origin(of: shift), let counted = counted(by: mask),
                countsBits(instruction, of: mask)
            else { continue }
            builder.position(before: instruction)
            let count = builder.intrinsic(
                "llvm.cttz", overloads: [counted.type], [counted, types.i1.zero])
            instruction.replaceAllUses(with: count)
        }
    }

    /// What is shifted to the right, again and again.
    private func origin(of shift: IRInstruction) -> IRInstruction? {
        var value = shift
        while value.opcode == .lshr {
            guard let next = IRInstruction(value.operand(0)) else { return nil }
            value = next
        }
        return value
    }

    /// `x`, if a value is `(x & -x) - 1`, or the same as `~x & (x - 1)`.
    private func counted(by mask: IRInstruction) -> IRValue? {
        if mask.opcode == .add {
            guard let lowest = variable(of: mask).flatMap(IRInstruction.init),
                lowest.opcode == .and
            else { return nil }
            return lowest.operands.first { value in
                lowest.operands.contains { isNegation($0, of: value) }
            }
        }
        guard mask.opcode == .and else { return nil }
        let operands = mask.operands.compactMap(IRInstruction.init)
        guard let flipped = operands.first(where: { $0.opcode == .xor }),
            let less = operands.first(where: { $0.opcode == .add }),
            let value = variable(of: flipped), value == variable(of: less)
        else { return nil }
        return value
    }

    /// What -1 is added to, or what is flipped.
    private func variable(of operation: IRInstruction) -> IRValue? {
        let allOnes = UInt64(UInt32.max)
        guard operation.operand(1).constantInteger == allOnes else { return nil }
        return operation.operand(0)
    }

    private func isNegation(_ value: IRValue, of other: IRValue) -> Bool {
        guard let difference = IRInstruction(value), difference.opcode == .sub else { return false }
        return difference.operand(0).constantInteger == 0 && difference.operand(1) == other
    }

    /// Whether a value is the number of bits of each value that a mask can have.
    private func countsBits(_ value: IRInstruction, of mask: IRInstruction) -> Bool {
        (0...32).allSatisfy { count in
            let bits = UInt32.max >> (32 - UInt32(count))
            var evaluation = Evaluation(mask: mask, bits: bits)
            return evaluation.result(of: value.value) == UInt32(count)
        }
    }
}

/// The value of an expression of one mask.
private struct Evaluation {
    let mask: IRInstruction
    let bits: UInt32
    private var known: [IRInstruction: UInt32] = [:]
    /// How many more operations are looked at. Counting takes some twenty.
    private var remaining = 64

    init(mask: IRInstruction, bits: UInt32) {
        self.mask = mask
        self.bits = bits
    }

    /// Nil for what also depends on something else, or has no value for this mask.
    mutating func result(of value: IRValue) -> UInt32? {
        if let constant = value.constantInteger { return UInt32(truncatingIfNeeded: constant) }
        guard let instruction = IRInstruction(value) else { return nil }
        if instruction == mask { return bits }
        if let result = known[instruction] { return result }
        guard remaining > 0, instruction.type.integerWidth == 32, instruction.operandCount == 2
        else { return nil }
        remaining -= 1
        guard let a = result(of: instruction.operand(0)),
            let b = result(of: instruction.operand(1)),
            let result = Self.apply(instruction.opcode, a, b)
        else { return nil }
        known[instruction] = result
        return result
    }

    private static func apply(_ opcode: IRInstruction.Opcode, _ a: UInt32, _ b: UInt32) -> UInt32? {
        switch opcode {
        case .add: a &+ b
        case .sub: a &- b
        case .and: a & b
        case .or: a | b
        case .xor: a ^ b
        case .shl: b < 32 ? a << b : nil
        case .lshr: b < 32 ? a >> b : nil
        default: nil
        }
    }
}

extension Pass {
    /// Replaces shifts that count trailing zeros.
    public static let trailingZeros = functions("trailing-zeros") { module, _ in
        TrailingZeros(builder: module.builder, types: module.types).run
    }
}
