// Comparisons of bytes, made as wide as bytes.
//
// WebAssembly has no integers of 8 or 16 bits: what a compiler loads as a byte is extended and compared
// with a number of 32 bits. LLVM makes the comparison narrow again if it sees that the other side fits,
// which a parameter or a sum does not show. In a vector the difference is four times as many lanes.
//
// sandbox: indifferent. Comparisons get other operands and the same results.

internal import LLVMKit

/// Compares extended bytes and halfwords with values from outside a loop without extending them: the
/// other side is limited to what fits, once, before the loop.
struct NarrowComparisons {
    private let loop: NaturalLoop
    private let builder: IRBuilder
    private let types: IRTypes
    /// Unrolled copies of a comparison must have the same operand, or they are not recognised.
    private var limits: [Comparison: Limit] = [:]

    init(_ loop: NaturalLoop, builder: IRBuilder, types: IRTypes) {
        self.loop = loop
        self.builder = builder
        self.types = types
    }

    mutating func run() {
        for block in loop.blocks {
            for instruction in block.instructions where instruction.opcode == .icmp {
                narrow(instruction)
            }
        }
    }

    /// `extended <= bound`, or its contrary, or `==`.
    private struct Comparison: Hashable {
        let bound: IRValue
        let bits: Int
        let predicate: IRBuilder.IntegerPredicate
    }

    /// What stands for the bound: `extended <= bound` exactly if `isPossible` and
    /// `byte <= value`, the same for `==`.
    private struct Limit {
        let value: IRValue
        /// Nil if it always is.
        let isPossible: IRValue?
    }

    private mutating func narrow(_ comparison: IRInstruction) {
        guard var predicate = comparison.integerPredicate else { return }
        var (left, right) = (comparison.operand(0), comparison.operand(1))
        if loop.inside(left) == nil {
            (left, right) = (right, left)
            predicate = predicate.swapped
        }
        guard loop.inside(right) == nil, right.constantInteger == nil,
            let cast = loop.inside(left), cast.opcode == .zext,
            let bits = cast.operand(0).type.integerWidth, bits == 8 || bits == 16
        else { return }
        let isNegated = predicate.isGreater || predicate == .ne
        let positive = isNegated ? predicate.negated : predicate
        let limit = limit(Comparison(bound: right, bits: bits, predicate: positive))
        builder.position(before: comparison)
        var result = builder.icmp(
            positive == .eq ? .eq : .ule, cast.operand(0), limit.value)
        if let isPossible = limit.isPossible { result = builder.and(result, isPossible) }
        comparison.replaceAllUses(with: isNegated ? builder.not(result) : result)
        comparison.erase()
    }

    /// - Parameter comparison: with the predicate eq, ult, ule, slt or sle.
    private mutating func limit(_ comparison: Comparison) -> Limit {
        if let known = limits[comparison] { return known }
        builder.position(before: loop.preheader.terminator)
        let bound = builder.freeze(comparison.bound)
        let type = bound.type
        let largest = type.constant(UInt64(1) << UInt64(comparison.bits) - 1)
        var (reach, isPossible): (IRValue, IRValue?) = (bound, nil)
        switch comparison.predicate {
        case .ule: break
        case .sle: isPossible = builder.icmp(.sge, bound, type.zero)
        case .ult:
            isPossible = builder.icmp(.ne, bound, type.zero)
            reach = builder.sub(bound, type.constant(1))
        case .slt:
            isPossible = builder.icmp(.sgt, bound, type.zero)
            reach = builder.sub(bound, type.constant(1))
        default: isPossible = builder.icmp(.ule, bound, largest)
        }
        let limited = builder.intrinsic("llvm.umin", overloads: [type], [reach, largest])
        let limit = Limit(
            value: builder.trunc(limited, to: types.integer(bits: comparison.bits)),
            isPossible: isPossible)
        limits[comparison] = limit
        return limit
    }
}

extension IRBuilder.IntegerPredicate {
    fileprivate var isGreater: Bool {
        switch self {
        case .ugt, .uge, .sgt, .sge: true
        case .eq, .ne, .ult, .ule, .slt, .sle: false
        }
    }
}
