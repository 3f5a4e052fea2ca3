// The types of a file's components, each once: equal types have the same number.
//
// A record that is imported or exported under two names is two types where names count (an export may only
// mention types that have one) and one type where they do not. So every type of values has a structure,
// which is the number of the type without any names, and comparing types is comparing these numbers.
//
// Types share their parts, so a type that takes a few bytes in a file may be exponentially large when it is
// written out. Everything here therefore works on the graph: what is computed for a type is computed once,
// from its parts. Its depth is limited, and so recursion is.

public import WasmTypes

/// A table of resolved types.
public struct ComponentTypes: Sendable {
    /// Core types of all modules and components of the file.
    public internal(set) var core = CoreTypeTable()

    private var values: [ValueNode] = []
    private var valueNumbers: [NamedShape: ValueTypeID] = [:]
    private var functions: [FunctionNode] = []
    private var functionNumbers: [FunctionShape: FunctionTypeID] = [:]
    private var instances: [Node<InstanceShape>] = []
    private var components: [Node<ComponentShape>] = []
    private var modules: [ModuleShape] = []
    private var coreInstances: [CoreItemList] = []
    private var resourceCount: UInt32 = 0
    private var nameCount: UInt32 = 0

    private struct NamedShape: Hashable {
        var shape: ValueShape
        var name: TypeName
    }

    /// What is known about a type besides what it is.
    struct Extent {
        /// How deeply types are nested in it.
        var depth = 1
        /// How many types it has when it is written out.
        var size = 1
        /// Whether a resource type is mentioned in it.
        var hasResources = false
        /// Whether a type with a name is mentioned in it.
        var hasNames = false

        /// Whether there is something in it that has to have a name to be mentioned.
        var needsNames = false

        /// Takes in a part.
        mutating func add(_ part: Extent) {
            depth = max(depth, part.depth + 1)
            // Both are at most a bit above the limit.
            size = min(size + part.size, ComponentLimits.typeSize + 1)
            hasResources = hasResources || part.hasResources
            hasNames = hasNames || part.hasNames
            needsNames = needsNames || part.needsNames
        }
    }

    private struct ValueNode {
        var shape: ValueShape
        var name: TypeName
        var structure: ValueTypeID
        var layout: ValueLayout
        var extent: Extent
    }

    private struct FunctionNode {
        var shape: FunctionShape
        var structure: FunctionTypeID
        var extent: Extent
    }

    private struct Node<Shape: Sendable> {
        var shape: Shape
        var extent: Extent
    }

    init() {}

    // Looking up ------------------------------------------------------------------------------

    public subscript(type: ValueTypeID) -> ValueShape { values[Int(type.index)].shape }
    public subscript(type: FunctionTypeID) -> FunctionShape { functions[Int(type.index)].shape }
    public subscript(type: InstanceTypeID) -> InstanceShape { instances[Int(type.index)].shape }
    public subscript(type: ComponentTypeID) -> ComponentShape {
        components[Int(type.index)].shape
    }
    public subscript(type: ModuleTypeID) -> ModuleShape { modules[Int(type.index)] }
    public subscript(type: CoreInstanceTypeID) -> CoreItemList { coreInstances[Int(type.index)] }

    /// The name that an import or an export gives a type.
    public func name(of type: ValueTypeID) -> TypeName { values[Int(type.index)].name }

    /// The number of the type without any names. Types are equal if these are.
    public func structure(of type: ValueTypeID) -> ValueTypeID { values[Int(type.index)].structure }

    /// The same for a type of functions.
    public func structure(of type: FunctionTypeID) -> FunctionTypeID {
        functions[Int(type.index)].structure
    }

    /// What the canonical ABI makes of a type.
    public func layout(of type: ValueTypeID) -> ValueLayout { values[Int(type.index)].layout }

    func extent(of type: ValueTypeID) -> Extent { values[Int(type.index)].extent }
    func extent(of type: FunctionTypeID) -> Extent { functions[Int(type.index)].extent }
    func extent(of type: InstanceTypeID) -> Extent { instances[Int(type.index)].extent }
    func extent(of type: ComponentTypeID) -> Extent { components[Int(type.index)].extent }

    func extent(of type: TypeItem) -> Extent {
        switch type {
        case .value(let type): extent(of: type)
        case .resource(let resource):
            Extent(hasResources: true, hasNames: resource.name != .none)
        case .function(let type): extent(of: type)
        case .component(let type): extent(of: type)
        case .instance(let type): extent(of: type)
        }
    }

    func extent(of type: ItemType) -> Extent {
        switch type {
        case .module(let type):
            Extent(
                size: 1 + modules[Int(type.index)].imports.count
                    + modules[Int(type.index)].exports.count)
        case .function(let type): extent(of: type)
        case .value(let type): extent(of: type)
        case .type(let type, _): extent(of: type)
        case .component(let type): extent(of: type)
        case .instance(let type): extent(of: type)
        }
    }

    /// How many entries the table has.
    var count: Int {
        values.count + functions.count + instances.count + components.count + modules.count
    }

    // Adding ----------------------------------------------------------------------------------

    /// The number of a type of values.
    mutating func add(_ shape: ValueShape, name: TypeName = .none) -> ValueTypeID {
        let key = NamedShape(shape: shape, name: name)
        if let known = valueNumbers[key] { return known }
        var extent = Extent(hasNames: name != .none)
        for part in shape.parts { extent.add(self.extent(of: part)) }
        if shape.needsName { extent.needsNames = true }
        switch shape {
        case .own(let resource), .borrow(let resource):
            extent.hasResources = true
            extent.needsNames = true
            extent.hasNames = resource.name != .none
        case .flags(let labels), .enumeration(let labels): extent.size += labels.count
        default: break
        }
        let layout = ValueLayout(shape) { self.layout(of: $0) }
        // Without names there is nothing to take away.
        let structure = extent.hasNames ? add(nameless(shape)) : nil
        let type = ValueTypeID(index: UInt32(values.count))
        values.append(
            ValueNode(
                shape: shape, name: name, structure: structure ?? type, layout: layout,
                extent: extent))
        valueNumbers[key] = type
        return type
    }

    private func nameless(_ shape: ValueShape) -> ValueShape {
        shape.mapping(
            { structure(of: $0) },
            { ResourceReference(resource: $0.resource, name: .none) })
    }

    /// The number of a type of functions.
    mutating func add(_ shape: FunctionShape) -> FunctionTypeID {
        if let known = functionNumbers[shape] { return known }
        var extent = Extent()
        for part in shape.parts { extent.add(self.extent(of: part)) }
        let structure = extent.hasNames ? add(shape.mapping { self.structure(of: $0) }) : nil
        let type = FunctionTypeID(index: UInt32(functions.count))
        functions.append(
            FunctionNode(shape: shape, structure: structure ?? type, extent: extent))
        functionNumbers[shape] = type
        return type
    }

    /// A number for a type of instances. Equal ones may have several.
    mutating func add(_ shape: InstanceShape) -> InstanceTypeID {
        var extent = Extent()
        for type in shape.exports.types { extent.add(self.extent(of: type)) }
        instances.append(Node(shape: shape, extent: extent))
        return InstanceTypeID(index: UInt32(instances.count - 1))
    }

    /// A number for a type of components. Equal ones may have several.
    mutating func add(_ shape: ComponentShape) -> ComponentTypeID {
        var extent = Extent()
        for type in shape.imports.types { extent.add(self.extent(of: type)) }
        for type in shape.exports.types { extent.add(self.extent(of: type)) }
        components.append(Node(shape: shape, extent: extent))
        return ComponentTypeID(index: UInt32(components.count - 1))
    }

    /// A number for a type of core modules. Equal ones may have several.
    mutating func add(_ shape: ModuleShape) -> ModuleTypeID {
        modules.append(shape)
        return ModuleTypeID(index: UInt32(modules.count - 1))
    }

    /// A number for a type of core instances. Equal ones may have several.
    mutating func add(_ exports: CoreItemList) -> CoreInstanceTypeID {
        coreInstances.append(exports)
        return CoreInstanceTypeID(index: UInt32(coreInstances.count - 1))
    }

    /// A resource type that is different from all others.
    mutating func addResource() -> ResourceTypeID {
        resourceCount += 1
        return ResourceTypeID(index: resourceCount)
    }

    /// A name that is different from all others.
    mutating func addName() -> TypeName {
        nameCount += 1
        return TypeName(number: nameCount)
    }

    /// The type that an import or an export introduces as another name for one.
    mutating func addName(for type: TypeItem) -> TypeItem {
        switch type {
        case .value(let value): .value(add(self[value], name: addName()))
        case .resource(let reference):
            .resource(ResourceReference(resource: reference.resource, name: addName()))
        case .function, .component, .instance: type
        }
    }
}

extension ComponentTypes {
    /// The signature of the core function that a canonical definition of a function stands for
    /// (CanonicalABI.md, "Flattening").
    ///
    /// - Parameter addressType: that of the definition's memory.
    public func coreType(
        of function: FunctionTypeID, as direction: CanonicalDirection, isAsync: Bool,
        hasCallback: Bool, addressType: AddressType
    ) -> FunctionType {
        let shape = self[function]
        var parameters = flat(shape.parameters.map(\.type))
        var results = flat(shape.result.map { [$0] } ?? [])
        let isLowered = direction == .lower
        let maximum =
            isAsync && isLowered
            ? ValueLayout.maximumAsyncFlatCount : ValueLayout.maximumFlatCount
        if parameters.count > maximum { parameters = [.address] }
        if isAsync {
            if isLowered && !results.isEmpty { parameters.append(.address) }
            results = isLowered || hasCallback ? [.i32] : []
        } else if results.count > 1 {
            if isLowered { parameters.append(.address) }
            results = isLowered ? [] : [.address]
        }
        return FunctionType(
            parameters: parameters.map { $0.valueType(addressType) },
            results: results.map { $0.valueType(addressType) })
    }

    /// The core values of several values; of more than ``ValueLayout/maximumFlatCount`` only that there
    /// are more.
    func flat(_ types: [ValueTypeID]) -> [FlatType] {
        var flat: [FlatType] = []
        for type in types where flat.count <= ValueLayout.maximumFlatCount {
            flat += layout(of: type).flat
        }
        return flat
    }
}

/// Whether a core function becomes one of a component or the other way round.
public enum CanonicalDirection: Sendable {
    case lift, lower
}
