// Integer arithmetic (section 4.3.2). LLVM leaves division by zero, overflow and large shift
// amounts undefined; WebAssembly defines or traps them all.

internal import LLVMKit
internal import WasmBinary

extension FunctionLowering {
    mutating func lowerIntegerUnary(_ type: IntegerType, _ operation: IntegerUnaryOperator) {
        let value = stack.pop()
        let result = integer(type)
        switch operation {
        case .countLeadingZeros: stack.push(countZeros("llvm.ctlz", value))
        case .countTrailingZeros: stack.push(countZeros("llvm.cttz", value))
        case .countOnes:
            stack.push(builder.intrinsic("llvm.ctpop", overloads: [result], [value]))
        case .extend8: stack.push(extendLow(types.i8, of: value))
        case .extend16: stack.push(extendLow(types.i16, of: value))
        case .extend32: stack.push(extendLow(types.i32, of: value))
        }
    }

    /// The result for zero is the width: LLVM is told that it is not poison.
    private func countZeros(_ intrinsic: StaticString, _ value: IRValue) -> IRValue {
        builder.intrinsic(intrinsic, overloads: [value.type], [value, types.i1.zero])
    }

    private func extendLow(_ narrow: IRType, of value: IRValue) -> IRValue {
        builder.sext(builder.trunc(value, to: narrow), to: value.type)
    }

    mutating func lowerIntegerBinary(_ type: IntegerType, _ operation: IntegerBinaryOperator) {
        let b = stack.pop()
        let a = stack.pop()
        let result: IRValue
        switch operation {
        case .add: result = builder.add(a, b)
        case .subtract: result = builder.sub(a, b)
        case .multiply: result = builder.mul(a, b)
        case .divideSigned: result = divideSigned(a, b, type)
        case .divideUnsigned:
            trap(.integerDivideByZero, if: builder.icmp(.eq, b, b.type.zero))
            result = builder.udiv(a, b)
        case .remainderSigned: result = remainderSigned(a, b)
        case .remainderUnsigned:
            trap(.integerDivideByZero, if: builder.icmp(.eq, b, b.type.zero))
            result = builder.urem(a, b)
        case .and: result = builder.and(a, b)
        case .or: result = builder.or(a, b)
        case .xor: result = builder.xor(a, b)
        case .shiftLeft: result = builder.shl(a, shiftAmount(b, type))
        case .shiftRightSigned: result = builder.ashr(a, shiftAmount(b, type))
        case .shiftRightUnsigned: result = builder.lshr(a, shiftAmount(b, type))
        case .rotateLeft:
            result = builder.intrinsic("llvm.fshl", overloads: [a.type], [a, a, b])
        case .rotateRight:
            result = builder.intrinsic("llvm.fshr", overloads: [a.type], [a, a, b])
        }
        stack.push(result)
    }

    /// Shift amounts count modulo the width.
    private func shiftAmount(_ amount: IRValue, _ type: IntegerType) -> IRValue {
        builder.and(amount, amount.type.constant(type.bitWidth - 1))
    }

    private mutating func divideSigned(
        _ a: IRValue, _ b: IRValue, _ type: IntegerType
    ) -> IRValue {
        trap(.integerDivideByZero, if: builder.icmp(.eq, b, b.type.zero))
        let smallest = a.type.constant(type == .i32 ? Int(Int32.min) : Int.min)
        let overflows = builder.and(
            builder.icmp(.eq, a, smallest), builder.icmp(.eq, b, b.type.constant(-1)))
        trap(.integerOverflow, if: overflows)
        return builder.sdiv(a, b)
    }

    /// The remainder by -1 is always 0, as by 1; LLVM's is undefined where the quotient would
    /// overflow.
    private mutating func remainderSigned(_ a: IRValue, _ b: IRValue) -> IRValue {
        trap(.integerDivideByZero, if: builder.icmp(.eq, b, b.type.zero))
        let isMinusOne = builder.icmp(.eq, b, b.type.constant(-1))
        return builder.srem(a, builder.select(isMinusOne, b.type.constant(1), b))
    }

    /// 128-bit arithmetic (the wide-arithmetic proposal). Operands and results are halves, the
    /// low one first.
    mutating func lowerWideArithmetic(_ operation: WideArithmeticOperator) {
        let wide = types.integer(bits: 128)
        func join(_ low: IRValue, _ high: IRValue) -> IRValue {
            let shifted = builder.shl(builder.zext(high, to: wide), wide.constant(64))
            return builder.or(builder.zext(low, to: wide), shifted)
        }
        let result: IRValue
        switch operation {
        case .add128, .subtract128:
            let halves = stack.pop(4)
            let a = join(halves[0], halves[1])
            let b = join(halves[2], halves[3])
            result = operation == .add128 ? builder.add(a, b) : builder.sub(a, b)
        case .multiplyWideSigned:
            let factors = stack.pop(2).map { builder.sext($0, to: wide) }
            result = builder.mul(factors[0], factors[1])
        case .multiplyWideUnsigned:
            let factors = stack.pop(2).map { builder.zext($0, to: wide) }
            result = builder.mul(factors[0], factors[1])
        }
        stack.push(builder.trunc(result, to: types.i64))
        stack.push(builder.trunc(builder.lshr(result, wide.constant(64)), to: types.i64))
    }

    mutating func lowerIntegerTestZero(_ type: IntegerType) {
        let value = stack.pop()
        pushBoolean(builder.icmp(.eq, value, value.type.zero))
    }

    mutating func lowerIntegerCompare(_ comparison: IntegerComparison) {
        let b = stack.pop()
        let a = stack.pop()
        pushBoolean(builder.icmp(comparison.predicate, a, b))
    }
}

extension IntegerComparison {
    var predicate: IRBuilder.IntegerPredicate {
        switch self {
        case .equal: .eq
        case .notEqual: .ne
        case .lessSigned: .slt
        case .lessUnsigned: .ult
        case .greaterSigned: .sgt
        case .greaterUnsigned: .ugt
        case .lessOrEqualSigned: .sle
        case .lessOrEqualUnsigned: .ule
        case .greaterOrEqualSigned: .sge
        case .greaterOrEqualUnsigned: .uge
        }
    }
}
