// Evaluation of components (Component Model, Explainer.md): every definition once, in its order. Nothing runs:
// what instances are made of is known from the binary alone.

public import ComponentModel
import WasmBinary
import WasmTypes
import WasmValidation

/// A component with the bytes of its file.
public struct ComponentFile: Sendable {
    public var component: Component
    public var bytes: [UInt8]
    /// What errors and backtraces call it.
    public var name: String

    public init(component: Component, bytes: [UInt8], name: String) {
        self.component = component
        self.bytes = bytes
        self.name = name
    }
}

/// Evaluates components into core instances and descriptions of adapters.
struct Evaluator {
    typealias ModuleMaker = ComponentProgram.ModuleMaker

    var files: [ComponentFile]
    var graph = GraphBuilder()
    var types = TypeTable()
    var resources: [Resource] = []
    var instances: [ComponentInstance] = []
    /// Functions and destructors of the host that anybody names, by interface and name.
    var hostResources: [[String]: ResourceID] = [:]
    /// What other files provide for imports of the first one, by interface. Made when it is needed.
    var provided: [Int: ComponentInstanceValue] = [:]
    /// Other files whose instances are there or being made.
    var beingMade: Set<Int> = []
    /// Other files that anybody imports from.
    var usedFiles: Set<Int> = []
    private var moduleNumbers: [CoreModuleValue: Int] = [:]
    private let makeModule: ModuleMaker

    /// Definitions and parts of instances that were looked at. A component that is instantiated many times has
    /// each of its definitions evaluated as often.
    private var steps = 0
    static let stepLimit = 20_000_000

    /// The host's node and component instance.
    static let host = 0

    init(files: [ComponentFile], makeModule: @escaping ModuleMaker) throws(LinkingError) {
        self.files = files
        self.makeModule = makeModule
        let node = try graph.add(Node(name: "host", kind: .host))
        instances.append(ComponentInstance(parent: nil, name: "host", state: node))
    }

    // Instances ------------------------------------------------------------------------------

    /// Adds a component instance without definitions.
    mutating func addInstance(parent: Int?, name: String) throws(LinkingError) -> Int {
        let state = try graph.add(Node(name: "\(name) handles", kind: .state))
        instances.append(ComponentInstance(parent: parent, name: name, state: state))
        return instances.count - 1
    }

    /// Instantiates a component.
    ///
    /// - Parameter imports: finds what an import stands for.
    mutating func instantiate(
        _ closure: ComponentClosure, parent: Int?,
        imports: (inout Evaluator, ComponentImport, Scope) throws(LinkingError) -> ComponentItem
    ) throws(LinkingError) -> ComponentInstanceValue {
        let instance = try addInstance(parent: parent, name: closure.name)
        let scope = Scope(parent: closure.scope, file: closure.file, instance: instance)
        var exports = ComponentInstanceValue()
        for definition in closure.component.definitions {
            try step()
            switch definition.kind {
            case .import(let item):
                try bind(try imports(&self, item, scope), in: scope)
            case .export(let export):
                let item = try self.item(export.item, in: scope)
                if case .instance(let value) = item { try step(value.items.count) }
                exports.add(export.name.name, named(item, export.name.name, of: closure))
                try bind(item, in: scope)
            default:
                try evaluate(definition, in: scope)
            }
        }
        return exports
    }

    /// Counts what is done, so that evaluation ends.
    mutating func step(_ count: Int = 1) throws(LinkingError) {
        steps += count
        guard steps <= Self.stepLimit else {
            throw LinkingError(
                "the component takes more than \(Self.stepLimit) steps to evaluate: it instantiates "
                    + "components with many definitions too often")
        }
    }

    /// An exported function has the name of its export in errors and backtraces.
    private func named(
        _ item: ComponentItem, _ name: String, of closure: ComponentClosure
    ) -> ComponentItem {
        switch item {
        case .function(var function) where function.name.isEmpty:
            function.name = name
            return .function(function)
        case .instance(let value):
            var result = ComponentInstanceValue()
            for (part, item) in value.items {
                if case .function(var function) = item, !function.name.contains("#") {
                    function.name = "\(name)#\(part)"
                    result.add(part, .function(function))
                } else {
                    result.add(part, item)
                }
            }
            return .instance(result)
        default: return item
        }
    }

    private mutating func evaluate(
        _ definition: Definition, in scope: Scope
    ) throws(LinkingError) {
        switch definition.kind {
        case .coreModule(let range):
            scope.coreModules.append(CoreModuleValue(file: scope.file, range: range))
        case .coreInstance(let expression): try evaluate(expression, in: scope)
        case .coreType: break
        case .component(let component):
            let name = component.names.component ?? "component \(scope.components.count)"
            let path = "\(instances[scope.instance].name)/\(name)"
            scope.components.append(
                ComponentClosure(
                    component: component, file: scope.file, scope: scope, name: path))
        case .instance(let expression):
            scope.instances.append(try evaluate(expression, in: scope))
        case .alias(let alias): try evaluate(alias, in: scope)
        case .type(let type): scope.types.append(try evaluate(type, in: scope))
        case .canonical(let definition): try evaluate(definition, in: scope)
        case .start, .value:
            throw LinkingError("the component uses values as definitions, which is not supported")
        case .import, .export: throw LinkingError.notValidated
        }
    }

    private mutating func evaluate(
        _ expression: InstanceExpression, in scope: Scope
    ) throws(LinkingError) -> ComponentInstanceValue {
        switch expression {
        case .exports(let exports):
            var value = ComponentInstanceValue()
            for export in exports { value.add(export.name.name, try item(export.item, in: scope)) }
            return value
        case .instantiate(let component, let arguments):
            var items: [String: ComponentItem] = [:]
            for argument in arguments { items[argument.name] = try item(argument.item, in: scope) }
            return try instantiate(
                try scope.at(\.components, component), parent: scope.instance
            ) { (_, item, _) throws(LinkingError) in
                guard let value = items[item.name.name] else {
                    throw LinkingError(
                        "a nested component is instantiated without its import \(item.name.name)")
                }
                return value
            }
        }
    }

    // Items ----------------------------------------------------------------------------------

    /// What an index stands for.
    func item(_ index: SortIndex, in scope: Scope) throws(LinkingError) -> ComponentItem {
        switch index.sort {
        case .function: .function(try scope.at(\.functions, index.index))
        case .instance: .instance(try scope.at(\.instances, index.index))
        case .component: .component(try scope.at(\.components, index.index))
        case .type: .type(try scope.at(\.types, index.index))
        case .core(.module): .module(try scope.at(\.coreModules, index.index))
        case .value: throw LinkingError("the component uses values, which are not supported")
        case .core: throw LinkingError.notValidated
        }
    }

    /// Gives something the next index of its sort.
    func bind(_ item: ComponentItem, in scope: Scope) throws(LinkingError) {
        switch item {
        case .function(let function): scope.functions.append(function)
        case .instance(let instance): scope.instances.append(instance)
        case .component(let component): scope.components.append(component)
        case .type(let type): scope.types.append(type)
        case .module(let module): scope.coreModules.append(module)
        }
    }

    func evaluate(_ alias: Alias, in scope: Scope) throws(LinkingError) {
        switch alias.target {
        case .export(let instance, let name):
            guard let item = try scope.at(\.instances, instance)[name] else {
                throw LinkingError.notValidated
            }
            try bind(item, in: scope)
        case .outer(_, _) where alias.sort == .core(.type): break
        case .outer(let count, let index):
            let item = SortIndex(sort: alias.sort, index: index)
            try bind(try self.item(item, in: try scope.outer(count)), in: scope)
        case .coreExport(let instance, let name):
            guard case .core(let sort) = alias.sort else { throw LinkingError.notValidated }
            let source = try export(
                ExactName(name), of: try scope.at(\.coreInstances, instance), sort)
            try bind(source, sort, in: scope)
        }
    }

    private func bind(_ source: Source, _ sort: CoreSort, in scope: Scope) throws(LinkingError) {
        switch sort {
        case .function: scope.coreFunctions.append(source)
        case .table: scope.coreTables.append(source)
        case .memory: scope.coreMemories.append(source)
        case .global: scope.coreGlobals.append(source)
        case .tag: scope.coreTags.append(source)
        case .type, .module, .instance: throw LinkingError.notValidated
        }
    }

    // Core instances -------------------------------------------------------------------------

    private func export(
        _ name: ExactName, of instance: CoreInstanceValue, _ sort: CoreSort
    ) throws(LinkingError) -> Source {
        switch instance {
        case .bundle(let items):
            guard let source = items[name] else { throw LinkingError.notValidated }
            return source
        case .instance(let number):
            let kind = try graph.kind(of: name, in: number)
            return try graph.resolve(.export(instance: number, name: name), kind)
        }
    }

    private mutating func evaluate(
        _ expression: CoreInstanceExpression, in scope: Scope
    ) throws(LinkingError) {
        switch expression {
        case .exports(let exports):
            var items: [ExactName: Source] = [:]
            for export in exports {
                items[ExactName(export.name)] =
                    switch export.sort {
                    case .function: try scope.at(\.coreFunctions, export.index)
                    case .table: try scope.at(\.coreTables, export.index)
                    case .memory: try scope.at(\.coreMemories, export.index)
                    case .global: try scope.at(\.coreGlobals, export.index)
                    case .tag: try scope.at(\.coreTags, export.index)
                    case .type, .module, .instance: throw LinkingError.notValidated
                    }
            }
            scope.coreInstances.append(.bundle(items))
        case .instantiate(let module, let arguments):
            let value = try scope.at(\.coreModules, module)
            let number = try self.module(value)
            var instances: [ExactName: CoreInstanceValue] = [:]
            for argument in arguments {
                instances[ExactName(argument.name)] = try scope.at(
                    \.coreInstances, argument.instance)
            }
            var imports: [Source] = []
            for item in graph.modules[number].module.imports {
                guard let instance = instances[ExactName(item.module)] else {
                    throw LinkingError.notValidated
                }
                imports.append(try export(ExactName(item.name), of: instance, item.type.sort))
            }
            let name = graph.modules[number].module.names.module ?? "module \(number)"
            let node = Node(
                name: "\(self.instances[scope.instance].name)/\(name)",
                kind: .guest(module: number, imports: imports))
            scope.coreInstances.append(.instance(try graph.add(node)))
        }
    }

    /// A module without anything in it.
    func emptyModule() throws(LinkingError) -> ValidatedModule {
        try validated([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], generatedFor: "nothing")
    }

    /// A generated module.
    func validated(
        _ bytes: [UInt8], generatedFor name: String
    ) throws(LinkingError) -> ValidatedModule {
        do throws(ModuleError) {
            return try makeModule(bytes)
        } catch {
            throw LinkingError("the module generated for \(name) is not valid: \(error)")
        }
    }

    /// The number of a core module, which is decoded when it is instantiated first.
    private mutating func module(_ value: CoreModuleValue) throws(LinkingError) -> Int {
        if let known = moduleNumbers[value] { return known }
        let file = files[value.file]
        guard value.range.lowerBound >= 0, value.range.upperBound <= file.bytes.count else {
            throw LinkingError.notValidated
        }
        do throws(ModuleError) {
            let module = try makeModule(Array(file.bytes[value.range]))
            let number = graph.addModule(module)
            moduleNumbers[value] = number
            return number
        } catch {
            throw LinkingError(
                "\(file.name): the core module at byte \(value.range.lowerBound): \(error)")
        }
    }
}

extension ExternalType {
    var sort: CoreSort {
        switch self {
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        }
    }
}
