// Types of the Component Model as a component writes them: every part is a primitive type or the index of
// a type that was defined before.

public import WasmTypes

/// Types that are not made of others.
public enum PrimitiveType: UInt8, Hashable, Sendable, CaseIterable {
    case bool = 0x7f
    case s8 = 0x7e
    case u8 = 0x7d
    case s16 = 0x7c
    case u16 = 0x7b
    case s32 = 0x7a
    case u32 = 0x79
    case s64 = 0x78
    case u64 = 0x77
    case f32 = 0x76
    case f64 = 0x75
    case char = 0x74
    case string = 0x73
    case errorContext = 0x64
}

/// The type of a value (`valtype`).
public enum ComponentValueType: Hashable, Sendable {
    case primitive(PrimitiveType)
    /// A type of the index space, which is one of values.
    case index(UInt32)
}

/// A name and a type: a field, a parameter.
public struct LabeledType: Hashable, Sendable {
    public var label: String
    public var type: ComponentValueType

    public init(label: String, type: ComponentValueType) {
        self.label = label
        self.type = type
    }
}

/// A case of a variant.
public struct VariantCase: Hashable, Sendable {
    public var label: String
    public var payload: ComponentValueType?

    public init(label: String, payload: ComponentValueType?) {
        self.label = label
        self.payload = payload
    }
}

/// A type of values (`defvaltype`).
public enum DefinedValueType: Hashable, Sendable {
    case primitive(PrimitiveType)
    case record([LabeledType])
    case variant([VariantCase])
    case list(ComponentValueType)
    case fixedLengthList(ComponentValueType, length: UInt32)
    case tuple([ComponentValueType])
    case flags([String])
    case enumeration([String])
    case option(ComponentValueType)
    case result(success: ComponentValueType?, failure: ComponentValueType?)
    /// A handle that owns a resource of the type with this index.
    case own(UInt32)
    /// A handle to a resource that somebody else owns.
    case borrow(UInt32)
    case stream(ComponentValueType?)
    case future(ComponentValueType?)
    case map(key: ComponentValueType, value: ComponentValueType)
}

/// A type of functions (`functype`).
public struct ComponentFunctionType: Hashable, Sendable {
    public var isAsync: Bool
    public var parameters: [LabeledType]
    public var result: ComponentValueType?

    public init(isAsync: Bool, parameters: [LabeledType], result: ComponentValueType?) {
        self.isAsync = isAsync
        self.parameters = parameters
        self.result = result
    }
}

/// A definition in the index space of types (`deftype`).
public enum TypeDefinition: Hashable, Sendable {
    case value(DefinedValueType)
    case function(ComponentFunctionType)
    case component([TypeDeclaration])
    case instance([TypeDeclaration])
    /// A resource with its representation and the core function that destroys one.
    case resource(representation: ValueType, destructor: UInt32?)
}

/// A part of the type of a component or an instance; an instance's has no imports.
public struct TypeDeclaration: Hashable, Sendable {
    public indirect enum Kind: Hashable, Sendable {
        case coreType(CoreTypeDefinition)
        case type(TypeDefinition)
        case alias(Alias)
        case `import`(ExternalName, ComponentExternalType)
        case export(ExternalName, ComponentExternalType)
    }

    public var kind: Kind
    public var offset: Int

    public init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}

/// The type of an import or an export (`externtype`).
public enum ComponentExternalType: Hashable, Sendable {
    /// The index of a module's type among core types.
    case coreModule(UInt32)
    case function(UInt32)
    case value(ValueBound)
    case type(TypeBound)
    case component(UInt32)
    case instance(UInt32)

    public enum TypeBound: Hashable, Sendable {
        case equal(UInt32)
        /// A resource of which nothing else is known.
        case subResource
    }

    public enum ValueBound: Hashable, Sendable {
        case equal(UInt32)
        case type(ComponentValueType)
    }
}

// Core types ---------------------------------------------------------------------------------

/// A definition in the index space of core types (`core:deftype`).
public enum CoreTypeDefinition: Hashable, Sendable {
    /// A recursive group of core types. Every type of it adds an index.
    case recursionGroup([SubType])
    case module([CoreModuleDeclaration])
}

/// A part of a module's type.
public enum CoreModuleDeclaration: Hashable, Sendable {
    case type([SubType])
    /// Type `index` of the scope that is `count` levels further out.
    case outerAlias(count: UInt32, index: UInt32)
    case `import`(module: String, name: String, type: ExternalType)
    case export(name: String, type: ExternalType)
}
