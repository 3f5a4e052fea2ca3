// An instance of a program: its module, what is behind its imports, and the state that it begins with.
//
// sandbox: rests on `LinkedModules` for what imports stand for. The numbers of an imported memory or table are
// the owner's, by whose plan it is made.

internal import Sandbox
internal import WasmBinary
internal import WasmTypes

/// Where something is that an instance knows by an index.
enum EntityLocation: Hashable, Sendable {
    /// In an instance, which may be the one that asks.
    case instance(EntityPlace)
    /// It is defined where the object is linked.
    case symbol(String)
    /// A function of the runtime.
    case host(HostFunction)
    /// Nowhere.
    case nowhere
}

/// An instance, ready to be lowered.
struct InstancePlan: Sendable {
    /// Its place among the instances of the program.
    let number: Int
    let module: ModulePlan
    /// What other modules import from it as; for messages.
    let name: String
    /// By index, the numbers of its memories.
    let memories: [MemoryPlan]
    /// Whether its exported `_initialize` is a part of its instantiation.
    private let callsInitializer: Bool
    /// What is behind its imports, by kind and index.
    private let imports: [ExternalKind: [ImportTarget]]
    /// For the static form: what instantiation comes to.
    var state = StaticInstantiation()
    var indirectCallees = IndirectCallees()
    var throwing = ThrowingFunctions()

    /// - Parameter imports: in the module's order; empty if they are only known at run time.
    init(
        number: Int, name: String, _ module: ModulePlan, imports: [ImportTarget],
        earlier: [InstancePlan?], callsInitializer: Bool = true
    ) {
        self.callsInitializer = callsInitializer
        self.number = number
        self.name = name
        self.module = module
        var targets: [ExternalKind: [ImportTarget]] = [:]
        for (item, target) in zip(module.module.imports, imports) {
            targets[item.type.kind, default: []].append(target)
        }
        self.imports = targets
        memories = module.memories.enumerated().map { index, plan in
            guard let targets = targets[.memory], index < targets.count,
                case .definition(let place) = targets[index]
            else { return plan }
            return earlier[place.instance]!.memories[Int(place.index)]
        }
    }

    /// What keeps its symbols apart from those of the other instances. It does not depend on names of
    /// the guest.
    var scope: String { number == 0 ? "" : "i\(number)." }

    func location(_ kind: ExternalKind, _ index: UInt32) -> EntityLocation {
        guard index < module.module.importedCount(of: kind) else {
            return .instance(EntityPlace(instance: number, index: index))
        }
        // Those of instances that are made at run time are not known.
        guard let targets = imports[kind] else { return .nowhere }
        return switch targets[Int(index)] {
        case .definition(let place): .instance(place)
        case .symbol(let name): .symbol(name)
        case .host(let function): .host(function)
        case .stub: .nowhere
        }
    }

    /// Whether no other instance answers for something.
    func owns(_ kind: ExternalKind, _ index: UInt32) -> Bool {
        switch location(kind, index) {
        case .instance(let place): place.instance == number
        case .symbol: true
        case .host, .nowhere: false
        }
    }

    /// A function by where it is defined; one that no instance defines by the index that it has here.
    func functionPlace(_ index: FunctionIndex) -> EntityPlace {
        if case .instance(let place) = location(.function, index) { return place }
        return EntityPlace(instance: number, index: index)
    }

    /// The exported `_initialize`, if it comes before any other function is called.
    var initializer: FunctionIndex? {
        callsInitializer ? module.module.procedure(named: "_initialize") : nil
    }

    /// The exported `_start`.
    var entryFunction: FunctionIndex? { module.module.procedure(named: "_start") }

    /// Whether it calls the runtime, which then needs to know its memory.
    var hasHostFunctions: Bool {
        (imports[.function] ?? []).contains { if case .host = $0 { true } else { false } }
    }
}

extension Module {
    /// An exported function without parameters and results.
    fileprivate func procedure(named name: String) -> FunctionIndex? {
        exports.first {
            $0.name == name && $0.kind == .function && functionType($0.index) == FunctionType()
        }?.index
    }
}
