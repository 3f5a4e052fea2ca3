// Instances and aliases (Binary.md, sections of these names).

import WasmTypes

extension ComponentValidator {
    // Core instances --------------------------------------------------------------------------

    mutating func defineCoreInstance(
        _ expression: CoreInstanceExpression
    ) throws(ModuleError) {
        let type: CoreInstanceTypeID
        switch expression {
        case .instantiate(let module, let arguments):
            type = try instantiate(module, arguments)
        case .exports(let exports): type = try coreInstance(exports)
        }
        scope.spaces.coreInstances.append(type)
    }

    private mutating func instantiate(
        _ index: UInt32, _ arguments: [CoreInstanceExpression.CoreArgument]
    ) throws(ModuleError) -> CoreInstanceTypeID {
        let module = types[try item(index, "core module", { $0.coreModules })]
        var instances: [ExactName: CoreInstanceTypeID] = [:]
        for argument in arguments {
            let instance = try item(
                argument.instance, "core instance", { $0.coreInstances })
            guard instances.updateValue(instance, forKey: ExactName(argument.name)) == nil else {
                throw invalid(
                    "duplicate argument \"\(argument.name.printable)\" for core module \(index)")
            }
        }
        for item in module.imports {
            let name = "\"\(item.module.printable)\" \"\(item.name.printable)\""
            guard let instance = instances[ExactName(item.module)] else {
                throw invalid(
                    "nothing is passed as \"\(item.module.printable)\" to core module \(index), "
                        + "which imports \(name)")
            }
            guard let export = types[instance][item.name] else {
                throw invalid(
                    "what is passed for the import \(name) of core module \(index) does not "
                        + "export it")
            }
            guard types.core.matches(export, item.type) else {
                throw invalid(
                    "type mismatch: what is passed for the import \(name) of core module \(index) "
                        + "is of another type")
            }
        }
        work += module.imports.count
        return types.add(module.exports)
    }

    private mutating func coreInstance(
        _ exports: [CoreInstanceExpression.CoreInlineExport]
    ) throws(ModuleError) -> CoreInstanceTypeID {
        var list = CoreItemList()
        for export in exports {
            guard list.append(export.name, try coreItem(export.sort, export.index)) else {
                throw invalid("duplicate export name \"\(export.name.printable)\"")
            }
        }
        return types.add(list)
    }

    private func coreItem(
        _ sort: CoreSort, _ index: UInt32
    ) throws(ModuleError) -> ExternalType {
        switch sort {
        case .function:
            return .function(try item(index, "core function", { $0.coreFunctions }))
        case .table: return .table(try item(index, "core table", { $0.coreTables }))
        case .memory: return .memory(try item(index, "core memory", { $0.coreMemories }))
        case .global: return .global(try item(index, "core global", { $0.coreGlobals }))
        case .tag: return .tag(TagType(type: try item(index, "core tag", { $0.coreTags })))
        case .type, .module, .instance:
            throw invalid("a core instance cannot export types, modules or instances")
        }
    }

    // Instances -------------------------------------------------------------------------------

    mutating func defineInstance(_ expression: InstanceExpression) throws(ModuleError) {
        let type: InstanceTypeID
        switch expression {
        case .instantiate(let component, let arguments):
            type = try instantiate(component, arguments)
        case .exports(let exports): type = try instance(exports)
        }
        try checkExtent(types.extent(of: type))
        scope.spaces.instances.append(type)
    }

    private mutating func instantiate(
        _ index: UInt32, _ arguments: [InstanceExpression.Argument]
    ) throws(ModuleError) -> InstanceTypeID {
        let component = types[try item(index, "component", { $0.components })]
        var items: [ExactName: ItemType] = [:]
        for argument in arguments {
            let item = try use(argument.item)
            guard items.updateValue(item, forKey: ExactName(argument.name)) == nil else {
                throw invalid(
                    "duplicate argument \"\(argument.name.printable)\" for component \(index)")
            }
        }
        var substitution = Substitution()
        if let mismatch = try mismatch(
            of: { items[ExactName($0)] }, asImportsOf: component, &substitution)
        {
            throw invalid("component \(index) cannot be instantiated: \(mismatch)")
        }
        for resource in component.definedResources {
            let new = types.addResource()
            substitution.resources[resource] = new
            scope.definedResources.append(new)
        }
        return types.add(
            InstanceShape(exports: apply(&substitution, to: component.exports), resources: []))
    }

    private mutating func instance(
        _ exports: [InstanceExpression.InlineExport]
    ) throws(ModuleError) -> InstanceTypeID {
        var list = ItemList()
        var names = NameScope()
        for export in exports {
            let item = try use(export.item)
            let canonical = try canonicalName(export.name, of: item, as: .export, in: names)
            guard names.canonicalNames.insert(canonical).inserted, list.append(export.name, item)
            else {
                throw invalid(
                    "export name \"\(export.name.name.printable)\" conflicts with previous name")
            }
        }
        return types.add(InstanceShape(exports: list, resources: []))
    }

    // Aliases ---------------------------------------------------------------------------------

    mutating func defineAlias(_ alias: Alias) throws(ModuleError) {
        if scope.kind != .component { try checkDeclaration(alias) }
        switch alias.target {
        case .export(let instance, let name):
            let item = try export(name, ofInstance: instance, alias.sort)
            try append(item)
            note(item, as: name, ofInstance: instance)
        case .coreExport(let instance, let name):
            try aliasCoreExport(name, ofInstance: instance, alias.sort)
        case .outer(let count, let index): try aliasOuter(count, index, alias.sort)
        }
    }

    /// Keeps the name of a function or an instance for messages.
    private mutating func note(_ item: ItemType, as name: String, ofInstance instance: UInt32) {
        let prefix = scope.instanceNames[Int(instance)].map { "\($0)#" } ?? ""
        switch item {
        case .function: scope.functionNames[scope.spaces.functions.count - 1] = prefix + name
        case .instance: scope.instanceNames[scope.spaces.instances.count - 1] = prefix + name
        default: break
        }
    }

    private func checkDeclaration(_ alias: Alias) throws(ModuleError) {
        switch (alias.target, alias.sort) {
        case (.export, .type), (.export, .instance), (.outer, .type), (.outer, .core(.type)):
            return
        default:
            throw invalid(
                "aliases in a component's or instance's type may only refer to types or instances")
        }
    }

    private func export(
        _ name: String, ofInstance index: UInt32, _ sort: Sort
    ) throws(ModuleError) -> ItemType {
        let instance = try item(index, "instance", { $0.instances })
        guard let item = types[instance].exports[name] else {
            throw invalid("instance \(index) has no export named \"\(name.printable)\"")
        }
        let isOfSort =
            switch (item, sort) {
            case (.module, .core(.module)), (.function, .function), (.value, .value),
                (.type, .type), (.component, .component), (.instance, .instance):
                true
            default: false
            }
        guard isOfSort else {
            throw invalid(
                "export \"\(name.printable)\" of instance \(index) is a \(item.kind), not what the "
                    + "alias says")
        }
        return item
    }

    private mutating func aliasCoreExport(
        _ name: String, ofInstance index: UInt32, _ sort: Sort
    ) throws(ModuleError) {
        let instance = try item(index, "core instance", { $0.coreInstances })
        guard let export = types[instance][name] else {
            throw invalid("core instance \(index) has no export named \"\(name.printable)\"")
        }
        switch (export, sort) {
        case (.function(let type), .core(.function)):
            scope.coreFunctionNames[scope.spaces.coreFunctions.count] = name.printable
            scope.spaces.coreFunctions.append(type)
        case (.table(let type), .core(.table)): scope.spaces.coreTables.append(type)
        case (.memory(let type), .core(.memory)): scope.spaces.coreMemories.append(type)
        case (.global(let type), .core(.global)): scope.spaces.coreGlobals.append(type)
        case (.tag(let tag), .core(.tag)): scope.spaces.coreTags.append(tag.type)
        default:
            throw invalid(
                "export \"\(name.printable)\" of core instance \(index) is not of the sort that "
                    + "the alias says")
        }
    }

    private mutating func aliasOuter(
        _ count: UInt32, _ index: UInt32, _ sort: Sort
    ) throws(ModuleError) {
        let outer = try outerScope(count, ofAlias: count).spaces
        switch sort {
        case .core(.module):
            scope.spaces.coreModules.append(try item(index, "core module", outer.coreModules))
        case .core(.type):
            scope.spaces.coreTypes.append(try item(index, "core type", outer.coreTypes))
        case .component:
            scope.spaces.components.append(try item(index, "component", outer.components))
        case .type:
            let type = try item(index, "type", outer.types)
            // A component must not depend on resources of the one around it. All scopes behind a type are
            // types.
            let next = scopes.count - Int(count)
            if next < scopes.count, scopes[next].kind == .component,
                try mentionsResources(type)
            {
                throw invalid(
                    "outer type \(index) refers to resources, which are not those of the "
                        + "component that aliases it")
            }
            scope.spaces.types.append(type)
        case .core, .function, .value, .instance:
            throw ModuleError(
                .malformed,
                "malformed alias: of outer definitions only modules, types and components can be "
                    + "aliased", at: offset)
        }
    }

    /// The component or type so many levels further out.
    func outerScope(_ count: UInt32, ofAlias written: UInt32) throws(ModuleError) -> Scope {
        guard Int(count) < scopes.count else {
            throw invalid("invalid outer alias count of \(written)")
        }
        return scopes[scopes.count - 1 - Int(count)]
    }
}
