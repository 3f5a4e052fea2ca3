// Trap codes, as compiled code carries them and the runtime reads them.

internal import RuntimeABI

/// Why compiled code traps.
enum TrapCode: UInt8, Sendable {
    case unreachable = 1
    case integerDivideByZero
    case integerOverflow
    case invalidConversionToInteger
    case outOfBoundsMemoryAccess
    case outOfBoundsTableAccess
    case undefinedElement
    case uninitializedElement
    case indirectCallTypeMismatch
    case callStackExhausted
    case nullReference
    case nullFunctionReference
    case unalignedAtomic
    case expectedSharedMemory
    case castFailure
}
