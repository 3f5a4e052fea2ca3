// A generated module while its functions are written: what it imports, each once.

import WasmTypes

/// What the flag "may leave" is needed for. It is off while a component instance allocates memory or cleans up;
/// only what these can get to may find it so.
struct LeaveFacts {
    /// Functions that allocate or clean up and can get to an adapter.
    var roots: Set<Source> = []
    /// The adapters that they can get to.
    var adapters: Set<Source> = []
    /// Component instances where they can get to any adapter.
    var instances: Set<Int> = []

    /// Whether an adapter of a component instance has to look at the flag.
    func checks(_ adapter: Source, of instance: Int) -> Bool {
        instances.contains(instance) || adapters.contains(adapter)
    }
}

/// What generated code has to know about the program.
struct ProgramFacts {
    var types: TypeTable
    var resources: [Resource]
    var instances: [ComponentInstance]
    var leave = LeaveFacts()
    /// Component instances whose flag "may enter" can be seen to be off.
    var mayEnterIsSeen: Set<Int> = []
    /// Component instances that have variables of tasks.
    var usesContext: Set<Int> = []
    /// Component instances that can ask for not being called.
    var usesBackpressure: Set<Int> = []
    /// Whether any core module can throw.
    var hasExceptions = false
}

/// Collects the imports and the functions of one generated module.
final class ModuleEmitter {
    var builder = ModuleBuilder()
    let facts: ProgramFacts
    /// What is behind the imports, in their order.
    private(set) var imports: [Source] = []
    private var functions: [Source: FunctionReference] = [:]
    private var memories: [Source: UInt32] = [:]
    private var globals: [Source: UInt32] = [:]
    /// Whether the function that is written now checks that its component instance may be left.
    var checksLeave = false
    /// Functions that were written for all others to call.
    var helpers: [HelperKey: FunctionReference] = [:]
    /// Exports of state modules that are needed, by node.
    var stateUse: [Int: Set<StateItem>] = [:]

    init(facts: ProgramFacts) {
        self.facts = facts
    }

    func function(
        _ source: Source, _ signature: CoreSignature, _ name: String
    ) -> FunctionReference {
        if let known = functions[source] { return known }
        let reference = builder.importFunction("link", "\(imports.count) \(name)", signature)
        imports.append(source)
        functions[source] = reference
        return reference
    }

    func memory(_ source: Source, _ type: MemoryType) -> UInt32 {
        if let known = memories[source] { return known }
        let index = builder.importMemory("link", "\(imports.count)", type)
        imports.append(source)
        memories[source] = index
        return index
    }

    func global(_ source: Source, _ type: CoreType) -> UInt32 {
        if let known = globals[source] { return known }
        let index = builder.importGlobal("link", "\(imports.count)", type)
        imports.append(source)
        globals[source] = index
        return index
    }

    // What all modules use -----------------------------------------------------------------------

    /// A function of the handle table of a component instance.
    func state(_ item: StateItem, of instance: Int) -> FunctionReference {
        function(stateSource(item, of: instance), item.signature, item.rawValue)
    }

    /// A flag or a variable of a component instance.
    func stateGlobal(_ item: StateItem, of instance: Int) -> UInt32 {
        global(stateSource(item, of: instance), item.globalType)
    }

    private func stateSource(_ item: StateItem, of instance: Int) -> Source {
        let node = facts.instances[instance].state
        stateUse[node, default: []].insert(item)
        return .export(instance: node, name: ExactName(item.rawValue))
    }

    /// Ends the program with a message.
    func trap(_ trap: ComponentTrap, in body: inout FunctionBuilder) {
        body.i32(trap.rawValue)
        body.i32(0)
        finishTrap(in: &body)
    }

    /// Ends the program if the condition on the stack holds.
    func trapIf(_ trap: ComponentTrap, in body: inout FunctionBuilder) {
        body.if()
        self.trap(trap, in: &body)
        body.end()
    }

    private func finishTrap(in body: inout FunctionBuilder) {
        let source = Source.host(module: "smelt:component", name: "trap")
        body.call(function(source, CoreSignature([.i32, .i32]), "trap"))
        body.op(.unreachable)
    }
}

/// What a state module can export.
enum StateItem: String, Hashable {
    case add, addBorrow = "add borrow", take, lend, unlend, rep, drop
    case pushLender = "push lender", popLenders = "pop lenders", lenderCount = "lender count"
    case openScope = "open scope", closeScope = "close scope"
    case mayLeave = "may leave", mayEnter = "may enter"
    case context0 = "context 0", context1 = "context 1", backpressure

    var signature: CoreSignature {
        switch self {
        case .add, .addBorrow, .take, .lend, .rep: CoreSignature([.i32, .i32], [.i32])
        case .drop: CoreSignature([.i32, .i32], [.i64])
        case .unlend, .pushLender, .popLenders: CoreSignature([.i32])
        case .lenderCount: CoreSignature([], [.i32])
        case .openScope, .closeScope: CoreSignature()
        case .mayLeave, .mayEnter, .context0, .context1, .backpressure: CoreSignature()
        }
    }

    var globalType: CoreType {
        switch self {
        case .context0, .context1: .i64
        default: .i32
        }
    }

    var isGlobal: Bool {
        switch self {
        case .mayLeave, .mayEnter, .context0, .context1, .backpressure: true
        default: false
        }
    }
}

/// What makes two generated functions the same.
enum HelperKey: Hashable {
    case pass(TypeID, from: SideKey, to: SideKey)
    case string(from: SideKey, to: SideKey)
    /// Checks UTF-8.
    case validateUTF8(memory: UInt32)
    /// Decodes a character of more than one byte.
    case decodeUTF8(memory: UInt32)
    case allocate(SideKey, AllocationPurpose)
    case list(TypeID, from: SideKey, to: SideKey)
}
