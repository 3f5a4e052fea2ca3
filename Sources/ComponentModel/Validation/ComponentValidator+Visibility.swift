// Which types imports and exports may mention (Explainer.md, "External Visibility of Types"): resources,
// records, variants, enums and flags need a name that an import or an export has introduced before. What is
// imported may be mentioned by exports, too.

import WasmTypes

extension ComponentValidator {
    /// Notes the names of types that an item introduces, and says whether it mentions only types with names.
    mutating func registerTypes(of item: ItemType, as side: Side) throws(ModuleError) -> Bool {
        // The exports of an instance's type are looked at where an instance of it is imported or exported.
        if scope.kind == .instanceType { return true }
        work += 1
        try checkWork()
        switch item {
        case .type(let type, let original):
            // A resource gets its name here.
            if let original, !areNamed(partsOf: original, side) { return false }
            register(type, side)
            return true
        case .instance(let instance):
            for type in types[instance].exports.types
            where try !registerTypes(of: type, as: side) {
                return false
            }
            return true
        case .function(let function): return areNamed(types[function].parts, side)
        case .value(let type): return isNamed(type, side)
        case .component, .module: return true
        }
    }

    private mutating func register(_ type: TypeItem, _ side: Side) {
        switch type {
        case .value(let type):
            let name = types.name(of: type)
            if side == .import { scope.importNames.values.insert(name) }
            scope.exportNames.values.insert(name)
        case .resource(let resource):
            if side == .import { scope.importNames.resources.insert(resource) }
            scope.exportNames.resources.insert(resource)
        case .function, .component, .instance: break
        }
    }

    private mutating func areNamed(_ types: [ValueTypeID], _ side: Side) -> Bool {
        for type in types where !isNamed(type, side) { return false }
        return true
    }

    private mutating func isNamed(_ type: ValueTypeID, _ side: Side) -> Bool {
        guard types.extent(of: type).needsNames else { return true }
        work += 1
        let shape = types[type]
        if shape.needsName {
            let name = types.name(of: type)
            return side == .import
                ? scope.importNames.values.contains(name)
                : scope.exportNames.values.contains(name)
        }
        return areNamed(partsOf: shape, side)
    }

    private mutating func areNamed(partsOf shape: ValueShape, _ side: Side) -> Bool {
        switch shape {
        case .own(let resource), .borrow(let resource):
            side == .import
                ? scope.importNames.resources.contains(resource)
                : scope.exportNames.resources.contains(resource)
        default: areNamed(shape.parts, side)
        }
    }

    private mutating func areNamed(partsOf type: TypeItem, _ side: Side) -> Bool {
        switch type {
        case .value(let type): return areNamed(partsOf: types[type], side)
        case .function(let function): return areNamed(types[function].parts, side)
        case .instance(let instance): return areNamed(partsOf: instance, side)
        case .resource, .component: return true
        }
    }

    /// Types of instances as such: everything in them has to have a name already.
    private mutating func areNamed(partsOf instance: InstanceTypeID, _ side: Side) -> Bool {
        for type in types[instance].exports.types {
            work += 1
            let isNamed =
                switch type {
                case .function(let function): areNamed(types[function].parts, side)
                case .value(let value): areNamed(partsOf: types[value], side)
                case .type(let type, _): areNamed(partsOf: type, side)
                case .instance(let instance): areNamed(partsOf: instance, side)
                case .module, .component: true
                }
            if !isNamed { return false }
        }
        return true
    }

    // Resources of components -----------------------------------------------------------------

    /// The type of the component, or the component's type, that is being validated.
    mutating func finishComponentType() throws(ModuleError) -> ComponentTypeID {
        let defined = Set(scope.definedResources)
        let (imports, exports) = (scope.imports, scope.exports)
        var imported = FreeResources()
        for type in imports.types { collect(type, &imported) }
        try checkWork()
        guard imported.resources.isDisjoint(with: defined) else {
            throw invalid("a local resource type is mentioned in imports")
        }
        var exported = FreeResources()
        for type in exports.types { collect(type, &exported) }
        try checkWork()
        let mentioned = scope.definedResources.filter(exported.resources.contains)
        guard mentioned.allSatisfy(exported.named.contains) else {
            throw invalid("a local resource type is mentioned in exports but not exported itself")
        }
        let type = types.add(
            ComponentShape(
                imports: imports, exports: exports, importedResources: scope.importedResources,
                definedResources: mentioned))
        try checkExtent(types.extent(of: type))
        return type
    }

    /// Whether a type mentions a resource type from around it.
    mutating func mentionsResources(_ type: TypeItem) throws(ModuleError) -> Bool {
        guard types.extent(of: type).hasResources else { return false }
        var free = FreeResources()
        collect(type, &free)
        try checkWork()
        return !free.resources.isEmpty
    }

    private mutating func collect(_ type: ItemType, _ free: inout FreeResources) {
        switch type {
        case .module: break
        case .function(let type): collect(TypeItem.function(type), &free)
        case .value(let type): collect(type, &free)
        case .type(let type, _):
            if case .resource(let reference) = type { free.named.insert(reference.resource) }
            collect(type, &free)
        case .component(let type): collect(TypeItem.component(type), &free)
        case .instance(let type): collect(TypeItem.instance(type), &free)
        }
    }

    private mutating func collect(_ type: TypeItem, _ free: inout FreeResources) {
        work += 1
        guard types.extent(of: type).hasResources else { return }
        switch type {
        case .value(let type): collect(type, &free)
        case .resource(let reference): free.resources.insert(reference.resource)
        case .function(let type):
            for part in types[type].parts { collect(part, &free) }
        case .instance(let type):
            guard free.seenInstances.insert(type).inserted else { return }
            let shape = types[type]
            collect(shape.exports.types, without: shape.resources, &free)
        case .component(let type):
            guard free.seenComponents.insert(type).inserted else { return }
            let shape = types[type]
            let named = free.named
            collect(
                shape.imports.types + shape.exports.types,
                without: shape.importedResources + shape.definedResources, &free)
            // What it exports is exported by its instances only.
            free.named = named
        }
    }

    /// Collects from types what is not introduced by what they are part of.
    private mutating func collect(
        _ parts: [ItemType], without bound: [ResourceTypeID], _ free: inout FreeResources
    ) {
        for part in parts { collect(part, &free) }
        // No other type mentions them.
        free.resources.subtract(bound)
        free.named.subtract(bound)
    }

    private mutating func collect(_ type: ValueTypeID, _ free: inout FreeResources) {
        guard types.extent(of: type).hasResources, free.seenValues.insert(type).inserted else {
            return
        }
        work += 1
        let shape = types[type]
        if case .own(let reference) = shape { free.resources.insert(reference.resource) }
        if case .borrow(let reference) = shape { free.resources.insert(reference.resource) }
        for part in shape.parts { collect(part, &free) }
    }
}

/// Resource types that types mention without introducing them.
private struct FreeResources {
    var resources: Set<ResourceTypeID> = []
    /// Those that are exported themselves.
    var named: Set<ResourceTypeID> = []
    var seenValues: Set<ValueTypeID> = []
    var seenInstances: Set<InstanceTypeID> = []
    var seenComponents: Set<ComponentTypeID> = []
}
