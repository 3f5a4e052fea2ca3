// Imports and exports (Binary.md, "Import and Export Definitions").

import WasmTypes

extension ComponentValidator {
    // Definitions -----------------------------------------------------------------------------

    mutating func defineImport(
        _ name: ExternalName, _ type: ComponentExternalType
    ) throws(ModuleError) {
        var item = try resolve(type)
        switch item {
        case .instance(let instance):
            let (type, new) = open(instance)
            scope.importedResources += new
            item = .instance(type)
        case .type(.resource(let reference), original: nil):
            scope.importedResources.append(reference.resource)
        default: break
        }
        try append(item)
        switch item {
        case .function: scope.functionNames[scope.spaces.functions.count - 1] = name.name.printable
        case .instance: scope.instanceNames[scope.spaces.instances.count - 1] = name.name.printable
        default: break
        }
        try register(name, item, as: .import)
    }

    mutating func defineExport(_ export: ComponentExport) throws(ModuleError) {
        var item = try use(export.item)
        if case .type(let type, _) = item { item = .type(types.addName(for: type), original: type) }
        if let type = export.type {
            let ascribed = try resolve(type)
            if let mismatch = try mismatch(item, ascribed: ascribed) {
                throw invalid(
                    "export \"\(export.name.name.printable)\" does not have the type that it is "
                        + "given: \(mismatch)")
            }
            item = ascribed
        }
        try introduceExport(export.name, item)
        if case .value = item { scope.usedValues[scope.usedValues.count - 1] = true }
    }

    /// An export of a component's or an instance's type.
    mutating func declareExport(
        _ name: ExternalName, _ type: ComponentExternalType
    ) throws(ModuleError) {
        try introduceExport(name, try resolve(type))
    }

    private mutating func introduceExport(
        _ name: ExternalName, _ item: ItemType
    ) throws(ModuleError) {
        var item = item
        switch item {
        case .instance(let instance):
            let (type, new) = open(instance)
            scope.definedResources += new
            item = .instance(type)
        case .type(.resource(let reference), original: nil):
            scope.definedResources.append(reference.resource)
        default: break
        }
        try append(item)
        try register(name, item, as: .export)
    }

    /// The same as for instantiation, but what is expected may have resources of which nothing is known.
    private mutating func mismatch(
        _ item: ItemType, ascribed: ItemType
    ) throws(ModuleError) -> String? {
        if case .type(.resource, _) = item, case .type(.resource, original: nil) = ascribed {
            return nil
        }
        return try mismatch(item, ascribed)
    }

    /// Adds an item to the index space of its sort.
    mutating func append(_ item: ItemType) throws(ModuleError) {
        switch item {
        case .module(let type): scope.spaces.coreModules.append(type)
        case .function(let type): scope.spaces.functions.append(type)
        case .value(let type):
            try require(.values, for: "a value")
            scope.spaces.values.append(type)
            scope.usedValues.append(false)
        case .type(let type, _): scope.spaces.types.append(type)
        case .component(let type): scope.spaces.components.append(type)
        case .instance(let type): scope.spaces.instances.append(type)
        }
    }

    /// What an argument or an export refers to.
    mutating func use(_ reference: SortIndex) throws(ModuleError) -> ItemType {
        let index = reference.index
        switch reference.sort {
        case .core(.module): return .module(try item(index, "core module", { $0.coreModules }))
        case .function: return .function(try item(index, "function", { $0.functions }))
        case .value:
            try require(.values, for: "a value")
            return .value(try useValue(index))
        case .type:
            let type = try item(index, "type", { $0.types })
            return .type(type, original: type)
        case .component: return .component(try item(index, "component", { $0.components }))
        case .instance: return .instance(try item(index, "instance", { $0.instances }))
        case .core:
            throw invalid("of core definitions only modules can be passed or exported")
        }
    }

    /// The type that an import or an export declares.
    mutating func resolve(_ type: ComponentExternalType) throws(ModuleError) -> ItemType {
        switch type {
        case .coreModule(let index):
            guard case .module(let type) = try item(index, "core type", { $0.coreTypes }) else {
                throw invalid("core type \(index) is not a module's type")
            }
            return .module(type)
        case .value(.type(let type)):
            try require(.values, for: "a value")
            return .value(try resolve(type))
        case .value(.equal(let index)):
            try require(.values, for: "a value")
            return .value(try item(index, "value", { $0.values }))
        case .type(.subResource):
            let reference = ResourceReference(
                resource: types.addResource(), name: types.addName())
            return .type(.resource(reference), original: nil)
        case .type(.equal(let index)):
            let original = try item(index, "type", { $0.types })
            return .type(types.addName(for: original), original: original)
        case .function(let index):
            guard case .function(let type) = try item(index, "type", { $0.types }) else {
                throw invalid("type \(index) is not a function type")
            }
            return .function(type)
        case .component(let index):
            guard case .component(let type) = try item(index, "type", { $0.types }) else {
                throw invalid("type \(index) is not a component type")
            }
            return .component(type)
        case .instance(let index):
            guard case .instance(let type) = try item(index, "type", { $0.types }) else {
                throw invalid("type \(index) is not an instance type")
            }
            return .instance(type)
        }
    }

    // Names -----------------------------------------------------------------------------------

    /// Imports or exports.
    enum Side {
        case `import`, export

        var word: String { self == .import ? "import" : "export" }
    }

    /// Adds an item to the imports or exports.
    private mutating func register(
        _ name: ExternalName, _ item: ItemType, as side: Side
    ) throws(ModuleError) {
        if case .type(.resource(let resource), _) = item {
            modifyNames(side) { names in
                names.resourceNames[resource] = name.name
                names.allResourceNames.insert(name.name)
            }
        }
        guard try registerTypes(of: item, as: side) else {
            throw invalid(
                "\(item.kind) \"\(name.name.printable)\" not valid to be used as \(side.word): a "
                    + "resource, record, variant, enum or flags in it has no name that is "
                    + "\(side.word)ed before it")
        }
        let canonical = try canonicalName(name, of: item, as: side)
        var isNew = false
        modifyNames(side) { isNew = $0.canonicalNames.insert(canonical).inserted }
        guard isNew else {
            throw invalid(
                "\(side.word) name \"\(name.name.printable)\" conflicts with previous name: they "
                    + "differ in nothing that counts")
        }
        let isAdded =
            side == .import
            ? scope.imports.append(name, item) : scope.exports.append(name, item)
        guard isAdded else {
            throw invalid(
                "\(side.word) name \"\(name.name.printable)\" conflicts with previous name")
        }
        scope.size += types.extent(of: item).size
        try checkExtent(ComponentTypes.Extent(size: scope.size))
    }

    mutating func modifyNames(_ side: Side, _ change: (inout NameScope) -> Void) {
        switch side {
        case .import: change(&scope.importNames)
        case .export: change(&scope.exportNames)
        }
    }
}
