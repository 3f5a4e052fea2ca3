// How values lie in a memory and which core values they are passed as (CanonicalABI.md, "Alignment",
// "Element Size", "Flattening").

public import WasmTypes

/// A core value that a part of a component's value is passed as.
public enum FlatType: UInt8, Hashable, Sendable {
    case i32, i64, f32, f64
    /// An address or a length: i32 or i64, as the memory has it.
    case address

    /// The core type if addresses are of a type.
    public func valueType(_ addressType: AddressType) -> ValueType {
        switch self {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        case .address: addressType.valueType
        }
    }

    /// The type that holds values of both.
    func joined(with other: FlatType) -> FlatType {
        if self == other { return self }
        switch (self, other) {
        case (.i32, .f32), (.f32, .i32): return .i32
        case (.address, .i32), (.i32, .address), (.address, .f32), (.f32, .address):
            // An i32 fits into either kind of address.
            return .address
        default: return .i64
        }
    }
}

/// Size and alignment in a memory, in bytes.
public struct MemoryLayoutOfValue: Hashable, Sendable {
    public var size: Int
    public var alignment: Int

    /// Values one after the other.
    init(sequence parts: [MemoryLayoutOfValue]) {
        var size = 0
        var alignment = 1
        for part in parts {
            size = Self.align(size, part.alignment) + part.size
            alignment = max(alignment, part.alignment)
        }
        self.init(Self.align(size, alignment), alignment)
    }

    /// One of several values, and before it the number of which one it is.
    init(caseCount: Int, payloads: [MemoryLayoutOfValue]) {
        let discriminant = caseCount <= 1 << 8 ? 1 : caseCount <= 1 << 16 ? 2 : 4
        let payloadAlignment = payloads.map(\.alignment).max() ?? 1
        let alignment = max(discriminant, payloadAlignment)
        let size = Self.align(discriminant, payloadAlignment) + (payloads.map(\.size).max() ?? 0)
        self.init(Self.align(size, alignment), alignment)
    }

    init(_ size: Int, _ alignment: Int) {
        self.size = size
        self.alignment = alignment
    }

    private static func align(_ size: Int, _ alignment: Int) -> Int {
        (size + alignment - 1) / alignment * alignment
    }
}

/// What the canonical ABI makes of a type.
public struct ValueLayout: Hashable, Sendable {
    /// In a memory with addresses of 32 bits.
    public var memory32: MemoryLayoutOfValue
    /// In a memory with addresses of 64 bits.
    public var memory64: MemoryLayoutOfValue
    /// The core values; of more than ``maximumFlatCount`` only one more than that.
    public var flat: [FlatType]
    /// Whether there is a list or a string in it: it takes a memory to pass it.
    public var hasAddress = false
    public var hasBorrow = false

    /// More values than these are passed in a memory.
    public static let maximumFlatCount = 16
    /// The same for the parameters of an import that is called asynchronously.
    public static let maximumAsyncFlatCount = 4

    public func memory(_ type: AddressType) -> MemoryLayoutOfValue {
        type == .i32 ? memory32 : memory64
    }

    private init(_ size: Int, _ flat: [FlatType]) {
        memory32 = MemoryLayoutOfValue(size, size)
        memory64 = memory32
        self.flat = flat
    }

    /// The layout of a type, from those of its parts.
    init(_ shape: ValueShape, _ layout: (ValueTypeID) -> ValueLayout) {
        switch shape {
        case .primitive(let type): self.init(type)
        case .list, .map: self.init(list: shape.parts.map(layout))
        case .record, .tuple: self.init(sequence: shape.parts.map(layout))
        case .fixedLengthList(let type, let length):
            self.init(repeating: layout(type), Int(length))
        case .variant(let cases):
            self.init(caseCount: cases.count, payloads: shape.parts.map(layout))
        case .option, .result: self.init(caseCount: 2, payloads: shape.parts.map(layout))
        case .enumeration(let labels): self.init(caseCount: labels.count, payloads: [])
        case .flags(let labels):
            self.init(labels.count <= 8 ? 1 : labels.count <= 16 ? 2 : 4, [.i32])
        case .own, .stream, .future: self.init(4, [.i32])
        case .borrow:
            self.init(4, [.i32])
            hasBorrow = true
        }
        if flat.count > Self.maximumFlatCount {
            flat.removeSubrange((Self.maximumFlatCount + 1)...)
        }
    }

    private init(_ type: PrimitiveType) {
        switch type {
        case .bool, .s8, .u8: self.init(1, [.i32])
        case .s16, .u16: self.init(2, [.i32])
        case .s32, .u32, .char, .errorContext: self.init(4, [.i32])
        case .s64, .u64: self.init(8, [.i64])
        case .f32: self.init(4, [.f32])
        case .f64: self.init(8, [.f64])
        case .string: self.init(list: [])
        }
    }

    private init(list elements: [ValueLayout]) {
        memory32 = MemoryLayoutOfValue(8, 4)
        memory64 = MemoryLayoutOfValue(16, 8)
        flat = [.address, .address]
        hasAddress = true
        hasBorrow = elements.contains(where: \.hasBorrow)
    }

    /// Values one after the other, as fields or parameters.
    init(sequence parts: [ValueLayout]) {
        memory32 = MemoryLayoutOfValue(sequence: parts.map(\.memory32))
        memory64 = MemoryLayoutOfValue(sequence: parts.map(\.memory64))
        flat = []
        for part in parts where flat.count <= Self.maximumFlatCount { flat += part.flat }
        collect(parts)
    }

    private init(repeating element: ValueLayout, _ count: Int) {
        memory32 = element.memory32
        memory64 = element.memory64
        // Both are below 2^32.
        memory32.size *= count
        memory64.size *= count
        flat = []
        for _ in 0..<min(count, Self.maximumFlatCount + 1)
        where flat.count <= Self.maximumFlatCount {
            flat += element.flat
        }
        collect([element])
    }

    private init(caseCount: Int, payloads: [ValueLayout]) {
        memory32 = MemoryLayoutOfValue(
            caseCount: caseCount, payloads: payloads.map(\.memory32))
        memory64 = MemoryLayoutOfValue(
            caseCount: caseCount, payloads: payloads.map(\.memory64))
        flat = [.i32]
        for payload in payloads {
            for (index, type) in payload.flat.enumerated() {
                if index + 1 < flat.count {
                    flat[index + 1] = flat[index + 1].joined(with: type)
                } else {
                    flat.append(type)
                }
            }
        }
        collect(payloads)
    }

    private mutating func collect(_ parts: [ValueLayout]) {
        hasAddress = parts.contains(where: \.hasAddress)
        hasBorrow = parts.contains(where: \.hasBorrow)
    }
}
