// What stands for a type in a table of resolved types.

/// A type of values in a ``ComponentTypes``.
public struct ValueTypeID: Hashable, Sendable {
    let index: UInt32
}

/// A type of functions in a ``ComponentTypes``.
public struct FunctionTypeID: Hashable, Sendable {
    let index: UInt32
}

/// A type of instances in a ``ComponentTypes``.
public struct InstanceTypeID: Hashable, Sendable {
    let index: UInt32
}

/// A type of components in a ``ComponentTypes``.
public struct ComponentTypeID: Hashable, Sendable {
    let index: UInt32
}

/// A type of core modules in a ``ComponentTypes``.
public struct ModuleTypeID: Hashable, Sendable {
    let index: UInt32
}

/// A type of core instances in a ``ComponentTypes``.
public struct CoreInstanceTypeID: Hashable, Sendable {
    let index: UInt32
}

/// A resource type: that of a definition, of an import, of an instance that was made from a component, or
/// one that the type of an instance or a component is about. Different ones are different types.
public struct ResourceTypeID: Hashable, Sendable {
    let index: UInt32
}

/// What makes the types that two imports or exports introduce different from each other where names count,
/// though their structure is the same. Zero is a type without a name.
public struct TypeName: Hashable, Sendable {
    let number: UInt32

    static let none = TypeName(number: 0)
}

/// A resource type by one of the names that imports and exports give it.
public struct ResourceReference: Hashable, Sendable {
    public let resource: ResourceTypeID
    public let name: TypeName
}
