// Floating-point vector arithmetic, conversions and relaxed instructions (section 4.3.5 and the
// relaxed-simd part of section 4.3.6).
//
// A relaxed instruction may give one of several results, the same one throughout a run; what is
// chosen here is the machine's own instruction where it is one of them.

internal import LLVMKit
internal import TargetModel
internal import WasmBinary

extension FunctionLowering {
    mutating func lowerVectorFloatUnary(_ shape: FloatShape, _ operation: FloatUnaryOperator) {
        pushVector(floatUnary(operation, popVector(shape)))
    }

    mutating func lowerVectorFloatBinary(
        _ shape: FloatShape, _ operation: VectorFloatBinaryOperator
    ) {
        let b = popVector(shape)
        let a = popVector(shape)
        let result =
            switch operation {
            case .add: floatBinary(.add, a, b)
            case .subtract: floatBinary(.subtract, a, b)
            case .multiply: floatBinary(.multiply, a, b)
            case .divide: floatBinary(.divide, a, b)
            case .minimum: floatBinary(.minimum, a, b)
            case .maximum: floatBinary(.maximum, a, b)
            case .pseudoMinimum: builder.select(builder.fcmp(.olt, b, a), b, a)
            case .pseudoMaximum: builder.select(builder.fcmp(.olt, a, b), b, a)
            }
        pushVector(result)
    }

    mutating func lowerVectorFloatCompare(_ shape: FloatShape, _ comparison: FloatComparison) {
        let b = popVector(shape)
        let a = popVector(shape)
        let lanes = types.integer(bits: shape.laneBitWidth).vector(shape.laneCount)
        pushVector(builder.sext(builder.fcmp(comparison.predicate, a, b), to: lanes))
    }

    // Conversions ----------------------------------------------------------------------------

    mutating func lowerVectorConversion(_ conversion: VectorConversion) {
        switch conversion {
        case .truncateF32(let signed):
            pushVector(truncateSaturating(popVector(.f32x4), signed: signed, lanes: 4))
        case .truncateF64Zero(let signed):
            let half = truncateSaturating(popVector(.f64x2), signed: signed, lanes: 2)
            pushVector(withZeros(half))
        case .convertToF32(let signed):
            pushVector(toFloat(popVector(.i32x4), types.f32.vector(4), signed: signed))
        case .convertLowToF64(let signed):
            let low = lowHalf(popVector(.i32x4))
            pushVector(toFloat(low, types.f64.vector(2), signed: signed))
        case .demoteZero:
            pushVector(withZeros(builder.fptrunc(popVector(.f64x2), to: types.f32.vector(2))))
        case .promoteLow:
            pushVector(builder.fpext(lowHalf(popVector(.f32x4)), to: types.f64.vector(2)))
        }
    }

    private func truncateSaturating(_ value: IRValue, signed: Bool, lanes: Int) -> IRValue {
        builder.intrinsic(
            signed ? "llvm.fptosi.sat" : "llvm.fptoui.sat",
            overloads: [types.i32.vector(lanes), value.type], [value])
    }

    private func toFloat(_ value: IRValue, _ type: IRType, signed: Bool) -> IRValue {
        signed ? builder.sitofp(value, to: type) : builder.uitofp(value, to: type)
    }

    /// Lanes 0 and 1 of a vector of four.
    private func lowHalf(_ vector: IRValue) -> IRValue {
        builder.shuffleVector(vector, vector, [0, 1])
    }

    /// A vector of four lanes from one of two, the others zero.
    private func withZeros(_ half: IRValue) -> IRValue {
        builder.shuffleVector(half, half.type.zero, [0, 1, 2, 3])
    }

    // Relaxed --------------------------------------------------------------------------------

    mutating func lowerRelaxed(_ operation: RelaxedVectorOperator) {
        switch operation {
        case .truncateF32(let signed):
            let value = popVector(.f32x4)
            if signed, unit.target.architecture == .x86_64 {
                pushVector(builder.intrinsic("llvm.x86.sse2.cvttps2dq", [value]))
            } else {
                pushVector(truncateSaturating(value, signed: signed, lanes: 4))
            }
        case .truncateF64Zero(let signed):
            pushVector(
                withZeros(truncateSaturating(popVector(.f64x2), signed: signed, lanes: 2)))
        case .multiplyAdd(let shape): lowerMultiplyAdd(shape, negated: false)
        case .negativeMultiplyAdd(let shape): lowerMultiplyAdd(shape, negated: true)
        case .laneSelect: lowerBitSelect()
        case .minimum(let shape): lowerVectorFloatBinary(shape, .pseudoMinimum)
        case .maximum(let shape): lowerVectorFloatBinary(shape, .pseudoMaximum)
        case .multiplyQ15:
            let b = popVector(.i16x8)
            pushVector(multiplyQ15(popVector(.i16x8), b, relaxed: true))
        case .dotProduct:
            let b = popVector(.i8x16)
            pushVector(relaxedDotProduct(popVector(.i8x16), b))
        case .dotProductAdd:
            let addend = popVector(.i32x4)
            let b = popVector(.i8x16)
            let products = relaxedDotProduct(popVector(.i8x16), b)
            pushVector(builder.add(addPairwise(products, to: .i32x4, signed: true), addend))
        }
    }

    private mutating func lowerMultiplyAdd(_ shape: FloatShape, negated: Bool) {
        let c = popVector(shape)
        let b = popVector(shape)
        var a = popVector(shape)
        if negated { a = builder.fneg(a) }
        if unit.target.hasFusedMultiplyAdd {
            pushVector(builder.intrinsic("llvm.fma", overloads: [a.type], [a, b, c]))
        } else {
            pushVector(builder.fadd(builder.fmul(a, b), c))
        }
    }

    /// Products of signed bytes with bytes of seven bits, neighbours added to 16 bits.
    private func relaxedDotProduct(_ a: IRValue, _ b: IRValue) -> IRValue {
        switch unit.target.architecture {
        case .x86_64:
            // Takes the unsigned operand first.
            return builder.intrinsic("llvm.x86.ssse3.pmadd.ub.sw.128", [b, a])
        case .aarch64:
            func products(_ half: VectorHalf) -> IRValue {
                builder.mul(
                    extendHalf(a, to: .i16x8, half, signed: true),
                    extendHalf(b, to: .i16x8, half, signed: true))
            }
            let (low, high) = (products(.low), products(.high))
            let even = builder.shuffleVector(low, high, Array(stride(from: 0, to: 16, by: 2)))
            let odd = builder.shuffleVector(low, high, Array(stride(from: 1, to: 16, by: 2)))
            return builder.add(even, odd)
        }
    }
}
