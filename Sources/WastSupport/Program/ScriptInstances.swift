// The instances of a script as they are known before it runs: which module each is made of, what
// it exports, and where what it imports comes from. The order of a script's commands is fixed, so
// every name has one meaning at each of them.

internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// A module that a script has defined.
final class ScriptModule {
    let validated: ValidatedModule
    let types: ModuleTypes
    /// How it was compiled; nil until somebody needs it.
    var output: ModuleCompiler.Output?

    init(_ validated: ValidatedModule) {
        self.validated = validated
        types = ModuleTypes(validated.module)
    }

    var module: Module { validated.module }
}

/// An instance of a module.
final class ScriptInstance {
    /// Its place in the program, or why it is not there.
    enum State {
        case planned(UInt32)
        /// It needs what is not translated yet.
        case skipped(String)
        /// Its own command has failed.
        case failed
    }

    let module: ScriptModule
    let state: State
    private var exports: [WastName: Export] = [:]
    private var exportNumbers: [WastName: Int] = [:]
    /// By kind, the index spaces: what each index stands for, wherever it comes from.
    private var entities: [ExternalKind: [Entity]] = [:]

    /// - Parameter imports: What the module's imports stand for, in order.
    init(of module: ScriptModule, imports: [ResolvedImport], state: State) {
        self.module = module
        self.state = state
        for item in imports { entities[item.kind, default: []].append(item.entity) }
        let source = module.module
        func define(_ kind: ExternalKind, _ types: some Sequence<ExternalType>) {
            for type in types {
                entities[kind, default: []].append(Entity(type: type, types: module.types))
            }
        }
        define(
            .function,
            source.functions.dropFirst(source.importedFunctionCount).map { .function($0) })
        define(.table, source.tables.dropFirst(source.importedTableCount).map { .table($0) })
        define(.memory, source.memories.dropFirst(source.importedMemoryCount).map { .memory($0) })
        define(.global, source.globals.dropFirst(source.importedGlobalCount).map { .global($0) })
        define(.tag, source.tags.dropFirst(source.importedTagCount).map { .tag($0) })
        for (number, export) in source.exports.enumerated() {
            exports[WastName(export.name)] = export
            exportNumbers[WastName(export.name)] = number
        }
    }

    func export(_ name: WastName) -> Export? { exports[name] }

    /// The place of an export in the module's list.
    func exportNumber(_ name: WastName) -> Int? { exportNumbers[name] }

    func entity(_ export: Export) -> Entity { entities[export.kind]![Int(export.index)] }
}

/// What an import stands for.
struct ResolvedImport {
    var kind: ExternalKind
    var entity: Entity
    var owner: ScriptInstance
    /// In the owner's index space.
    var index: UInt32
    /// The size that the importing module asks for.
    var minimum: UInt64
}

/// The names of a script.
struct ScriptNames {
    /// Modules by their name in the script.
    var definitions: [WastName: ScriptModule] = [:]
    var lastDefinition: ScriptModule?
    /// Instances by their name in the script; nil for those that were never made.
    var instances: [WastName: ScriptInstance?] = [:]
    var lastInstance: ScriptInstance?
    /// Instances by the name that modules import from: several for `spectest`.
    var registered: [WastName: [ScriptInstance]] = [:]

    /// The export that an import means.
    func find(_ item: Import) -> (ScriptInstance, Export)? {
        for instance in registered[WastName(item.module)] ?? [] {
            if let export = instance.export(WastName(item.name)) { return (instance, export) }
        }
        return nil
    }
}

extension ExternalType {
    var kind: ExternalKind {
        switch self {
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        }
    }

    /// The least size of a table or memory.
    var minimum: UInt64 {
        switch self {
        case .table(let type): type.limits.minimum
        case .memory(let type): type.limits.minimum
        case .function, .global, .tag: 0
        }
    }
}
