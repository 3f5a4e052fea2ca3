// Floating-point arithmetic (section 4.3.3) and conversions (section 4.3.4).
//
// No fast-math flag is ever set. What remains different between LLVM and WebAssembly is
// signalling NaNs: an arithmetic instruction must return a quiet NaN, but LLVM folds x * 1 and
// the like to x, whatever x is. Where an operand makes such a fold possible, the result goes
// through llvm.canonicalize, which quiets.

internal import LLVMKit
internal import TargetModel
internal import WasmBinary

extension FunctionLowering {
    private func float(_ type: FloatType) -> IRType { type == .f32 ? types.f32 : types.f64 }

    mutating func lowerFloatUnary(_ operation: FloatUnaryOperator) {
        stack.push(floatUnary(operation, stack.pop()))
    }

    mutating func lowerFloatBinary(_ operation: FloatBinaryOperator) {
        let b = stack.pop()
        stack.push(floatBinary(operation, stack.pop(), b))
    }

    /// On scalars and on vectors.
    func floatUnary(_ operation: FloatUnaryOperator, _ value: IRValue) -> IRValue {
        func intrinsic(_ name: StaticString) -> IRValue {
            builder.intrinsic(name, overloads: [value.type], [value])
        }
        return switch operation {
        case .absolute: intrinsic("llvm.fabs")
        case .negate: builder.fneg(value)
        case .ceiling: intrinsic("llvm.ceil")
        case .floor: intrinsic("llvm.floor")
        case .truncate: intrinsic("llvm.trunc")
        case .nearest: intrinsic("llvm.roundeven")
        case .squareRoot: intrinsic("llvm.sqrt")
        }
    }

    /// On scalars and on vectors.
    func floatBinary(_ operation: FloatBinaryOperator, _ a: IRValue, _ b: IRValue) -> IRValue {
        func intrinsic(_ name: StaticString) -> IRValue {
            builder.intrinsic(name, overloads: [a.type], [a, b])
        }
        let result =
            switch operation {
            case .add: builder.fadd(a, b)
            case .subtract: builder.fsub(a, b)
            case .multiply: builder.fmul(a, b)
            case .divide: builder.fdiv(a, b)
            case .minimum: minimumOrMaximum("llvm.minimum", a, b)
            case .maximum: minimumOrMaximum("llvm.maximum", a, b)
            case .copySign: intrinsic("llvm.copysign")
            }
        return mayFoldToOperand(operation, a, b) ? quiet(result) : result
    }

    /// Whether a constant operand is one that lets LLVM replace the operation by its other
    /// operand, or by that one's negation.
    private func mayFoldToOperand(
        _ operation: FloatBinaryOperator, _ a: IRValue, _ b: IRValue
    ) -> Bool {
        func either(_ isNeutral: (Double) -> Bool) -> Bool {
            [a, b].contains { $0.constantFloats.contains(where: isNeutral) }
        }
        switch operation {
        case .add, .subtract: return either { $0 == 0 }
        case .multiply, .divide: return either { abs($0) == 1 }
        // A zero because of the addition that quiets NaNs.
        case .minimum, .maximum: return either { $0.isInfinite || $0 == 0 } || a == b
        case .copySign: return false
        }
    }

    /// AArch64 has both as instructions that quiet a NaN. On x86-64 LLVM picks the NaN operand as
    /// it is; an addition quiets it, and costs no more than LLVM's own selection.
    private func minimumOrMaximum(
        _ name: StaticString, _ a: IRValue, _ b: IRValue
    ) -> IRValue {
        let ordered = builder.intrinsic(name, overloads: [a.type], [a, b])
        switch unit.target.architecture {
        case .aarch64: return ordered
        case .x86_64:
            ordered.setNoNaNs()
            return builder.select(builder.fcmp(.uno, a, b), builder.fadd(a, b), ordered)
        }
    }

    /// Makes a signalling NaN quiet and leaves everything else as it is.
    private func quiet(_ value: IRValue) -> IRValue {
        builder.intrinsic("llvm.canonicalize", overloads: [value.type], [value])
    }

    mutating func lowerFloatCompare(_ comparison: FloatComparison) {
        let b = stack.pop()
        let a = stack.pop()
        pushBoolean(builder.fcmp(comparison.predicate, a, b))
    }

    // Conversions ----------------------------------------------------------------------------

    mutating func lowerConversion(_ conversion: Conversion) {
        let value = stack.pop()
        let result: IRValue
        switch conversion {
        case .wrap: result = builder.trunc(value, to: types.i32)
        case .extend(let signed):
            result =
                signed ? builder.sext(value, to: types.i64) : builder.zext(value, to: types.i64)
        case .truncate(let source, let type, let signed):
            result = truncate(value, source, to: type, signed: signed)
        case .truncateSaturating(_, let type, let signed):
            result = builder.intrinsic(
                signed ? "llvm.fptosi.sat" : "llvm.fptoui.sat",
                overloads: [integer(type), value.type], [value])
        case .convert(_, let type, let signed):
            result =
                signed
                ? builder.sitofp(value, to: float(type)) : builder.uitofp(value, to: float(type))
        case .demote:
            // LLVM folds the demotion of a promotion away, quieting included.
            let demoted = builder.fptrunc(value, to: types.f32)
            result = value.isFloatExtension ? quiet(demoted) : demoted
        case .promote: result = builder.fpext(value, to: types.f64)
        case .reinterpretFloat(let type):
            result = builder.bitcast(value, to: type == .f32 ? types.i32 : types.i64)
        case .reinterpretInteger(let type):
            result = builder.bitcast(value, to: type == .i32 ? types.f32 : types.f64)
        }
        stack.push(result)
    }

    /// Truncation that traps: on NaN, and on values whose integer part does not fit.
    private mutating func truncate(
        _ value: IRValue, _ source: FloatType, to type: IntegerType, signed: Bool
    ) -> IRValue {
        trap(.invalidConversionToInteger, if: builder.fcmp(.uno, value, value))
        let bounds = TruncationBounds(source, type, signed: signed)
        func constant(_ bound: Double) -> IRValue {
            source == .f32
                ? types.constantF32(bits: Float(bound).bitPattern)
                : types.constantF64(bits: bound.bitPattern)
        }
        let tooSmall = builder.fcmp(
            bounds.isLowerInclusive ? .ole : .olt, value, constant(bounds.lower))
        let tooLarge = builder.fcmp(.oge, value, constant(bounds.upper))
        trap(.integerOverflow, if: builder.or(tooSmall, tooLarge))
        return signed
            ? builder.fptosi(value, to: integer(type)) : builder.fptoui(value, to: integer(type))
    }
}

extension FloatComparison {
    var predicate: IRBuilder.FloatPredicate {
        switch self {
        case .equal: .oeq
        case .notEqual: .une
        case .less: .olt
        case .greater: .ogt
        case .lessOrEqual: .ole
        case .greaterOrEqual: .oge
        }
    }
}

/// Which floats do not fit an integer type: those at or above `upper`, and those below `lower`
/// (or at it, where `isLowerInclusive`). All bounds are exact in the source type.
private struct TruncationBounds {
    let lower: Double
    let isLowerInclusive: Bool
    let upper: Double

    init(_ source: FloatType, _ type: IntegerType, signed: Bool) {
        let width = type.bitWidth
        func powerOfTwo(_ exponent: Int) -> Double {
            Double(sign: .plus, exponent: exponent, significand: 1)
        }
        guard signed else {
            (lower, isLowerInclusive, upper) = (-1, true, powerOfTwo(width))
            return
        }
        upper = powerOfTwo(width - 1)
        // The values between -2^(n-1) - 1 and -2^(n-1) truncate to the smallest integer. Only
        // f64 to i32 has any; elsewhere the next float below -2^(n-1) is already out of range.
        let hasFraction = source == .f64 && type == .i32
        lower = hasFraction ? -powerOfTwo(width - 1) - 1 : -powerOfTwo(width - 1)
        isLowerInclusive = hasFraction
    }
}
