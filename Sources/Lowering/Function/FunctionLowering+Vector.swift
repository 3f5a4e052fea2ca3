// Vector instructions: constants, memory, lanes and bits (section 4.3.5). Arithmetic is in
// FunctionLowering+VectorInteger.swift and +VectorFloat.swift.
//
// A v128 is an LLVM vector of sixteen bytes; every operator looks at it in its own shape through
// a bitcast, which costs nothing. Wherever LLVM has a general operation it is used, since the
// back ends know their machine; where the machine has an instruction that LLVM does not find in
// the general form, its intrinsic is.

internal import LLVMKit
internal import TargetModel
internal import WasmBinary

extension FunctionLowering {
    mutating func lowerVector(_ instruction: VectorInstruction) {
        switch instruction {
        case .constant(let bytes): stack.push(unit.constant(.v128(bytes)))
        case .load(let argument): stack.push(load(types.v128, argument, size: 16))
        case .loadExtending(let width, let signed, let argument):
            lowerLoadExtending(width, signed: signed, argument)
        case .loadSplat(let width, let argument):
            let value = load(types.integer(bits: width.bitCount), argument, size: width.byteCount)
            pushVector(builder.splat(value, lanes: 16 / Int(width.byteCount)))
        case .loadZero(let width, let argument):
            let value = load(types.integer(bits: width.bitCount), argument, size: width.byteCount)
            let zero = value.type.vector(16 / Int(width.byteCount)).zero
            pushVector(builder.insertElement(zero, value, 0))
        case .loadLane(let width, let argument, let lane):
            let vector = popVector(width.shape)
            let value = load(types.integer(bits: width.bitCount), argument, size: width.byteCount)
            pushVector(builder.insertElement(vector, value, Int(lane)))
        case .store(let argument): store(stack.pop(), argument, size: 16)
        case .storeLane(let width, let argument, let lane):
            let value = builder.extractElement(popVector(width.shape), Int(lane))
            store(value, argument, size: width.byteCount)

        case .shuffle(let bytes):
            let b = stack.pop()
            stack.push(builder.shuffleVector(stack.pop(), b, (0..<16).map { Int(bytes[$0]) }))
        case .swizzle(let relaxed): lowerSwizzle(relaxed: relaxed)
        case .splat(let shape): lowerSplat(shape)
        case .extractLane(let shape, let signed, let lane):
            lowerExtractLane(shape, signed: signed, Int(lane))
        case .replaceLane(let shape, let lane): lowerReplaceLane(shape, Int(lane))

        case .bitwiseNot: stack.push(not(stack.pop()))
        case .bitwise(let operation): lowerBitwise(operation)
        case .bitSelect: lowerBitSelect()
        case .anyTrue:
            let bits = builder.bitcast(stack.pop(), to: types.integer(bits: 128))
            pushBoolean(builder.icmp(.ne, bits, bits.type.zero))
        case .allTrue(let shape):
            let vector = popVector(shape)
            let lanes = builder.icmp(.ne, vector, vector.type.zero)
            pushBoolean(
                builder.intrinsic("llvm.vector.reduce.and", overloads: [lanes.type], [lanes]))
        case .bitMask(let shape):
            let vector = popVector(shape)
            let signs = builder.icmp(.slt, vector, vector.type.zero)
            let bits = builder.bitcast(signs, to: types.integer(bits: shape.laneCount))
            stack.push(builder.zext(bits, to: types.i32))

        case .integerUnary(let shape, let operation): lowerVectorIntegerUnary(shape, operation)
        case .integerBinary(let shape, let operation): lowerVectorIntegerBinary(shape, operation)
        case .integerShift(let shape, let operation): lowerVectorShift(shape, operation)
        case .integerCompare(let shape, let comparison):
            lowerVectorIntegerCompare(shape, comparison)
        case .narrow(let shape, let signed): lowerNarrow(to: shape, signed: signed)
        case .extend(let shape, let half, let signed):
            pushVector(extendHalf(stack.pop(), to: shape, half, signed: signed))
        case .extendedMultiply(let shape, let half, let signed):
            let b = extendHalf(stack.pop(), to: shape, half, signed: signed)
            let a = extendHalf(stack.pop(), to: shape, half, signed: signed)
            pushVector(builder.mul(a, b))
        case .extendedAddPairwise(let shape, let signed):
            pushVector(addPairwise(stack.pop(), to: shape, signed: signed))
        case .dotProduct: lowerDotProduct()

        case .floatUnary(let shape, let operation): lowerVectorFloatUnary(shape, operation)
        case .floatBinary(let shape, let operation): lowerVectorFloatBinary(shape, operation)
        case .floatCompare(let shape, let comparison):
            lowerVectorFloatCompare(shape, comparison)
        case .convert(let conversion): lowerVectorConversion(conversion)
        case .relaxed(let operation): lowerRelaxed(operation)
        }
    }

    // Shapes ---------------------------------------------------------------------------------

    /// The vector type of a shape.
    func vectorType(_ shape: IntegerShape) -> IRType {
        types.integer(bits: shape.laneBitWidth).vector(shape.laneCount)
    }

    /// The vector type of a shape.
    func vectorType(_ shape: FloatShape) -> IRType {
        shape == .f32x4 ? types.f32.vector(4) : types.f64.vector(2)
    }

    func vectorType(_ shape: VectorShape) -> IRType {
        switch shape {
        case .integer(let shape): vectorType(shape)
        case .float(let shape): vectorType(shape)
        }
    }

    mutating func popVector(_ shape: IntegerShape) -> IRValue {
        builder.bitcast(stack.pop(), to: vectorType(shape))
    }

    mutating func popVector(_ shape: FloatShape) -> IRValue {
        builder.bitcast(stack.pop(), to: vectorType(shape))
    }

    /// Pushes a vector of any shape.
    mutating func pushVector(_ vector: IRValue) {
        stack.push(builder.bitcast(vector, to: types.v128))
    }

    // Lanes ----------------------------------------------------------------------------------

    private mutating func lowerLoadExtending(
        _ width: AccessWidth, signed: Bool, _ argument: MemoryArgument
    ) {
        let lanes = 8 / Int(width.byteCount)
        let narrow = load(
            types.integer(bits: width.bitCount).vector(lanes), argument, size: 8)
        let wide = types.integer(bits: 2 * width.bitCount).vector(lanes)
        pushVector(signed ? builder.sext(narrow, to: wide) : builder.zext(narrow, to: wide))
    }

    /// An index above 15 selects zero, on x86-64 when its highest bit is set: adding 0x70 with
    /// saturation sets that bit for just these.
    private mutating func lowerSwizzle(relaxed: Bool) {
        var indices = stack.pop()
        let vector = stack.pop()
        switch unit.target.architecture {
        case .x86_64:
            if !relaxed {
                let bias = builder.splat(types.i8.constant(0x70), lanes: 16)
                indices = builder.intrinsic(
                    "llvm.uadd.sat", overloads: [types.v128], [indices, bias])
            }
            stack.push(builder.intrinsic("llvm.x86.ssse3.pshuf.b.128", [vector, indices]))
        case .aarch64:
            stack.push(
                builder.intrinsic(
                    "llvm.aarch64.neon.tbl1", overloads: [types.v128], [vector, indices]))
        }
    }

    private mutating func lowerSplat(_ shape: VectorShape) {
        var value = stack.pop()
        if case .integer(let shape) = shape, shape.laneBitWidth < 32 {
            value = builder.trunc(value, to: types.integer(bits: shape.laneBitWidth))
        }
        pushVector(builder.splat(value, lanes: shape.laneCount))
    }

    private mutating func lowerExtractLane(_ shape: VectorShape, signed: Bool, _ lane: Int) {
        let vector = builder.bitcast(stack.pop(), to: vectorType(shape))
        let value = builder.extractElement(vector, lane)
        guard case .integer(let shape) = shape, shape.laneBitWidth < 32 else {
            stack.push(value)
            return
        }
        stack.push(
            signed ? builder.sext(value, to: types.i32) : builder.zext(value, to: types.i32))
    }

    private mutating func lowerReplaceLane(_ shape: VectorShape, _ lane: Int) {
        var value = stack.pop()
        if case .integer(let shape) = shape, shape.laneBitWidth < 32 {
            value = builder.trunc(value, to: types.integer(bits: shape.laneBitWidth))
        }
        let vector = builder.bitcast(stack.pop(), to: vectorType(shape))
        pushVector(builder.insertElement(vector, value, lane))
    }

    // Bits -----------------------------------------------------------------------------------

    private func not(_ vector: IRValue) -> IRValue {
        builder.xor(vector, builder.splat(types.i8.constant(-1), lanes: 16))
    }

    private mutating func lowerBitwise(_ operation: VectorBitwiseOperator) {
        let b = stack.pop()
        let a = stack.pop()
        switch operation {
        case .and: stack.push(builder.and(a, b))
        case .andNot: stack.push(builder.and(a, not(b)))
        case .or: stack.push(builder.or(a, b))
        case .xor: stack.push(builder.xor(a, b))
        }
    }

    mutating func lowerBitSelect() {
        let mask = stack.pop()
        let b = stack.pop()
        let a = stack.pop()
        stack.push(builder.or(builder.and(a, mask), builder.and(b, not(mask))))
    }
}

extension AccessWidth {
    /// The width in bytes.
    var byteCount: UInt64 { 1 << UInt64(byteCountLog2) }

    /// The shape whose lanes have this width.
    fileprivate var shape: IntegerShape {
        switch self {
        case .bits8: .i8x16
        case .bits16: .i16x8
        case .bits32: .i32x4
        case .bits64: .i64x2
        }
    }
}
