// The structs of the runtime's ABI header as IR types and constants. The offsets that compiled
// code uses come from the header itself, so that the two cannot disagree.

internal import LLVMKit
internal import RuntimeABI
internal import Sandbox
internal import WasmTypes

/// IR types with the layouts of runtime-c/include/smelt/abi.h.
struct RuntimeLayouts {
    private let types: IRTypes
    /// `struct smelt_memory`
    let memory: IRType
    /// `struct smelt_table`
    let table: IRType
    /// `struct smelt_function`
    let function: IRType
    /// An entry of an immutable table: the type number (zero for null) and the code.
    let callEntry: IRType

    init(types: IRTypes) {
        self.types = types
        let (i32, i64, pointer) = (types.i32, types.i64, types.pointer)
        memory = types.structure([pointer, i64, i64, i64, i32, i32])
        table = types.structure([pointer, i64, i64, i64])
        function = types.structure([pointer, pointer, i32, i32])
        callEntry = types.structure([i32, pointer])
    }

    /// Where the arguments of a `smelt_exception` begin.
    static let exceptionArguments = MemoryLayout<smelt_exception>.size
    static let exceptionTag = MemoryLayout<smelt_exception>.offset(of: \.tag)!
    static let objectType = MemoryLayout<smelt_object>.offset(of: \.type)!
    static let objectLength = MemoryLayout<smelt_object>.offset(of: \.length)!
    static let typeStride = MemoryLayout<smelt_type>.stride
    static let typeAncestors = MemoryLayout<smelt_type>.offset(of: \.ancestors)!
    static let typeDisplay = Int(SMELT_TYPE_DISPLAY)
    static let typeKind = MemoryLayout<smelt_type>.offset(of: \.kind)!

    /// `enum smelt_memory_flags`
    static func flags(_ plan: MemoryPlan) -> UInt32 {
        plan.isGuarded ? SMELT_MEMORY_GUARDED.rawValue : 0
    }

    func memoryConstant(base: IRValue, _ plan: MemoryPlan) -> IRValue {
        types.constantStructure([
            base, types.i64.constant(plan.initialBytes), types.i64.constant(plan.maximumPages),
            types.i64.constant(plan.reservedBytes),
            types.i32.constant(UInt64(plan.type.pageSizeLog2)),
            types.i32.constant(UInt64(Self.flags(plan))),
        ])
    }

    func tableConstant(elements: IRValue, size: UInt64, maximum: UInt64) -> IRValue {
        types.constantStructure([
            elements, types.i64.constant(size), types.i64.constant(maximum), types.i64.zero,
        ])
    }

    func functionConstant(code: IRValue, type: IRValue) -> IRValue {
        types.constantStructure([code, types.pointer.zero, type, types.i32.zero])
    }

    // Offsets of fields that compiled code reads, in bytes.
    static let memoryBase = MemoryLayout<smelt_memory>.offset(of: \.base)!
    static let memoryByteSize = MemoryLayout<smelt_memory>.offset(of: \.byte_size)!
    static let tableElements = MemoryLayout<smelt_table>.offset(of: \.elements)!
    static let tableSize = MemoryLayout<smelt_table>.offset(of: \.size)!
    static let functionCode = MemoryLayout<smelt_function>.offset(of: \.code)!
    static let functionInstance = MemoryLayout<smelt_function>.offset(of: \.instance)!
    static let functionType = MemoryLayout<smelt_function>.offset(of: \.type)!
    static let callEntryStride = 16
    static let callEntryCode = 8
}
