// The syntax of a component (Component Model, Explainer.md and Binary.md): its definitions in their order,
// each of which adds to an index space, with indices as they stand in the file.
//
// Core modules stay bytes of the file until they are needed; nested components are decoded with the one
// around them.

public import WasmBinary

/// A component, decoded but not validated.
public struct Component: Sendable {
    /// Where it is in the file, its preamble included.
    public var range: Range<Int>
    /// In the order of the file. Each that defines something adds one index to the index space of its sort.
    public var definitions: [Definition] = []
    /// What custom sections call it and what is in it.
    public var names = ComponentNames()
    public var customSections: [CustomSection] = []

    public init(range: Range<Int>) {
        self.range = range
    }
}

/// The names that a component's custom section `component-name` gives. They are for people: nothing rests
/// on them, and one that cannot be read is left out.
public struct ComponentNames: Sendable {
    public var component: String?
    /// By sort, and by index in the index space of the sort.
    public var items: [Sort: [UInt32: String]] = [:]

    public init() {}

    /// The name of what has an index.
    public func name(of sort: Sort, at index: Int) -> String? {
        items[sort]?[UInt32(clamping: index)]
    }
}

/// One definition of a component.
public struct Definition: Sendable {
    public indirect enum Kind: Sendable {
        /// A core module; these bytes of the file are its binary.
        case coreModule(Range<Int>)
        case coreInstance(CoreInstanceExpression)
        case coreType(CoreTypeDefinition)
        case component(Component)
        case instance(InstanceExpression)
        case alias(Alias)
        case type(TypeDefinition)
        case canonical(CanonicalDefinition)
        case start(ComponentStart)
        case `import`(ComponentImport)
        case export(ComponentExport)
        /// A value, of a type, as bytes of the file.
        case value(ComponentValueType, Range<Int>)
    }

    public var kind: Kind
    /// Where it begins in the file.
    public var offset: Int

    public init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}

/// What a definition of a component or an index is of.
public enum Sort: Hashable, Sendable {
    case core(CoreSort)
    case function, value, type, component, instance
}

/// The sorts of core WebAssembly.
public enum CoreSort: UInt8, Hashable, Sendable {
    case function = 0x00
    case table = 0x01
    case memory = 0x02
    case global = 0x03
    case tag = 0x04
    case type = 0x10
    case module = 0x11
    case instance = 0x12
}

/// An index in the index space of its sort.
public struct SortIndex: Hashable, Sendable {
    public var sort: Sort
    public var index: UInt32

    public init(sort: Sort, index: UInt32) {
        self.sort = sort
        self.index = index
    }
}

// Instances ----------------------------------------------------------------------------------

/// How a core instance comes to be.
public enum CoreInstanceExpression: Hashable, Sendable {
    /// A module, and for each name of a module that it imports from an instance that exports it.
    case instantiate(module: UInt32, arguments: [CoreArgument])
    /// A bundle of what is there already; sorts are core sorts.
    case exports([CoreInlineExport])

    public struct CoreArgument: Hashable, Sendable {
        public var name: String
        /// The instance that is passed.
        public var instance: UInt32

        public init(name: String, instance: UInt32) {
            self.name = name
            self.instance = instance
        }
    }

    public struct CoreInlineExport: Hashable, Sendable {
        public var name: String
        public var sort: CoreSort
        public var index: UInt32

        public init(name: String, sort: CoreSort, index: UInt32) {
            self.name = name
            self.sort = sort
            self.index = index
        }
    }
}

/// How an instance comes to be.
public enum InstanceExpression: Hashable, Sendable {
    case instantiate(component: UInt32, arguments: [Argument])
    case exports([InlineExport])

    public struct Argument: Hashable, Sendable {
        public var name: String
        public var item: SortIndex

        public init(name: String, item: SortIndex) {
            self.name = name
            self.item = item
        }
    }

    public struct InlineExport: Hashable, Sendable {
        public var name: ExternalName
        public var item: SortIndex

        public init(name: ExternalName, item: SortIndex) {
            self.name = name
            self.item = item
        }
    }
}

/// Another index for what is already there.
public struct Alias: Hashable, Sendable {
    public enum Target: Hashable, Sendable {
        /// What an instance exports.
        case export(instance: UInt32, name: String)
        /// What a core instance exports.
        case coreExport(instance: UInt32, name: String)
        /// What has an index in the component that is so many levels further out.
        case outer(count: UInt32, index: UInt32)
    }

    public var sort: Sort
    public var target: Target

    public init(sort: Sort, target: Target) {
        self.sort = sort
        self.target = target
    }
}

// Imports and exports ------------------------------------------------------------------------

/// The name of an import or an export with its attributes.
public struct ExternalName: Hashable, Sendable {
    public var name: String
    /// The interface that an instance of another name implements (`implements`).
    public var implements: String?
    /// The rest of a version that the name has only in part (`versionsuffix`).
    public var versionSuffix: String?
    /// (`external-id`)
    public var externalID: String?

    public init(
        _ name: String, implements: String? = nil, versionSuffix: String? = nil,
        externalID: String? = nil
    ) {
        self.name = name
        self.implements = implements
        self.versionSuffix = versionSuffix
        self.externalID = externalID
    }
}

public struct ComponentImport: Hashable, Sendable {
    public var name: ExternalName
    public var type: ComponentExternalType

    public init(name: ExternalName, type: ComponentExternalType) {
        self.name = name
        self.type = type
    }
}

public struct ComponentExport: Hashable, Sendable {
    public var name: ExternalName
    public var item: SortIndex
    /// A supertype of the item's own type, which the export then has.
    public var type: ComponentExternalType?

    public init(name: ExternalName, item: SortIndex, type: ComponentExternalType? = nil) {
        self.name = name
        self.item = item
        self.type = type
    }
}

/// A call at instantiation, with values.
public struct ComponentStart: Hashable, Sendable {
    public var function: UInt32
    public var arguments: [UInt32]
    public var resultCount: UInt32

    public init(function: UInt32, arguments: [UInt32], resultCount: UInt32) {
        self.function = function
        self.arguments = arguments
        self.resultCount = resultCount
    }
}
