// Types (WebAssembly 3.0, section 5.3), but for type definitions, which are in
// Section+Types.swift.

package import WasmTypes

extension BinaryReader {
    /// A value type (section 5.3.5).
    package mutating func readValueType() throws(ModuleError) -> ValueType {
        let start = position
        switch peek {
        case 0x7F: return number(.i32)
        case 0x7E: return number(.i64)
        case 0x7D: return number(.f32)
        case 0x7C: return number(.f64)
        case 0x7B:
            try require(.vectors, for: "v128", at: start)
            return number(.v128)
        case nil: throw unexpectedEnd()
        case .some(let byte):
            guard byte == 0x63 || byte == 0x64 || abstractHeapType(byte) != nil else {
                throw malformed("malformed value type", at: start)
            }
            try require(.referenceTypes, for: "a reference as a value", at: start)
            return .reference(try readReferenceType())
        }
    }

    private mutating func number(_ type: ValueType) -> ValueType {
        position &+= 1
        return type
    }

    /// A reference type (section 5.3.4). `funcref` needs no feature: tables had it always.
    package mutating func readReferenceType() throws(ModuleError) -> ReferenceType {
        let start = position
        let byte = try readByte()
        switch byte {
        case 0x63, 0x64:
            try require(.typedFunctionReferences, for: "a typed reference", at: start)
            return ReferenceType(isNullable: byte == 0x63, heapType: try readHeapType())
        default:
            guard let type = abstractHeapType(byte) else {
                throw malformed("malformed reference type", at: start)
            }
            try requireFeature(of: type, at: start)
            return ReferenceType(nullable: type)
        }
    }

    /// A heap type (section 5.3.3): one byte, or a type index as a number of 33 bits.
    package mutating func readHeapType() throws(ModuleError) -> HeapType {
        let start = position
        if let byte = peek, byte & 0xC0 == 0x40 {
            position &+= 1
            guard let type = abstractHeapType(byte) else {
                throw malformed("malformed heap type", at: start)
            }
            try requireFeature(of: type, at: start)
            return .abstract(type)
        }
        let index = try readS33()
        guard index >= 0 else { throw malformed("malformed heap type", at: start) }
        try require(.typedFunctionReferences, for: "a reference to a defined type", at: start)
        return .concrete(TypeIndex(truncatingIfNeeded: index))
    }

    /// The type of a block (section 5.4.1): nothing, one result, or a type index as a number of
    /// 33 bits.
    mutating func readBlockType() throws(ModuleError) -> BlockType {
        let start = position
        guard let byte = peek else { throw unexpectedEnd() }
        if byte == 0x40 {
            position &+= 1
            return .empty
        }
        if byte & 0xC0 == 0x40 { return .value(try readValueType()) }
        let index = try readS33()
        guard index >= 0 else { throw malformed("malformed block type", at: start) }
        try require(.multiValue, for: "a block with parameters or several results", at: start)
        return .function(TypeIndex(truncatingIfNeeded: index))
    }

    private func abstractHeapType(_ byte: UInt8) -> AbstractHeapType? {
        switch byte {
        case 0x74: .noException
        case 0x73: .noFunction
        case 0x72: .noExternal
        case 0x71: AbstractHeapType.none
        case 0x70: .function
        case 0x6F: .external
        case 0x6E: .any
        case 0x6D: .eq
        case 0x6C: .i31
        case 0x6B: .structure
        case 0x6A: .array
        case 0x69: .exception
        default: nil
        }
    }

    private mutating func requireFeature(
        of type: AbstractHeapType, at offset: Int
    ) throws(ModuleError) {
        let feature: Feature
        switch type {
        case .function: return
        case .external: feature = .referenceTypes
        case .exception, .noException: feature = .exceptionHandling
        case .any, .eq, .i31, .structure, .array, .none, .noFunction, .noExternal:
            feature = .garbageCollection
        }
        try require(feature, for: "the heap type \(type.name)", at: offset)
    }

    // Entities ----------------------------------------------------------------------------

    /// A table type (section 5.3.13).
    package mutating func readTableType() throws(ModuleError) -> TableType {
        let element = try readReferenceType()
        let limits = try readLimits(allowed: LimitsFlags.maximum | LimitsFlags.address64)
        return TableType(element: element, limits: limits.limits, addressType: limits.addressType)
    }

    /// A memory type (section 5.3.12; the threads and custom-page-sizes proposals).
    package mutating func readMemoryType() throws(ModuleError) -> MemoryType {
        let start = position
        let limits = try readLimits(
            allowed: LimitsFlags.maximum | LimitsFlags.shared | LimitsFlags.address64
                | LimitsFlags.pageSize)
        var type = MemoryType(limits: limits.limits, addressType: limits.addressType)
        if limits.flags & LimitsFlags.shared != 0 {
            try require(.threads, for: "a shared memory", at: start)
            type.isShared = true
        }
        if limits.flags & LimitsFlags.pageSize != 0 {
            try require(.customPageSizes, for: "a page size", at: start)
            let sizeStart = position
            let size = try readU32()
            guard size <= 16 else { throw malformed("invalid custom page size", at: sizeStart) }
            type.pageSizeLog2 = UInt8(size)
        }
        return type
    }

    /// A global type (section 5.3.11).
    package mutating func readGlobalType() throws(ModuleError) -> GlobalType {
        let type = try readValueType()
        return GlobalType(valueType: type, isMutable: try readMutability())
    }

    /// A tag type (section 5.3.14): a zero byte for "exception", and the function type.
    package mutating func readTagType() throws(ModuleError) -> TagType {
        let start = position
        guard try readByte() == 0 else { throw malformed("malformed tag attribute", at: start) }
        return TagType(type: try readU32())
    }

    mutating func readMutability() throws(ModuleError) -> Bool {
        let start = position
        switch try readByte() {
        case 0: return false
        case 1: return true
        default: throw malformed("malformed mutability", at: start)
        }
    }

    private enum LimitsFlags {
        static let maximum: UInt8 = 1
        static let shared: UInt8 = 2
        static let address64: UInt8 = 4
        static let pageSize: UInt8 = 8
    }

    /// Limits (section 5.3.10). The numbers have 64 bits whatever the address type; validation
    /// compares them with what the address type can express.
    private mutating func readLimits(
        allowed: UInt8
    ) throws(ModuleError) -> (limits: Limits, addressType: AddressType, flags: UInt8) {
        let start = position
        let flags = try readByte()
        guard flags & ~allowed == 0 else { throw malformed("malformed limits flags", at: start) }
        let is64 = flags & LimitsFlags.address64 != 0
        if is64 { try require(.memory64, for: "a 64-bit address type", at: start) }
        let minimum = try readU64()
        let maximum: UInt64? = flags & LimitsFlags.maximum != 0 ? try readU64() : nil
        return (Limits(minimum: minimum, maximum: maximum), is64 ? .i64 : .i32, flags)
    }
}
