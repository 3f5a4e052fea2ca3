// An instruction as the decoder hands it out (WebAssembly 3.0, section 2.4).
//
// The outer cases are what a consumer dispatches on; operators of one shape share a case and
// differ in a payload. Nothing here has a `default:` to fall into: a new opcode breaks the build
// of every consumer until it is dealt with. Payloads are trivial, so that copying an instruction
// never touches a reference count; variable-length immediates (the labels of br_table, the
// clauses of try_table) stay in the module's bytes and are read when they are asked for.

public import WasmTypes

/// One instruction with its immediates.
public enum Instruction: Hashable, Sendable {
    // Control
    case unreachable
    case nop
    case block(BlockType)
    case loop(BlockType)
    case `if`(BlockType)
    case `else`
    case end
    case branch(LabelIndex)
    case branchIf(LabelIndex)
    case branchTable(BranchTable)
    case `return`
    case call(FunctionIndex)
    case callIndirect(type: TypeIndex, table: TableIndex)
    case callReference(TypeIndex)
    case returnCall(FunctionIndex)
    case returnCallIndirect(type: TypeIndex, table: TableIndex)
    case returnCallReference(TypeIndex)
    case branchOnNull(LabelIndex)
    case branchOnNonNull(LabelIndex)
    case branchOnCast(CastBranch)
    case branchOnCastFail(CastBranch)
    case `throw`(TagIndex)
    case throwReference
    case tryTable(BlockType, CatchClauses)

    // Control, of the encoding of exceptions that came before try_table
    case `try`(BlockType)
    case `catch`(TagIndex)
    case catchAll
    case rethrow(LabelIndex)
    /// Closes a try like end; the label is counted from outside of it.
    case delegate(LabelIndex)

    // Parametric
    case drop
    case select
    /// With the type of its operands. A module that names more or fewer than one is refused.
    case selectTyped(ValueType)

    // Variables
    case localGet(LocalIndex)
    case localSet(LocalIndex)
    case localTee(LocalIndex)
    case globalGet(GlobalIndex)
    case globalSet(GlobalIndex)

    // Tables
    case tableGet(TableIndex)
    case tableSet(TableIndex)
    case tableSize(TableIndex)
    case tableGrow(TableIndex)
    case tableFill(TableIndex)
    case tableCopy(destination: TableIndex, source: TableIndex)
    case tableInit(ElementIndex, table: TableIndex)
    case elementDrop(ElementIndex)

    // Memory
    case load(LoadOperation, MemoryArgument)
    case store(StoreOperation, MemoryArgument)
    case memorySize(MemoryIndex)
    case memoryGrow(MemoryIndex)
    case memoryFill(MemoryIndex)
    case memoryCopy(destination: MemoryIndex, source: MemoryIndex)
    case memoryInit(DataIndex, memory: MemoryIndex)
    case dataDrop(DataIndex)
    case atomic(AtomicInstruction)

    // Numbers
    case i32Const(Int32)
    case i64Const(Int64)
    /// The bit pattern, so that NaN payloads survive.
    case f32Const(UInt32)
    /// The bit pattern, so that NaN payloads survive.
    case f64Const(UInt64)
    case integerUnary(IntegerType, IntegerUnaryOperator)
    case integerBinary(IntegerType, IntegerBinaryOperator)
    case integerTestZero(IntegerType)
    case integerCompare(IntegerType, IntegerComparison)
    case floatUnary(FloatType, FloatUnaryOperator)
    case floatBinary(FloatType, FloatBinaryOperator)
    case floatCompare(FloatType, FloatComparison)
    case convert(Conversion)
    case wideArithmetic(WideArithmeticOperator)

    // Vectors
    case vector(VectorInstruction)

    // References
    case refNull(HeapType)
    case refIsNull
    case refFunction(FunctionIndex)
    case refAsNonNull
    case refEqual
    case refTest(ReferenceType)
    case refCast(ReferenceType)
    case aggregate(AggregateInstruction)
}

// Immediates --------------------------------------------------------------------------------

/// The type of a structured control instruction (section 5.3.6).
public enum BlockType: Hashable, Sendable {
    case empty
    case value(ValueType)
    case function(TypeIndex)
}

/// Where in a memory an instruction reads or writes (section 5.4.6).
public struct MemoryArgument: Hashable, Sendable {
    /// Added to the address operand without wrapping. In bytes.
    public var offset: UInt64
    public var memory: MemoryIndex
    /// A promise about performance only (but checked for atomics): log2 of bytes.
    public var alignmentLog2: UInt8

    public init(offset: UInt64, memory: MemoryIndex = 0, alignmentLog2: UInt8) {
        self.offset = offset
        self.memory = memory
        self.alignmentLog2 = alignmentLog2
    }
}

/// The immediates of br_table. The labels stay in the module's bytes; `InstructionReader.labels`
/// reads them, the default one last.
public struct BranchTable: Hashable, Sendable {
    /// The number of labels without the default one.
    public var count: UInt32
    /// Where the first label stands, in bytes from the module's start.
    public var labelsOffset: Int

    public init(count: UInt32, labelsOffset: Int) {
        self.count = count
        self.labelsOffset = labelsOffset
    }
}

/// The immediates of br_on_cast and br_on_cast_fail.
public struct CastBranch: Hashable, Sendable {
    public var label: LabelIndex
    public var source: ReferenceType
    public var target: ReferenceType

    public init(label: LabelIndex, source: ReferenceType, target: ReferenceType) {
        self.label = label
        self.source = source
        self.target = target
    }
}

/// The clauses of try_table. They stay in the module's bytes; `InstructionReader.clauses` reads
/// them.
public struct CatchClauses: Hashable, Sendable {
    public var count: UInt32
    /// Where the first clause stands, in bytes from the module's start.
    public var clausesOffset: Int

    public init(count: UInt32, clausesOffset: Int) {
        self.count = count
        self.clausesOffset = clausesOffset
    }
}

/// One clause of try_table (section 5.4.1).
public enum CatchClause: Hashable, Sendable {
    case one(TagIndex, LabelIndex)
    case oneReference(TagIndex, LabelIndex)
    case all(LabelIndex)
    case allReference(LabelIndex)

    /// Where the exception goes.
    public var label: LabelIndex {
        switch self {
        case .one(_, let label), .oneReference(_, let label), .all(let label),
            .allReference(let label):
            label
        }
    }
}

// Numbers -----------------------------------------------------------------------------------

public enum IntegerType: UInt8, Hashable, Sendable {
    case i32, i64

    public var valueType: ValueType { self == .i32 ? .i32 : .i64 }
    public var bitWidth: Int { self == .i32 ? 32 : 64 }
}

public enum FloatType: UInt8, Hashable, Sendable {
    case f32, f64

    public var valueType: ValueType { self == .f32 ? .f32 : .f64 }
}

public enum IntegerUnaryOperator: UInt8, Hashable, Sendable {
    case countLeadingZeros, countTrailingZeros, countOnes
    /// Sign extension from the low 8, 16 or 32 bits (the last for i64 only).
    case extend8, extend16, extend32
}

public enum IntegerBinaryOperator: UInt8, Hashable, Sendable {
    case add, subtract, multiply
    case divideSigned, divideUnsigned, remainderSigned, remainderUnsigned
    case and, or, xor
    case shiftLeft, shiftRightSigned, shiftRightUnsigned, rotateLeft, rotateRight
}

public enum IntegerComparison: UInt8, Hashable, Sendable {
    case equal, notEqual
    case lessSigned, lessUnsigned, greaterSigned, greaterUnsigned
    case lessOrEqualSigned, lessOrEqualUnsigned, greaterOrEqualSigned, greaterOrEqualUnsigned
}

public enum FloatUnaryOperator: UInt8, Hashable, Sendable {
    case absolute, negate, ceiling, floor, truncate, nearest, squareRoot
}

public enum FloatBinaryOperator: UInt8, Hashable, Sendable {
    case add, subtract, multiply, divide, minimum, maximum, copySign
}

public enum FloatComparison: UInt8, Hashable, Sendable {
    case equal, notEqual, less, greater, lessOrEqual, greaterOrEqual
}

/// Conversions between number types (section 4.3.4).
public enum Conversion: Hashable, Sendable {
    /// i32.wrap_i64
    case wrap
    /// i64.extend_i32_s and _u
    case extend(signed: Bool)
    /// Trapping truncation of a float to an integer.
    case truncate(FloatType, to: IntegerType, signed: Bool)
    /// Saturating truncation of a float to an integer.
    case truncateSaturating(FloatType, to: IntegerType, signed: Bool)
    case convert(IntegerType, to: FloatType, signed: Bool)
    /// f32.demote_f64
    case demote
    /// f64.promote_f32
    case promote
    /// i32.reinterpret_f32 and i64.reinterpret_f64
    case reinterpretFloat(FloatType)
    /// f32.reinterpret_i32 and f64.reinterpret_i64
    case reinterpretInteger(IntegerType)
}

/// 128-bit arithmetic on pairs of i64 (the wide-arithmetic proposal).
public enum WideArithmeticOperator: UInt8, Hashable, Sendable {
    case add128, subtract128, multiplyWideSigned, multiplyWideUnsigned
}

// Memory ------------------------------------------------------------------------------------

/// How many bits an instruction reads or writes.
public enum AccessWidth: UInt8, Hashable, Sendable {
    case bits8, bits16, bits32, bits64

    /// log2 of the width in bytes: also the largest alignment that may be promised.
    public var byteCountLog2: UInt8 { rawValue }
    public var bitCount: Int { 8 << Int(rawValue) }
}

/// Loads of numbers (vector loads are in `VectorInstruction`).
public enum LoadOperation: Hashable, Sendable {
    case integer(IntegerType)
    case float(FloatType)
    /// A load of fewer bits than the result has.
    case extending(IntegerType, from: AccessWidth, signed: Bool)
}

/// Stores of numbers (vector stores are in `VectorInstruction`).
public enum StoreOperation: Hashable, Sendable {
    case integer(IntegerType)
    case float(FloatType)
    /// A store of the low bits.
    case narrowing(IntegerType, to: AccessWidth)
}

/// The threads proposal.
public enum AtomicInstruction: Hashable, Sendable {
    case notify(MemoryArgument)
    case wait(IntegerType, MemoryArgument)
    case fence
    /// Zero-extends when the width is smaller than the type.
    case load(IntegerType, AccessWidth, MemoryArgument)
    case store(IntegerType, AccessWidth, MemoryArgument)
    case readModifyWrite(AtomicOperator, IntegerType, AccessWidth, MemoryArgument)
    case compareExchange(IntegerType, AccessWidth, MemoryArgument)
}

public enum AtomicOperator: UInt8, Hashable, Sendable {
    case add, subtract, and, or, xor, exchange
}

// Vectors -----------------------------------------------------------------------------------

/// The shape that a vector instruction gives to its 128 bits (section 2.4.3).
public enum IntegerShape: UInt8, Hashable, Sendable {
    case i8x16, i16x8, i32x4, i64x2

    public var laneCount: Int { 16 >> Int(rawValue) }
    public var laneBitWidth: Int { 8 << Int(rawValue) }
}

public enum FloatShape: UInt8, Hashable, Sendable {
    case f32x4, f64x2

    public var laneCount: Int { self == .f32x4 ? 4 : 2 }
    public var laneBitWidth: Int { self == .f32x4 ? 32 : 64 }
}

public enum VectorShape: Hashable, Sendable {
    case integer(IntegerShape)
    case float(FloatShape)

    public var laneCount: Int {
        switch self {
        case .integer(let shape): shape.laneCount
        case .float(let shape): shape.laneCount
        }
    }
}

/// The sixteen immediate bytes of v128.const and i8x16.shuffle, in memory order.
public struct VectorBytes: Hashable, Sendable {
    /// Bytes 0 to 7, the first one lowest.
    public var low: UInt64
    /// Bytes 8 to 15, the first one lowest.
    public var high: UInt64

    public init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    public subscript(index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (index < 8 ? low : high) >> UInt64(8 * (index & 7)))
    }
}

/// Vector instructions (section 2.4.3), relaxed ones included.
public enum VectorInstruction: Hashable, Sendable {
    case constant(VectorBytes)
    case load(MemoryArgument)
    /// v128.load8x8_s and the like: 64 bits, each lane widened to twice its width.
    case loadExtending(from: AccessWidth, signed: Bool, MemoryArgument)
    case loadSplat(AccessWidth, MemoryArgument)
    /// v128.load32_zero, v128.load64_zero
    case loadZero(AccessWidth, MemoryArgument)
    case loadLane(AccessWidth, MemoryArgument, lane: UInt8)
    case store(MemoryArgument)
    case storeLane(AccessWidth, MemoryArgument, lane: UInt8)

    case shuffle(VectorBytes)
    case swizzle(relaxed: Bool)
    case splat(VectorShape)
    /// `signed` is meaningful for i8x16 and i16x8 only.
    case extractLane(VectorShape, signed: Bool, lane: UInt8)
    case replaceLane(VectorShape, lane: UInt8)

    case bitwiseNot
    case bitwise(VectorBitwiseOperator)
    case bitSelect
    case anyTrue
    case allTrue(IntegerShape)
    case bitMask(IntegerShape)

    case integerUnary(IntegerShape, VectorIntegerUnaryOperator)
    case integerBinary(IntegerShape, VectorIntegerBinaryOperator)
    case integerShift(IntegerShape, VectorShiftOperator)
    case integerCompare(IntegerShape, IntegerComparison)
    case floatUnary(FloatShape, FloatUnaryOperator)
    case floatBinary(FloatShape, VectorFloatBinaryOperator)
    case floatCompare(FloatShape, FloatComparison)

    /// The lanes of both operands halved in width with saturation. The shape is the result's.
    case narrow(IntegerShape, signed: Bool)
    /// One half of the operand's lanes widened. The shape is the result's.
    case extend(IntegerShape, half: VectorHalf, signed: Bool)
    /// Lanes of one half widened and multiplied. The shape is the result's.
    case extendedMultiply(IntegerShape, half: VectorHalf, signed: Bool)
    /// Neighbouring lanes widened and added. The shape is the result's.
    case extendedAddPairwise(IntegerShape, signed: Bool)
    /// i32x4.dot_i16x8_s
    case dotProduct
    case convert(VectorConversion)
    case relaxed(RelaxedVectorOperator)
}

public enum VectorHalf: UInt8, Hashable, Sendable {
    case low, high
}

public enum VectorBitwiseOperator: UInt8, Hashable, Sendable {
    case and, andNot, or, xor
}

public enum VectorIntegerUnaryOperator: UInt8, Hashable, Sendable {
    case absolute, negate
    /// i8x16.popcnt only
    case countOnes
}

public enum VectorIntegerBinaryOperator: UInt8, Hashable, Sendable {
    case add, addSaturatingSigned, addSaturatingUnsigned
    case subtract, subtractSaturatingSigned, subtractSaturatingUnsigned
    case multiply
    case minimumSigned, minimumUnsigned, maximumSigned, maximumUnsigned
    /// avgr_u
    case averageUnsigned
    /// i16x8.q15mulr_sat_s
    case multiplyQ15Saturating
}

public enum VectorShiftOperator: UInt8, Hashable, Sendable {
    case left, rightSigned, rightUnsigned
}

public enum VectorFloatBinaryOperator: UInt8, Hashable, Sendable {
    case add, subtract, multiply, divide, minimum, maximum, pseudoMinimum, pseudoMaximum
}

public enum VectorConversion: Hashable, Sendable {
    /// i32x4.trunc_sat_f32x4_s and _u
    case truncateF32(signed: Bool)
    /// i32x4.trunc_sat_f64x2_s_zero and _u_zero
    case truncateF64Zero(signed: Bool)
    /// f32x4.convert_i32x4_s and _u
    case convertToF32(signed: Bool)
    /// f64x2.convert_low_i32x4_s and _u
    case convertLowToF64(signed: Bool)
    /// f32x4.demote_f64x2_zero
    case demoteZero
    /// f64x2.promote_low_f32x4
    case promoteLow
}

/// Relaxed vector instructions other than swizzle.
public enum RelaxedVectorOperator: Hashable, Sendable {
    case truncateF32(signed: Bool)
    case truncateF64Zero(signed: Bool)
    case multiplyAdd(FloatShape)
    case negativeMultiplyAdd(FloatShape)
    case laneSelect(IntegerShape)
    case minimum(FloatShape)
    case maximum(FloatShape)
    /// i16x8.relaxed_q15mulr_s
    case multiplyQ15
    /// i16x8.relaxed_dot_i8x16_i7x16_s
    case dotProduct
    /// i32x4.relaxed_dot_i8x16_i7x16_add_s
    case dotProductAdd
}

// Garbage-collected objects -------------------------------------------------------------------

/// Instructions on structures, arrays, i31 references and the external hierarchy
/// (section 2.4.6).
public enum AggregateInstruction: Hashable, Sendable {
    case structNew(TypeIndex)
    case structNewDefault(TypeIndex)
    case structGet(FieldAccess, type: TypeIndex, field: FieldIndex)
    case structSet(type: TypeIndex, field: FieldIndex)
    case arrayNew(TypeIndex)
    case arrayNewDefault(TypeIndex)
    case arrayNewFixed(TypeIndex, count: UInt32)
    case arrayNewData(TypeIndex, DataIndex)
    case arrayNewElement(TypeIndex, ElementIndex)
    case arrayGet(FieldAccess, type: TypeIndex)
    case arraySet(TypeIndex)
    case arrayLength
    case arrayFill(TypeIndex)
    case arrayCopy(destination: TypeIndex, source: TypeIndex)
    case arrayInitData(TypeIndex, DataIndex)
    case arrayInitElement(TypeIndex, ElementIndex)
    case anyConvertExternal
    case externalConvertAny
    case refI31
    case i31Get(signed: Bool)
}

/// How a field is read: as it is, or a packed one extended to i32.
public enum FieldAccess: UInt8, Hashable, Sendable {
    case plain, signed, unsigned
}
