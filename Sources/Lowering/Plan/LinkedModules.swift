// Which instances a program consists of, and what is behind each of their imports. This is where imports
// are resolved and compared with what provides them; everything behind it takes the result.
//
// sandbox: rests on `TypeStore` for equal types, on `MemoryPlan` and `TableLimits` for what may stand
// for what. An instance's code is compiled by the plan of what it gets, which is that of the owner.

internal import Sandbox
public import WasmBinary
public import WasmTypes
public import WasmValidation

/// Something that an instance defines, by its index in the instance's index space.
public struct EntityPlace: Hashable, Sendable {
    /// The number of the instance.
    public var instance: Int
    public var index: UInt32
}

/// What is behind an import.
public enum ImportTarget: Hashable, Sendable {
    /// A function of the runtime.
    case host(HostFunction)
    /// What another instance defines.
    case definition(EntityPlace)
    /// A symbol that is defined where the object is linked.
    case symbol(String)
    /// A function that traps when it is called.
    case stub
}

/// What becomes of imports that nobody provides.
public enum UnknownImports: Sendable, Hashable {
    /// They are problems.
    case refused
    /// Functions trap when they are called; everything else is a problem.
    case stubs
    /// They are symbols, for an object.
    case symbols
}

/// Where an import is looked for.
public enum ImportSource: Hashable, Sendable {
    /// Under its own names: an instance that is called like its module, then the runtime.
    case named
    /// An export of this instance.
    case export(instance: Int, name: String)
    /// A function that the runtime has for components, under these names.
    case host(module: String, name: String)
    /// Nowhere: a function that traps when it is called.
    case stub
}

/// Modules, their instances and what their imports stand for.
public struct LinkedModules: Sendable {
    /// An instance of a module.
    public struct Instance: Sendable {
        /// What other modules import from it as; the first one's is of no importance.
        public let name: String
        /// The number of its module.
        public let module: Int
        /// In the module's order. Those with problems are stubs.
        public fileprivate(set) var imports: [ImportTarget] = []
        /// The same, in the order of their index spaces.
        fileprivate var importsByKind: [ExternalKind: [ImportTarget]] = [:]
    }

    /// What is wrong with an import.
    public struct Problem: Sendable {
        public enum Reason: Sendable {
            /// Nobody provides it.
            case unknown
            /// The runtime provides it as a function of another type.
            case functionType(FunctionType)
            /// An instance provides it, as something of this type.
            case exportType(ExternalType, instance: Int)
            /// The module that provides it needs, in the end, the one that imports it.
            case cycle
        }
        /// The number of the instance that imports it.
        public var instance: Int
        public var item: Import
        public var reason: Reason
    }

    public let modules: [ValidatedModule]
    public private(set) var instances: [Instance]
    /// The numbers of the instances in the order in which they are instantiated: each behind those that it
    /// imports from, the first one last.
    public private(set) var order: [Int] = []
    public private(set) var problems: [Problem] = []
    /// The types of all modules, and which are those of each module.
    let types: TypeStore
    let scopes: [TypeScope]
    private let unknown: UnknownImports
    /// For each instance whose imports are connected already, what is behind each.
    private let sources: [[ImportSource]]
    /// The exports of each module. Names are equal if their bytes are; Swift's strings are so already if
    /// they look the same.
    private let exports: [[[UInt8]: Export]]

    /// Resolves imports: from the instance of that name, then from the runtime.
    ///
    /// - Parameters:
    ///   - instances: the name and the number of the module of each; the first one is the program.
    public init(
        modules: [ValidatedModule], instances: [(name: String, module: Int)],
        unknown: UnknownImports = .refused
    ) {
        self.modules = modules
        self.instances = instances.map { Instance(name: $0.name, module: $0.module) }
        self.unknown = unknown
        sources = []
        let store = TypeStore()
        types = store
        scopes = modules.map { store.add($0.module) }
        exports = modules.map { Self.exports(of: $0.module) }
        var states = [State](repeating: .untouched, count: instances.count)
        resolve(0, &states)
        for number in instances.indices where states[number] == .untouched {
            resolve(number, &states)
        }
        if let first = order.firstIndex(of: 0) { order.append(order.remove(at: first)) }
    }

    /// Connects imports as somebody else has decided, and compares them with what is behind them.
    ///
    /// - Parameters:
    ///   - instances: in the order in which they are instantiated, but that the first one, which the
    ///     program is named after, comes last. The sources are those of the module's imports, in its order.
    ///     Functions may be those of later instances.
    public init(
        modules: [ValidatedModule],
        connected instances: [(name: String, module: Int, imports: [ImportSource])]
    ) {
        self.modules = modules
        self.instances = instances.map { Instance(name: $0.name, module: $0.module) }
        unknown = .refused
        sources = instances.map(\.imports)
        let store = TypeStore()
        types = store
        scopes = modules.map { store.add($0.module) }
        exports = modules.map { Self.exports(of: $0.module) }
        var states = [State](repeating: .untouched, count: instances.count)
        for number in Array(instances.indices.dropFirst()) + [0] { resolve(number, &states) }
    }

    /// A program of one module.
    public init(_ module: ValidatedModule, unknown: UnknownImports = .refused) {
        self.init(modules: [module], instances: [("", 0)], unknown: unknown)
    }

    /// Whether an exported `_initialize` is called before anything else: that is what modules agree on which
    /// are linked by their names. Who connects instances otherwise says what is called, and when.
    var callsInitializers: Bool { sources.isEmpty }

    /// The names of instances that no import mentions.
    public var unusedNames: [String] {
        let used = Set(instances.flatMap { modules[$0.module].module.imports.map(\.module) })
        return instances.dropFirst().map(\.name).filter { !used.contains($0) }
    }

    /// The imports that no instance provides, each once.
    public var outerImports: [Import] {
        var seen: Set<[String]> = []
        return instances.flatMap { instance in
            zip(modules[instance.module].module.imports, instance.imports).compactMap {
                if case .definition = $0.1 { return nil }
                return seen.insert([$0.0.module, $0.0.name]).inserted || instances.count == 1
                    ? $0.0 : nil
            }
        }
    }

    func module(of instance: Int) -> Module { modules[instances[instance].module].module }

    // Resolution -----------------------------------------------------------------------------

    private enum State {
        case untouched, begun, done
    }

    /// Resolves an instance's imports, those of the instances that it imports from first.
    private mutating func resolve(_ number: Int, _ states: inout [State]) {
        states[number] = .begun
        for (index, item) in module(of: number).imports.enumerated() {
            let source = sources.isEmpty ? .named : sources[number][index]
            let target = resolve(item, of: number, from: source, &states)
            instances[number].imports.append(target)
            instances[number].importsByKind[item.type.kind, default: []].append(target)
        }
        states[number] = .done
        order.append(number)
    }

    private mutating func resolve(
        _ item: Import, of number: Int, from source: ImportSource, _ states: inout [State]
    ) -> ImportTarget {
        var unknown = unknown
        var function = HostFunction.find(module: item.module, name: item.name)
        switch source {
        case .named:
            if let (owner, export) = find(item, for: number) {
                if states[owner] == .untouched { resolve(owner, &states) }
                return connect(item, of: number, to: export, of: owner, states[owner])
            }
        case .export(let owner, let name):
            if let export = export(name, of: owner) {
                return connect(item, of: number, to: export, of: owner, states[owner])
            }
            problems.append(Problem(instance: number, item: item, reason: .unknown))
            return .stub
        case .host(let module, let name):
            function = HostFunction.findForComponent(module: module, name: name)
        case .stub: (unknown, function) = (.stubs, nil)
        }
        return Self.provide(item, function, in: module(of: number), unknown) {
            problems.append(Problem(instance: number, item: item, reason: $0))
        }
    }

    private static func exports(of module: Module) -> [[UInt8]: Export] {
        Dictionary(module.exports.map { (Array($0.name.utf8), $0) }) { first, _ in first }
    }

    private func export(_ name: String, of instance: Int) -> Export? {
        exports[instances[instance].module][Array(name.utf8)]
    }

    /// The export that an import means. A module does not provide for itself: one that stands between a
    /// program and the runtime imports what it exports.
    private func find(_ item: Import, for importer: Int) -> (owner: Int, Export)? {
        guard
            let owner = instances.indices.dropFirst().first(where: {
                $0 != importer && instances[$0].name.utf8.elementsEqual(item.module.utf8)
            }), let export = export(item.name, of: owner)
        else { return nil }
        return (owner, export)
    }

    private mutating func connect(
        _ item: Import, of importer: Int, to export: Export, of owner: Int, _ state: State
    ) -> ImportTarget {
        guard state == .done || isDefinedLater(export, of: owner) else {
            problems.append(Problem(instance: importer, item: item, reason: .cycle))
            return .stub
        }
        let target = self.target(of: export, of: owner)
        let (place, type) = definition(of: target, type(of: export, of: owner), owner)
        let isRight =
            types.matches(
                type, of: scopes[instances[place].module], as: item.type,
                of: scopes[instances[importer].module])
            && Self.isLargeEnough(type, for: item.type)
        if !isRight {
            problems.append(
                Problem(
                    instance: importer, item: item, reason: .exportType(type, instance: place)))
            return .stub
        }
        return target
    }

    /// Whether an export is a function of an instance that comes later in an order that somebody else has
    /// decided, and who has seen to it that nobody calls the function before.
    private func isDefinedLater(_ export: Export, of owner: Int) -> Bool {
        !sources.isEmpty && export.kind == .function
            && export.index >= module(of: owner).importedFunctionCount
    }

    /// What an export is, also if the instance has imported it itself.
    private func target(of export: Export, of owner: Int) -> ImportTarget {
        let module = module(of: owner)
        guard export.index < module.importedCount(of: export.kind) else {
            return .definition(EntityPlace(instance: owner, index: export.index))
        }
        return instances[owner].importsByKind[export.kind]![Int(export.index)]
    }

    /// Which instance defines something, and its type there. What no instance defines has the type by
    /// which `owner` has imported it.
    private func definition(
        of target: ImportTarget, _ type: ExternalType, _ owner: Int
    ) -> (instance: Int, ExternalType) {
        guard case .definition(let place) = target else { return (owner, type) }
        let export = Export(name: "", kind: type.kind, index: place.index, offset: 0)
        return (place.instance, self.type(of: export, of: place.instance))
    }

    private func type(of export: Export, of owner: Int) -> ExternalType {
        let module = module(of: owner)
        let index = Int(export.index)
        return switch export.kind {
        case .function: .function(module.functions[index])
        case .table: .table(module.tables[index])
        case .memory: .memory(module.memories[index])
        case .global: .global(module.globals[index])
        case .tag: .tag(module.tags[index])
        }
    }

    /// Whether memories and tables are as large at the start as the importing module takes for granted,
    /// and what its code rests on holds for them.
    private static func isLargeEnough(_ type: ExternalType, for wanted: ExternalType) -> Bool {
        switch (type, wanted) {
        case (.memory(let memory), .memory(let other)):
            MemoryPlan(memory).mayStand(for: MemoryPlan(other))
        case (.table(let table), .table(let other)):
            TableLimits(table).mayStand(for: TableLimits(other))
        default: true
        }
    }

    // What no instance provides ----------------------------------------------------------------

    /// What is wrong with an import of a module that stands alone; nil if the runtime provides it.
    public static func problem(with item: Import, in module: Module) -> Problem.Reason? {
        var problem: Problem.Reason?
        let function = HostFunction.find(module: item.module, name: item.name)
        _ = provide(item, function, in: module, .refused) { problem = $0 }
        return problem
    }

    private static func provide(
        _ item: Import, _ function: HostFunction?, in module: Module, _ unknown: UnknownImports,
        report: (Problem.Reason) -> Void
    ) -> ImportTarget {
        var reason = Problem.Reason.unknown
        if case .function(let index) = item.type, let function {
            if module.types[Int(index)].functionType == function.type { return .host(function) }
            reason = .functionType(function.type)
        }
        switch (unknown, item.type) {
        case (.symbols, _): return .symbol(ImportSymbol.name(of: item))
        case (.stubs, .function): return .stub
        case (.stubs, _), (.refused, _):
            report(reason)
            return .stub
        }
    }
}

extension Module {
    /// How many entities of a kind are imported.
    func importedCount(of kind: ExternalKind) -> Int {
        switch kind {
        case .function: importedFunctionCount
        case .table: importedTableCount
        case .memory: importedMemoryCount
        case .global: importedGlobalCount
        case .tag: importedTagCount
        }
    }
}

extension ExternalType {
    /// What it is the type of.
    var kind: ExternalKind {
        switch self {
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        }
    }
}
