// Resolved types: indices and aliases are gone, a part of a type is the number of a type.

public import WasmTypes

/// What a type of values is.
public enum ValueShape: Hashable, Sendable {
    case primitive(PrimitiveType)
    case record([Field])
    case variant([Case])
    case list(ValueTypeID)
    case fixedLengthList(ValueTypeID, length: UInt32)
    case tuple([ValueTypeID])
    case flags([String])
    case enumeration([String])
    case option(ValueTypeID)
    case result(success: ValueTypeID?, failure: ValueTypeID?)
    case own(ResourceReference)
    case borrow(ResourceReference)
    case stream(ValueTypeID?)
    case future(ValueTypeID?)
    case map(key: ValueTypeID, value: ValueTypeID)

    /// A field of a record.
    public struct Field: Hashable, Sendable {
        public var label: String
        public var type: ValueTypeID
    }

    /// A case of a variant.
    public struct Case: Hashable, Sendable {
        public var label: String
        public var payload: ValueTypeID?
    }

    /// Whether source languages need a name for such a type (Explainer.md, external visibility of types).
    var needsName: Bool {
        switch self {
        case .record, .variant, .flags, .enumeration: true
        case .primitive, .list, .fixedLengthList, .tuple, .option, .result, .own, .borrow, .stream,
            .future, .map:
            false
        }
    }

    /// The types that it is made of, in their order.
    public var parts: [ValueTypeID] {
        switch self {
        case .record(let fields): fields.map(\.type)
        case .variant(let cases): cases.compactMap(\.payload)
        case .tuple(let types): types
        case .list(let type), .fixedLengthList(let type, _), .option(let type): [type]
        case .result(let success, let failure): [success, failure].compactMap(\.self)
        case .stream(let type), .future(let type): [type].compactMap(\.self)
        case .map(let key, let value): [key, value]
        case .primitive, .flags, .enumeration, .own, .borrow: []
        }
    }

    /// The same with other parts.
    func mapping(
        _ change: (ValueTypeID) -> ValueTypeID,
        _ changeResource: (ResourceReference) -> ResourceReference
    ) -> ValueShape {
        switch self {
        case .primitive, .flags, .enumeration: self
        case .record(let fields):
            .record(fields.map { Field(label: $0.label, type: change($0.type)) })
        case .variant(let cases):
            .variant(cases.map { Case(label: $0.label, payload: $0.payload.map(change)) })
        case .list(let type): .list(change(type))
        case .fixedLengthList(let type, let length):
            .fixedLengthList(change(type), length: length)
        case .tuple(let types): .tuple(types.map(change))
        case .option(let type): .option(change(type))
        case .result(let success, let failure):
            .result(success: success.map(change), failure: failure.map(change))
        case .own(let resource): .own(changeResource(resource))
        case .borrow(let resource): .borrow(changeResource(resource))
        case .stream(let type): .stream(type.map(change))
        case .future(let type): .future(type.map(change))
        case .map(let key, let value): .map(key: change(key), value: change(value))
        }
    }
}

/// A type of functions.
public struct FunctionShape: Hashable, Sendable {
    public var isAsync: Bool
    public var parameters: [ValueShape.Field]
    public var result: ValueTypeID?

    /// The types of parameters and result.
    var parts: [ValueTypeID] {
        parameters.map(\.type) + (result.map { [$0] } ?? [])
    }

    func mapping(_ change: (ValueTypeID) -> ValueTypeID) -> FunctionShape {
        FunctionShape(
            isAsync: isAsync,
            parameters: parameters.map {
                ValueShape.Field(label: $0.label, type: change($0.type))
            }, result: result.map(change))
    }
}

/// What an index of the index space of types is.
public enum TypeItem: Hashable, Sendable {
    case value(ValueTypeID)
    case resource(ResourceReference)
    case function(FunctionTypeID)
    case component(ComponentTypeID)
    case instance(InstanceTypeID)
}

/// The type of an import or an export.
public enum ItemType: Hashable, Sendable {
    case module(ModuleTypeID)
    case function(FunctionTypeID)
    case value(ValueTypeID)
    /// A type, as who imports or exports it names it. It is another name for `original`, if that is there,
    /// and otherwise a resource of which nothing else is known.
    case type(TypeItem, original: TypeItem?)
    case component(ComponentTypeID)
    case instance(InstanceTypeID)

    /// What messages call it.
    var kind: String {
        switch self {
        case .module: "core module"
        case .function: "function"
        case .value: "value"
        case .type: "type"
        case .component: "component"
        case .instance: "instance"
        }
    }
}

/// Imports or exports in their order.
public struct ItemList: Sendable {
    /// With their attributes.
    public internal(set) var names: [ExternalName] = []
    public internal(set) var types: [ItemType] = []
    private var numbers: [String: Int] = [:]

    public var count: Int { names.count }

    /// The type of the item with a name.
    public subscript(name: String) -> ItemType? {
        // All names are ASCII. Strings with other characters can be equal to one in Swift.
        guard let index = numbers[name], names[index].name.utf8.elementsEqual(name.utf8) else {
            return nil
        }
        return types[index]
    }

    /// Adds an item; says whether there was none of this name.
    mutating func append(_ name: ExternalName, _ type: ItemType) -> Bool {
        guard numbers.updateValue(count, forKey: name.name) == nil else { return false }
        names.append(name)
        types.append(type)
        return true
    }
}

/// A type of instances.
public struct InstanceShape: Sendable {
    public internal(set) var exports = ItemList()
    /// Resources that the type introduces; what imports or exports an instance of the type has ones of its
    /// own in their place. Those of an instance that is there are not among them.
    public internal(set) var resources: [ResourceTypeID] = []
}

/// A type of components.
public struct ComponentShape: Sendable {
    public internal(set) var imports = ItemList()
    public internal(set) var exports = ItemList()
    /// Resources that are imported; an instance has those of its arguments in their place.
    public internal(set) var importedResources: [ResourceTypeID] = []
    /// Resources that are exported and not imported; every instance has new ones in their place.
    public internal(set) var definedResources: [ResourceTypeID] = []
}

/// A type of core modules. Indices of types are those of ``ComponentTypes/core``.
public struct ModuleShape: Sendable {
    public internal(set) var imports: [Import] = []
    public internal(set) var exports = CoreItemList()

    /// An import of a core module.
    public struct Import: Hashable, Sendable {
        public var module: String
        public var name: String
        public var type: ExternalType
    }
}

/// What a core instance exports. Indices of types are those of ``ComponentTypes/core``.
public struct CoreItemList: Sendable {
    public internal(set) var names: [String] = []
    public internal(set) var types: [ExternalType] = []
    private var numbers: [ExactName: Int] = [:]

    public var count: Int { names.count }

    /// The type of the export with a name.
    public subscript(name: String) -> ExternalType? {
        numbers[ExactName(name)].map { types[$0] }
    }

    /// Adds an export; says whether there was none of this name.
    mutating func append(_ name: String, _ type: ExternalType) -> Bool {
        guard numbers.updateValue(count, forKey: ExactName(name)) == nil else { return false }
        names.append(name)
        types.append(type)
        return true
    }
}
