// The types of what a module imports, defines and exports: tables, memories, globals and tags
// (WebAssembly 3.0, sections 2.3.11 to 2.3.16).

/// The type of addresses and sizes of a memory or a table.
public enum AddressType: UInt8, Hashable, Sendable {
    case i32, i64

    public var valueType: ValueType { self == .i32 ? .i32 : .i64 }
}

/// Bounds of a size, in pages or in elements (section 2.3.12).
public struct Limits: Hashable, Sendable {
    public var minimum: UInt64
    public var maximum: UInt64?

    public init(minimum: UInt64, maximum: UInt64? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }
}

/// The type of a linear memory (section 2.3.14; shared memories from the threads proposal, page
/// sizes from the custom-page-sizes proposal).
public struct MemoryType: Hashable, Sendable {
    /// In pages of `1 << pageSizeLog2` bytes.
    public var limits: Limits
    public var addressType: AddressType
    public var isShared: Bool
    /// 16 unless the module says otherwise.
    public var pageSizeLog2: UInt8

    public init(
        limits: Limits, addressType: AddressType = .i32, isShared: Bool = false,
        pageSizeLog2: UInt8 = 16
    ) {
        self.limits = limits
        self.addressType = addressType
        self.isShared = isShared
        self.pageSizeLog2 = pageSizeLog2
    }
}

/// The type of a table (section 2.3.15).
public struct TableType: Hashable, Sendable {
    public var element: ReferenceType
    /// In elements.
    public var limits: Limits
    public var addressType: AddressType

    public init(element: ReferenceType, limits: Limits, addressType: AddressType = .i32) {
        self.element = element
        self.limits = limits
        self.addressType = addressType
    }
}

/// The type of a global (section 2.3.13).
public struct GlobalType: Hashable, Sendable {
    public var valueType: ValueType
    public var isMutable: Bool

    public init(valueType: ValueType, isMutable: Bool) {
        self.valueType = valueType
        self.isMutable = isMutable
    }
}

/// The type of a tag: a function type whose parameters an exception carries (section 2.3.11).
public struct TagType: Hashable, Sendable {
    public var type: TypeIndex

    public init(type: TypeIndex) {
        self.type = type
    }
}

/// The type of anything that is imported (section 2.3.16).
public enum ExternalType: Hashable, Sendable {
    case function(TypeIndex)
    case table(TableType)
    case memory(MemoryType)
    case global(GlobalType)
    case tag(TagType)
}
