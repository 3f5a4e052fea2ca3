// The core instances of a program in their order, those with generated modules as descriptions: what has to
// be generated is known when everything has been evaluated.

import WasmBinary
import WasmTypes
import WasmValidation

/// A generated function that stands for a canonical definition.
enum AdapterSpec {
    /// A function of a component that is called from core code of the instance `caller`.
    case call(ComponentFunction, caller: Int, ResolvedOptions)
    case resourceNew(ResourceID, instance: Int)
    case resourceDrop(ResourceID, instance: Int)
    case resourceRepresentation(ResourceID, instance: Int)
    /// A variable of the task that runs, which is zero when it begins.
    case context(CoreType, slot: Int, isSet: Bool, instance: Int)
    case backpressure(isIncrement: Bool, instance: Int)
    /// A function that the Component Model provides and this target does not.
    case unsupported(name: String, CoreSignature, instance: Int, checksLeave: Bool)
}

extension AdapterSpec {
    /// The component instance that must be allowed to be left; nil if that does not matter.
    var instance: Int? {
        switch self {
        case .call(_, let instance, _), .resourceNew(_, let instance),
            .resourceDrop(_, let instance), .unsupported(_, _, let instance, true):
            instance
        case .resourceRepresentation, .context, .backpressure, .unsupported: nil
        }
    }
}

/// An instance of a core module.
struct Node {
    enum Kind {
        /// A module of the component's.
        case guest(module: Int, imports: [Source])
        case adapters([AdapterSpec])
        /// Handle table and flags of a component instance.
        case state
        /// What stands between adapters and the functions of the runtime.
        case host
        /// A module made by whoever uses the linker, and what it calls.
        case driver(DriverModule)
    }

    var name: String
    var kind: Kind
}

/// Nodes, and what their exports are.
struct GraphBuilder {
    private(set) var modules: [ValidatedModule] = []
    private(set) var nodes: [Node] = []
    /// Adapters that are not in a node yet. They will be node `nodes.count`.
    private var pending: [AdapterSpec] = []

    /// More core instances than anybody needs, so that nested components cannot multiply without end.
    static let instanceLimit = 20_000

    mutating func addModule(_ module: ValidatedModule) -> Int {
        modules.append(module)
        return modules.count - 1
    }

    /// Adds an instance behind all others.
    mutating func add(_ node: Node) throws(LinkingError) -> Int {
        flush()
        guard nodes.count < Self.instanceLimit else {
            throw LinkingError("the component has more than \(Self.instanceLimit) core instances")
        }
        nodes.append(node)
        return nodes.count - 1
    }

    /// Adds a generated function that may use everything that has been added so far.
    mutating func add(_ adapter: AdapterSpec) -> Source {
        pending.append(adapter)
        return .export(instance: nodes.count, name: "\(pending.count - 1)")
    }

    mutating func flush() {
        guard !pending.isEmpty else { return }
        nodes.append(Node(name: "adapters", kind: .adapters(pending)))
        pending = []
    }

    mutating func replace(_ node: Int, with kind: Node.Kind) { nodes[node].kind = kind }

    // Exports --------------------------------------------------------------------------------

    private func export(_ name: ExactName, of module: Int, kind: ExternalKind) -> Export? {
        modules[module].module.exports.first {
            $0.kind == kind && ExactName($0.name) == name
        }
    }

    /// What an export is in the end, if the instance has imported it itself.
    func resolve(_ source: Source, _ kind: ExternalKind) throws(LinkingError) -> Source {
        var source = source
        while case .export(let instance, let name) = source, nodes.indices.contains(instance),
            case .guest(let number, let imports) = nodes[instance].kind
        {
            guard let export = export(name, of: number, kind: kind) else {
                throw LinkingError.notValidated
            }
            let own = zip(modules[number].module.imports, imports).filter {
                $0.0.type.isOf(kind)
            }
            guard export.index < own.count else { return source }
            source = own[Int(export.index)].1
        }
        return source
    }

    /// The kind of what a core instance exports.
    func kind(of name: ExactName, in instance: Int) throws(LinkingError) -> ExternalKind {
        guard case .guest(let module, _) = nodes[instance].kind,
            let export = modules[module].module.exports.first(where: {
                ExactName($0.name) == name
            })
        else { throw LinkingError.notValidated }
        return export.kind
    }

    /// Where a source is defined in a module of the component's.
    func definition(
        _ source: Source, _ kind: ExternalKind
    ) -> (node: Int, module: ValidatedModule, index: UInt32)? {
        guard case .export(let instance, let name) = source, nodes.indices.contains(instance),
            case .guest(let number, _) = nodes[instance].kind,
            let export = export(name, of: number, kind: kind)
        else { return nil }
        return (instance, modules[number], export.index)
    }

    func memoryType(_ source: Source) throws(LinkingError) -> MemoryType {
        if case .export(let instance, _) = source, nodes.indices.contains(instance) {
            switch nodes[instance].kind {
            case .host: return HostModule.memoryType
            case .driver(let driver): if let memory = driver.memory { return memory }
            case .guest, .adapters, .state: break
            }
        }
        guard let (_, module, index) = definition(source, .memory) else {
            throw LinkingError.notValidated
        }
        let type = module.module.memories[Int(index)]
        guard type.addressType == .i32 else {
            throw LinkingError(
                "a canonical function uses a memory of 64-bit addresses, which is not supported")
        }
        return type
    }
}

extension ExternalType {
    func isOf(_ kind: ExternalKind) -> Bool {
        switch (self, kind) {
        case (.function, .function), (.table, .table), (.memory, .memory), (.global, .global),
            (.tag, .tag):
            true
        default: false
        }
    }
}
