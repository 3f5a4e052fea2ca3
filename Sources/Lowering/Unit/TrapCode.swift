// Trap codes, as compiled code carries them and the runtime reads them.

internal import RuntimeABI

/// Why compiled code traps: a name for each code of the ABI header.
struct TrapCode: Hashable, Sendable {
    /// The operand of the instruction that traps.
    let rawValue: UInt8

    private init(_ code: smelt_trap_code) { rawValue = UInt8(code.rawValue) }

    static let unreachable = TrapCode(SMELT_TRAP_UNREACHABLE)
    static let integerDivideByZero = TrapCode(SMELT_TRAP_INTEGER_DIVIDE_BY_ZERO)
    static let integerOverflow = TrapCode(SMELT_TRAP_INTEGER_OVERFLOW)
    static let invalidConversionToInteger = TrapCode(SMELT_TRAP_INVALID_CONVERSION_TO_INTEGER)
    static let outOfBoundsMemoryAccess = TrapCode(SMELT_TRAP_OUT_OF_BOUNDS_MEMORY_ACCESS)
    static let outOfBoundsTableAccess = TrapCode(SMELT_TRAP_OUT_OF_BOUNDS_TABLE_ACCESS)
    static let undefinedElement = TrapCode(SMELT_TRAP_UNDEFINED_ELEMENT)
    static let uninitializedElement = TrapCode(SMELT_TRAP_UNINITIALIZED_ELEMENT)
    static let indirectCallTypeMismatch = TrapCode(SMELT_TRAP_INDIRECT_CALL_TYPE_MISMATCH)
    static let callStackExhausted = TrapCode(SMELT_TRAP_CALL_STACK_EXHAUSTED)
    static let nullReference = TrapCode(SMELT_TRAP_NULL_REFERENCE)
    static let nullFunctionReference = TrapCode(SMELT_TRAP_NULL_FUNCTION_REFERENCE)
    static let unalignedAtomic = TrapCode(SMELT_TRAP_UNALIGNED_ATOMIC)
    static let expectedSharedMemory = TrapCode(SMELT_TRAP_EXPECTED_SHARED_MEMORY)
    static let castFailure = TrapCode(SMELT_TRAP_CAST_FAILURE)
    static let outOfMemory = TrapCode(SMELT_TRAP_OUT_OF_MEMORY)
    static let outOfBoundsArrayAccess = TrapCode(SMELT_TRAP_OUT_OF_BOUNDS_ARRAY_ACCESS)
    static let nullStructureReference = TrapCode(SMELT_TRAP_NULL_STRUCTURE_REFERENCE)
    static let nullArrayReference = TrapCode(SMELT_TRAP_NULL_ARRAY_REFERENCE)
    static let interrupted = TrapCode(SMELT_TRAP_INTERRUPTED)
    static let outOfFuel = TrapCode(SMELT_TRAP_OUT_OF_FUEL)
    static let nullI31Reference = TrapCode(SMELT_TRAP_NULL_I31_REFERENCE)
}
