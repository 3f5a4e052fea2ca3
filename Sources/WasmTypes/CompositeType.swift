// Function, structure and array types, and the recursive groups that define them
// (WebAssembly 3.0, sections 2.3.6 to 2.3.10).

/// Parameters and results of a function (section 2.3.9).
public struct FunctionType: Hashable, Sendable {
    public var parameters: [ValueType]
    public var results: [ValueType]

    public init(parameters: [ValueType] = [], results: [ValueType] = []) {
        self.parameters = parameters
        self.results = results
    }
}

/// What a field occupies in memory (section 2.3.8).
public enum StorageType: Hashable, Sendable {
    case value(ValueType)
    case i8, i16

    /// The type that the field has on the operand stack.
    public var unpacked: ValueType {
        switch self {
        case .value(let type): type
        case .i8, .i16: .i32
        }
    }

    public var isPacked: Bool {
        switch self {
        case .value: false
        case .i8, .i16: true
        }
    }
}

/// A field of a structure, or the element of an array.
public struct FieldType: Hashable, Sendable {
    public var storage: StorageType
    public var isMutable: Bool

    public init(storage: StorageType, isMutable: Bool) {
        self.storage = storage
        self.isMutable = isMutable
    }
}

/// What a type definition defines (section 2.3.7).
public enum CompositeType: Hashable, Sendable {
    case function(FunctionType)
    case structure([FieldType])
    case array(FieldType)
}

/// One type definition with its place in the subtype hierarchy (section 2.3.10).
public struct SubType: Hashable, Sendable {
    public var isFinal: Bool
    /// At most one in WebAssembly 3.0; validation says so.
    public var supertypes: [TypeIndex]
    public var composite: CompositeType

    public init(isFinal: Bool = true, supertypes: [TypeIndex] = [], composite: CompositeType) {
        self.isFinal = isFinal
        self.supertypes = supertypes
        self.composite = composite
    }

    /// The function type that this defines, if it defines one.
    public var functionType: FunctionType? {
        if case .function(let type) = composite { type } else { nil }
    }
}

extension FunctionType: CustomStringConvertible {
    /// `(i32, i64) -> (f32)`.
    public var description: String {
        func list(_ types: [ValueType]) -> String {
            "(" + types.map(\.description).joined(separator: ", ") + ")"
        }
        return list(parameters) + " -> " + list(results)
    }
}
