// Integer vector arithmetic (section 4.3.5).

internal import LLVMKit
internal import TargetModel
internal import WasmBinary

extension FunctionLowering {
    mutating func lowerVectorIntegerUnary(
        _ shape: IntegerShape, _ operation: VectorIntegerUnaryOperator
    ) {
        let value = popVector(shape)
        switch operation {
        case .absolute:
            // The smallest integer is its own absolute value, not poison.
            pushVector(
                builder.intrinsic("llvm.abs", overloads: [value.type], [value, types.i1.zero]))
        case .negate: pushVector(builder.sub(value.type.zero, value))
        case .countOnes:
            pushVector(builder.intrinsic("llvm.ctpop", overloads: [value.type], [value]))
        }
    }

    mutating func lowerVectorIntegerBinary(
        _ shape: IntegerShape, _ operation: VectorIntegerBinaryOperator
    ) {
        let b = popVector(shape)
        let a = popVector(shape)
        func intrinsic(_ name: StaticString) -> IRValue {
            builder.intrinsic(name, overloads: [a.type], [a, b])
        }
        let result =
            switch operation {
            case .add: builder.add(a, b)
            case .addSaturatingSigned: intrinsic("llvm.sadd.sat")
            case .addSaturatingUnsigned: intrinsic("llvm.uadd.sat")
            case .subtract: builder.sub(a, b)
            case .subtractSaturatingSigned: intrinsic("llvm.ssub.sat")
            case .subtractSaturatingUnsigned: intrinsic("llvm.usub.sat")
            case .multiply: builder.mul(a, b)
            case .minimumSigned: intrinsic("llvm.smin")
            case .minimumUnsigned: intrinsic("llvm.umin")
            case .maximumSigned: intrinsic("llvm.smax")
            case .maximumUnsigned: intrinsic("llvm.umax")
            case .averageUnsigned: average(a, b, shape)
            case .multiplyQ15Saturating: multiplyQ15(a, b, relaxed: false)
            }
        pushVector(result)
    }

    /// (a + b + 1) / 2 in twice the width: the back ends know it as one instruction.
    private func average(_ a: IRValue, _ b: IRValue, _ shape: IntegerShape) -> IRValue {
        let wide = types.integer(bits: 2 * shape.laneBitWidth).vector(shape.laneCount)
        let one = builder.splat(
            types.integer(bits: 2 * shape.laneBitWidth).constant(1), lanes: shape.laneCount)
        let sum = builder.add(builder.zext(a, to: wide), builder.zext(b, to: wide))
        return builder.trunc(builder.lshr(builder.add(sum, one), one), to: a.type)
    }

    /// Fixed-point multiplication with rounding. Only -1 times -1 overflows: AArch64 saturates
    /// it, x86-64 wraps to -1, which is turned over afterwards unless either result will do.
    func multiplyQ15(_ a: IRValue, _ b: IRValue, relaxed: Bool) -> IRValue {
        switch unit.target.architecture {
        case .aarch64:
            return builder.intrinsic("llvm.aarch64.neon.sqrdmulh", overloads: [a.type], [a, b])
        case .x86_64:
            let product = builder.intrinsic("llvm.x86.ssse3.pmul.hr.sw.128", [a, b])
            if relaxed { return product }
            let wrapped = builder.icmp(
                .eq, product, builder.splat(types.i16.constant(0x8000), lanes: 8))
            return builder.xor(product, builder.sext(wrapped, to: a.type))
        }
    }

    mutating func lowerVectorShift(_ shape: IntegerShape, _ operation: VectorShiftOperator) {
        let lane = types.integer(bits: shape.laneBitWidth)
        var amount = builder.and(stack.pop(), types.i32.constant(shape.laneBitWidth - 1))
        if shape.laneBitWidth < 32 { amount = builder.trunc(amount, to: lane) }
        if shape.laneBitWidth > 32 { amount = builder.zext(amount, to: lane) }
        let amounts = builder.splat(amount, lanes: shape.laneCount)
        let value = popVector(shape)
        switch operation {
        case .left: pushVector(builder.shl(value, amounts))
        case .rightSigned: pushVector(builder.ashr(value, amounts))
        case .rightUnsigned: pushVector(builder.lshr(value, amounts))
        }
    }

    mutating func lowerVectorIntegerCompare(
        _ shape: IntegerShape, _ comparison: IntegerComparison
    ) {
        let b = popVector(shape)
        let a = popVector(shape)
        pushVector(builder.sext(builder.icmp(comparison.predicate, a, b), to: a.type))
    }

    // Between widths -------------------------------------------------------------------------

    /// Both operands' lanes with half their width, saturated. The operands are signed, also when
    /// the result is not.
    mutating func lowerNarrow(to shape: IntegerShape, signed: Bool) {
        let source: IntegerShape = shape == .i8x16 ? .i16x8 : .i32x4
        let b = popVector(source)
        let a = popVector(source)
        switch unit.target.architecture {
        case .x86_64:
            let name: StaticString =
                switch (shape == .i8x16, signed) {
                case (true, true): "llvm.x86.sse2.packsswb.128"
                case (true, false): "llvm.x86.sse2.packuswb.128"
                case (false, true): "llvm.x86.sse2.packssdw.128"
                case (false, false): "llvm.x86.sse41.packusdw"
                }
            pushVector(builder.intrinsic(name, [a, b]))
        case .aarch64:
            let half = types.integer(bits: shape.laneBitWidth).vector(shape.laneCount / 2)
            func narrow(_ value: IRValue) -> IRValue {
                builder.intrinsic(
                    signed ? "llvm.aarch64.neon.sqxtn" : "llvm.aarch64.neon.sqxtun",
                    overloads: [half], [value])
            }
            pushVector(
                builder.shuffleVector(narrow(a), narrow(b), Array(0..<shape.laneCount)))
        }
    }

    /// One half of a vector's lanes with twice their width.
    func extendHalf(
        _ vector: IRValue, to shape: IntegerShape, _ half: VectorHalf, signed: Bool
    ) -> IRValue {
        let narrow = builder.bitcast(
            vector, to: types.integer(bits: shape.laneBitWidth / 2).vector(2 * shape.laneCount))
        let first = half == .low ? 0 : shape.laneCount
        let lanes = builder.shuffleVector(
            narrow, narrow, Array(first..<first + shape.laneCount))
        let wide = vectorType(shape)
        return signed ? builder.sext(lanes, to: wide) : builder.zext(lanes, to: wide)
    }

    /// Sums of neighbouring lanes, in twice the width.
    func addPairwise(_ vector: IRValue, to shape: IntegerShape, signed: Bool) -> IRValue {
        let wide = vectorType(shape)
        let narrow = builder.bitcast(
            vector, to: types.integer(bits: shape.laneBitWidth / 2).vector(2 * shape.laneCount))
        switch (unit.target.architecture, shape, signed) {
        case (.aarch64, _, _):
            return builder.intrinsic(
                signed ? "llvm.aarch64.neon.saddlp" : "llvm.aarch64.neon.uaddlp",
                overloads: [wide, narrow.type], [narrow])
        case (.x86_64, .i32x4, true):
            let ones = builder.splat(types.i16.constant(1), lanes: 8)
            return builder.intrinsic("llvm.x86.sse2.pmadd.wd", [narrow, ones])
        case (.x86_64, .i16x8, _):
            // The first operand is unsigned, the second signed.
            let ones = builder.splat(types.i8.constant(1), lanes: 16)
            return builder.intrinsic(
                "llvm.x86.ssse3.pmadd.ub.sw.128", signed ? [ones, narrow] : [narrow, ones])
        case (.x86_64, _, _):
            func extend(_ first: Int) -> IRValue {
                let lanes = builder.shuffleVector(
                    narrow, narrow, Array(stride(from: first, to: 2 * shape.laneCount, by: 2)))
                return signed ? builder.sext(lanes, to: wide) : builder.zext(lanes, to: wide)
            }
            return builder.add(extend(0), extend(1))
        }
    }

    /// i32x4.dot_i16x8_s: products of 16-bit lanes, neighbours added.
    mutating func lowerDotProduct() {
        let b = popVector(.i16x8)
        let a = popVector(.i16x8)
        switch unit.target.architecture {
        case .x86_64: pushVector(builder.intrinsic("llvm.x86.sse2.pmadd.wd", [a, b]))
        case .aarch64:
            func products(_ half: VectorHalf) -> IRValue {
                builder.mul(
                    extendHalf(a, to: .i32x4, half, signed: true),
                    extendHalf(b, to: .i32x4, half, signed: true))
            }
            let (low, high) = (products(.low), products(.high))
            let even = builder.shuffleVector(low, high, [0, 2, 4, 6])
            let odd = builder.shuffleVector(low, high, [1, 3, 5, 7])
            pushVector(builder.add(even, odd))
        }
    }
}
