// What the instantiation of a static instance comes to: everything that can be computed from the
// module alone, which for an executable is all but copying into memories outside of its image.

internal import Sandbox
internal import WasmBinary
internal import WasmTypes

/// The initial state of a static instance.
struct StaticInstantiation: Sendable {
    private(set) var memory: MemoryContents?
    /// What is copied into the memory when the program starts; it is not part of ``memory`` then.
    private(set) var copiedMemory: [MemoryContents.Chunk] = []
    private(set) var tables: [TablePlan] = []
    private(set) var globals: [ConstantValue] = []
    private(set) var passiveElements: [ElementIndex: [ConstantValue]] = [:]
    private(set) var hostFunctions: [HostFunction] = []
    private(set) var deferredData: [DataIndex] = []
    private(set) var trap: TrapCode?

    /// Nothing, for instances that are made at run time.
    init() {}

    init(of module: Module, usage: ModuleUsage, memory: MemoryPlan?) throws(ModuleError) {
        hostFunctions = try Self.resolveImports(of: module)
        var evaluator = ConstantEvaluator(module: module)
        globals = try evaluator.evaluateGlobals()
        for (index, segment) in module.elements.enumerated() where segment.mode == .passive {
            passiveElements[ElementIndex(index)] = try evaluator.evaluateItems(of: segment)
        }
        var planner = InstantiationPlanner(
            module: module, usage: usage, globals: globals, memory: memory)
        try planner.run()
        (self.memory, tables, trap) = (planner.memory, planner.tables, planner.trap)
        deferredData = planner.deferredData
    }

    /// Moves the contents of the memory to ``copiedMemory`` if they are small.
    mutating func copyMemory(upTo limit: Int) {
        guard let memory else { return }
        let chunks = memory.withoutZeros
        guard chunks.count <= Self.copyLimit, chunks.reduce(0, { $0 + $1.bytes.count }) <= limit
        else { return }
        copiedMemory = chunks
        self.memory!.chunks = []
    }

    /// Beyond this many copies their code is larger than what it saves.
    private static let copyLimit = 64

    private static func resolveImports(of module: Module) throws(ModuleError) -> [HostFunction] {
        var functions: [HostFunction] = []
        for entry in module.imports {
            guard case .function(let type) = entry.type else {
                throw ModuleError(
                    .invalid, "nobody provides the import \(entry.module).\(entry.name)",
                    at: entry.offset)
            }
            guard let function = HostFunction.find(module: entry.module, name: entry.name) else {
                throw ModuleError(
                    .invalid, "unknown import \(entry.module).\(entry.name)", at: entry.offset)
            }
            let expected = module.types[Int(type)].functionType
            guard expected == function.type else {
                throw ModuleError(
                    .invalid,
                    "incompatible import type: \(entry.module).\(entry.name) is"
                        + " \(function.type), but the module says \(expected!)", at: entry.offset)
            }
            functions.append(function)
        }
        return functions
    }
}
