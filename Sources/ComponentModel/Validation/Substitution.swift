// Other resource types in the place of some: those of arguments for those of imports, new ones for those
// that a component defines (Explainer.md, "Type Checking").

/// What takes the place of resources and of types with names.
struct Substitution {
    var resources: [ResourceTypeID: ResourceTypeID] = [:]
    /// For the names that imports gave to types, the types that were passed.
    var values: [TypeName: ValueTypeID] = [:]
    /// For the names that imports gave to resources, those of what was passed.
    var references: [ResourceReference: ResourceReference] = [:]

    fileprivate var doneValues: [ValueTypeID: ValueTypeID] = [:]
    fileprivate var doneFunctions: [FunctionTypeID: FunctionTypeID] = [:]
    fileprivate var doneInstances: [InstanceTypeID: InstanceTypeID] = [:]
    fileprivate var doneComponents: [ComponentTypeID: ComponentTypeID] = [:]

    /// Whether a type with this extent may become another one.
    fileprivate func concerns(_ extent: ComponentTypes.Extent) -> Bool {
        extent.hasResources && !(resources.isEmpty && references.isEmpty)
            || extent.hasNames && !values.isEmpty
    }
}

extension ComponentValidator {
    /// A type with a substitution carried out.
    mutating func apply(_ substitution: inout Substitution, to type: ItemType) -> ItemType {
        switch type {
        case .module: type
        case .function(let type): .function(apply(&substitution, to: type))
        case .value(let type): .value(apply(&substitution, to: type))
        case .type(let type, let original):
            .type(
                apply(&substitution, to: type),
                original: original.map { apply(&substitution, to: $0) })
        case .component(let type): .component(apply(&substitution, to: type))
        case .instance(let type): .instance(apply(&substitution, to: type))
        }
    }

    private mutating func apply(
        _ substitution: inout Substitution, to type: TypeItem
    ) -> TypeItem {
        switch type {
        case .value(let type): .value(apply(&substitution, to: type))
        case .resource(let resource): .resource(apply(substitution, to: resource))
        case .function(let type): .function(apply(&substitution, to: type))
        case .component(let type): .component(apply(&substitution, to: type))
        case .instance(let type): .instance(apply(&substitution, to: type))
        }
    }

    private func apply(
        _ substitution: Substitution, to reference: ResourceReference
    ) -> ResourceReference {
        if let other = substitution.references[reference] { return other }
        guard let other = substitution.resources[reference.resource] else { return reference }
        return ResourceReference(resource: other, name: reference.name)
    }

    private mutating func apply(
        _ substitution: inout Substitution, to type: ValueTypeID
    ) -> ValueTypeID {
        guard substitution.concerns(types.extent(of: type)) else { return type }
        if let done = substitution.doneValues[type] { return done }
        let name = types.name(of: type)
        let result: ValueTypeID
        if let other = substitution.values[name] {
            result = other
        } else {
            let shape = types[type]
            let changed = shape.mapping(
                { apply(&substitution, to: $0) }, { apply(substitution, to: $0) })
            result = types.add(changed, name: name)
            work += 1 + shape.parts.count
        }
        substitution.doneValues[type] = result
        return result
    }

    private mutating func apply(
        _ substitution: inout Substitution, to type: FunctionTypeID
    ) -> FunctionTypeID {
        guard substitution.concerns(types.extent(of: type)) else { return type }
        if let done = substitution.doneFunctions[type] { return done }
        let result = types.add(types[type].mapping { apply(&substitution, to: $0) })
        work += 1
        substitution.doneFunctions[type] = result
        return result
    }

    private mutating func apply(
        _ substitution: inout Substitution, to type: InstanceTypeID
    ) -> InstanceTypeID {
        guard substitution.concerns(types.extent(of: type)) else { return type }
        if let done = substitution.doneInstances[type] { return done }
        var shape = types[type]
        shape.exports = apply(&substitution, to: shape.exports)
        let result = types.add(shape)
        substitution.doneInstances[type] = result
        return result
    }

    private mutating func apply(
        _ substitution: inout Substitution, to type: ComponentTypeID
    ) -> ComponentTypeID {
        guard substitution.concerns(types.extent(of: type)) else { return type }
        if let done = substitution.doneComponents[type] { return done }
        var shape = types[type]
        shape.imports = apply(&substitution, to: shape.imports)
        shape.exports = apply(&substitution, to: shape.exports)
        let result = types.add(shape)
        substitution.doneComponents[type] = result
        return result
    }

    /// A list with a substitution carried out.
    mutating func apply(_ substitution: inout Substitution, to list: ItemList) -> ItemList {
        work += 1 + list.count
        var list = list
        // Out of the list while it changes, so that it is not copied each time.
        var items = list.types
        list.types = []
        for index in items.indices { items[index] = apply(&substitution, to: items[index]) }
        list.types = items
        return list
    }

    // Resources -------------------------------------------------------------------------------

    /// The type of an instance that is imported or exported by its type: the resources that the type
    /// introduces are new ones.
    ///
    /// - Returns: the type, and the new resources.
    mutating func open(_ type: InstanceTypeID) -> (InstanceTypeID, [ResourceTypeID]) {
        var shape = types[type]
        guard !shape.resources.isEmpty else { return (type, []) }
        var substitution = Substitution()
        let new = shape.resources.map { _ in types.addResource() }
        for (old, new) in zip(shape.resources, new) { substitution.resources[old] = new }
        shape.exports = apply(&substitution, to: shape.exports)
        shape.resources = []
        return (types.add(shape), new)
    }

    /// Finds what takes the place of resources: what an actual list of items has under the names under which
    /// the expected one introduces them. What does not fit is left out, and found when types are compared.
    mutating func bind(
        _ resources: [ResourceTypeID], of expected: ItemList, to actual: (String) -> ItemType?
    ) -> [ResourceTypeID: ResourceTypeID] {
        guard !resources.isEmpty else { return [:] }
        let wanted = Set(resources)
        var found: [ResourceTypeID: ResourceTypeID] = [:]
        for (name, type) in zip(expected.names, expected.types) {
            guard let actual = actual(name.name) else { continue }
            bind(type, to: actual, wanted, &found)
        }
        return found
    }

    private mutating func bind(
        _ expected: ItemType, to actual: ItemType, _ wanted: Set<ResourceTypeID>,
        _ found: inout [ResourceTypeID: ResourceTypeID]
    ) {
        work += 1
        switch (expected, actual) {
        case (.type(.resource(let reference), _), .type(.resource(let other), _)):
            if wanted.contains(reference.resource), found[reference.resource] == nil {
                found[reference.resource] = other.resource
            }
        case (.instance(let type), .instance(let other)):
            guard types.extent(of: type).hasResources else { return }
            let exports = types[type].exports
            for (name, type) in zip(exports.names, exports.types) {
                guard let actual = types[other].exports[name.name] else { continue }
                bind(type, to: actual, wanted, &found)
            }
        default: break
        }
    }

    /// Notes that the names of the types among some items stand for those of others.
    mutating func rename(
        _ expected: ItemType, to actual: ItemType, _ substitution: inout Substitution
    ) {
        work += 1
        switch (expected, actual) {
        case (.type(.value(let type), _), .type(.value(let other), _)):
            let name = types.name(of: type)
            if name != .none { substitution.values[name] = other }
        case (.type(.resource(let reference), _), .type(.resource(let other), _)):
            substitution.references[reference] = other
        case (.instance(let type), .instance(let other)):
            guard substitution.canRename(types.extent(of: type)) else { return }
            let exports = types[type].exports
            for (name, type) in zip(exports.names, exports.types) {
                guard let actual = types[other].exports[name.name] else { continue }
                rename(type, to: actual, &substitution)
            }
        default: break
        }
    }
}

extension Substitution {
    fileprivate func canRename(_ extent: ComponentTypes.Extent) -> Bool {
        extent.hasNames || extent.hasResources
    }
}
