// What a component has defined, sort by sort.

public import WasmTypes

/// What an index of the index space of core types is.
public enum CoreTypeItem: Hashable, Sendable {
    /// A type of ``ComponentTypes/core``.
    case type(TypeIndex)
    case module(ModuleTypeID)
}

/// The index spaces of a component, with the types of what is in them. Indices of core types are those of
/// ``ComponentTypes/core``.
public struct IndexSpaces: Sendable {
    public internal(set) var coreFunctions: [TypeIndex] = []
    public internal(set) var coreTables: [TableType] = []
    public internal(set) var coreMemories: [MemoryType] = []
    public internal(set) var coreGlobals: [GlobalType] = []
    public internal(set) var coreTags: [TypeIndex] = []
    public internal(set) var coreTypes: [CoreTypeItem] = []
    public internal(set) var coreModules: [ModuleTypeID] = []
    public internal(set) var coreInstances: [CoreInstanceTypeID] = []
    public internal(set) var functions: [FunctionTypeID] = []
    public internal(set) var values: [ValueTypeID] = []
    public internal(set) var types: [TypeItem] = []
    public internal(set) var components: [ComponentTypeID] = []
    public internal(set) var instances: [InstanceTypeID] = []
}

/// A resource type that a component defines.
public struct LocalResource: Hashable, Sendable {
    /// i32 or i64.
    public var representation: ValueType
    /// The index of the core function that destroys one.
    public var destructor: UInt32?
    /// Its index in the index space of types.
    public var type: UInt32
}

/// What is being validated: a component, or the type of one or of an instance.
struct Scope {
    enum Kind {
        case component, componentType, instanceType
    }

    let kind: Kind
    var spaces = IndexSpaces()
    /// By index of the index space of values, whether something has used it.
    var usedValues: [Bool] = []

    var imports = ItemList()
    var exports = ItemList()
    var importNames = NameScope()
    var exportNames = NameScope()
    var importedResources: [ResourceTypeID] = []
    /// Those that are new in each instance: defined here, or by instances made here.
    var definedResources: [ResourceTypeID] = []
    var localResources: [ResourceTypeID: LocalResource] = [:]

    /// For messages: under which names core functions, functions and instances have been found.
    var coreFunctionNames: [Int: String] = [:]
    var functionNames: [Int: String] = [:]
    var instanceNames: [Int: String] = [:]

    /// What the built-ins for the context have in common.
    var contextType: ValueType?
    /// How large the types of imports and exports are together.
    var size = 0

    init(_ kind: Kind) { self.kind = kind }
}

/// What names imports, or exports, have given.
struct NameScope {
    /// All of them in the form in which they have to be different.
    var canonicalNames: Set<String> = []
    /// Types that a function in an import, or an export, may mention.
    var values: Set<TypeName> = []
    var resources: Set<ResourceReference> = []
    /// The names of resource types that are imported, or exported, themselves.
    var resourceNames: [ResourceReference: String] = [:]
    var allResourceNames: Set<String> = []
}
