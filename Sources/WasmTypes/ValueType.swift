// The types of values: numbers, vectors and references (WebAssembly 3.0, section 2.3.1 to 2.3.5).
//
// These are plain data, small and trivially copied: the decoder, the validator and the lowering
// pass them around per instruction.

/// An index into a module's type index space.
public typealias TypeIndex = UInt32
/// An index into a module's function index space, imports first.
public typealias FunctionIndex = UInt32
/// An index into a module's table index space, imports first.
public typealias TableIndex = UInt32
/// An index into a module's memory index space, imports first.
public typealias MemoryIndex = UInt32
/// An index into a module's global index space, imports first.
public typealias GlobalIndex = UInt32
/// An index into a module's tag index space, imports first.
public typealias TagIndex = UInt32
/// An index into a module's element segments.
public typealias ElementIndex = UInt32
/// An index into a module's data segments.
public typealias DataIndex = UInt32
/// An index into a function's locals, parameters first.
public typealias LocalIndex = UInt32
/// A relative depth in the control stack, the innermost label being 0.
public typealias LabelIndex = UInt32
/// An index into the fields of a structure type.
public typealias FieldIndex = UInt32

/// A heap type that is defined by the specification (section 2.3.3).
public enum AbstractHeapType: UInt8, Hashable, Sendable, CaseIterable {
    case function, external, any, eq, i31, structure, array
    case none, noFunction, noExternal
    case exception, noException

    /// The name in the text format.
    public var name: String {
        switch self {
        case .function: "func"
        case .external: "extern"
        case .any: "any"
        case .eq: "eq"
        case .i31: "i31"
        case .structure: "struct"
        case .array: "array"
        case .none: "none"
        case .noFunction: "nofunc"
        case .noExternal: "noextern"
        case .exception: "exn"
        case .noException: "noexn"
        }
    }
}

/// What a reference points to (section 2.3.3).
public enum HeapType: Hashable, Sendable {
    case abstract(AbstractHeapType)
    case concrete(TypeIndex)
}

/// The type of a reference (section 2.3.4).
public struct ReferenceType: Hashable, Sendable {
    public var isNullable: Bool
    public var heapType: HeapType

    public init(isNullable: Bool, heapType: HeapType) {
        self.isNullable = isNullable
        self.heapType = heapType
    }

    public init(nullable heapType: AbstractHeapType) {
        self.init(isNullable: true, heapType: .abstract(heapType))
    }

    /// `(ref null func)`.
    public static let function = ReferenceType(nullable: .function)
    /// `(ref null extern)`.
    public static let external = ReferenceType(nullable: .external)
}

/// The type of a value (section 2.3.5).
public enum ValueType: Hashable, Sendable {
    case i32, i64, f32, f64, v128
    case reference(ReferenceType)

    /// `(ref null func)`.
    public static let funcref = ValueType.reference(.function)
    /// `(ref null extern)`.
    public static let externref = ValueType.reference(.external)

    /// Whether locals of this type start with a default value.
    public var isDefaultable: Bool {
        switch self {
        case .i32, .i64, .f32, .f64, .v128: true
        case .reference(let type): type.isNullable
        }
    }

    public var isReference: Bool {
        if case .reference = self { true } else { false }
    }
}

extension HeapType: CustomStringConvertible {
    /// The text format's spelling.
    public var description: String {
        switch self {
        case .abstract(let type): type.name
        case .concrete(let index): "\(index)"
        }
    }
}

extension ReferenceType: CustomStringConvertible {
    /// The text format's spelling, with its shorthands (`funcref`).
    public var description: String {
        if isNullable, case .abstract(let type) = heapType {
            switch type {
            case .none: return "nullref"
            case .noFunction: return "nullfuncref"
            case .noExternal: return "nullexternref"
            case .noException: return "nullexnref"
            default: return "\(type.name)ref"
            }
        }
        return "(ref \(isNullable ? "null " : "")\(heapType))"
    }
}

extension ValueType: CustomStringConvertible {
    /// The text format's spelling.
    public var description: String {
        switch self {
        case .i32: "i32"
        case .i64: "i64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .reference(let type): type.description
        }
    }
}
