// Everything about a program that is decided before any function is lowered: what its functions
// use, how they are divided into partitions, what its memory and tables contain at the start.
//
// A plan is immutable and shared by the threads that compile partitions. It is where a valid
// module that cannot be compiled yet is refused.

internal import WasmBinary
public import WasmTypes
public import WasmValidation

/// A program, ready to be compiled partition by partition.
public struct ProgramPlan: Sendable {
    let validated: ValidatedModule
    let usage: ModuleUsage
    /// Which functions (by defined index, that is without imports) each partition compiles.
    let partitions: [Range<Int>]
    /// The initial contents of memory 0.
    public let memoryImage: MemoryContents?
    let tables: [TablePlan]
    let globals: [ConstantValue]
    /// The items of the passive element segments.
    let passiveElements: [ElementIndex: [ConstantValue]]
    /// Host functions for the imported functions, in their order.
    let hostFunctions: [HostFunction]
    /// The trap that instantiation ends in, when a segment does not fit.
    let instantiationTrap: TrapCode?
    /// The exported `_start`.
    let entryFunction: FunctionIndex?

    var module: Module { validated.module }

    /// How many partitions there are: at least one.
    public var partitionCount: Int { partitions.count }

    /// Plans a program in the static-instance form.
    ///
    /// - Parameter partitionSize: How many bytes of code make a partition.
    /// - Throws: `ModuleError` of the kind unsupported, for what is not lowered yet, and of the
    ///   kind invalid for imports that `HostFunction` does not know: check those before, with
    ///   ``HostFunction/find(module:name:)``, to report them all.
    public init(
        _ validated: ValidatedModule, partitionSize: Int = Self.defaultPartitionSize
    ) throws(ModuleError) {
        let module = validated.module
        try Self.checkSupport(of: module)
        let usage = try ModuleUsage(of: module)
        var evaluator = ConstantEvaluator(module: module)
        let globals = try evaluator.evaluateGlobals()
        var instantiation = InstantiationPlanner(module: module, usage: usage, globals: globals)
        try instantiation.run()

        var passiveElements: [ElementIndex: [ConstantValue]] = [:]
        for (index, segment) in module.elements.enumerated() where segment.mode == .passive {
            passiveElements[ElementIndex(index)] = try evaluator.evaluateItems(of: segment)
        }

        self.validated = validated
        self.passiveElements = passiveElements
        self.usage = usage
        self.globals = globals
        partitions = Self.partition(module.bodies, size: partitionSize)
        tables = instantiation.tables
        memoryImage = instantiation.memory
        instantiationTrap = instantiation.trap
        hostFunctions = try Self.resolveImports(of: module)
        entryFunction = module.exports.first { $0.name == "_start" && $0.kind == .function }?.index
    }

    /// Large enough that calls across partitions, which are not inlined, stay rare; small enough
    /// that two cores have something to do on a module of a megabyte.
    public static let defaultPartitionSize = 256 * 1024

    /// Consecutive functions of about `size` bytes of code each. The number of cores does not
    /// matter, so the output is the same on every machine.
    private static func partition(_ bodies: [FunctionBody], size: Int) -> [Range<Int>] {
        let total = bodies.reduce(0) { $0 + $1.code.count }
        let count = max(1, (total + size / 2) / max(1, size))
        let share = total / count + 1
        var partitions: [Range<Int>] = []
        var first = 0
        var bytes = 0
        for (index, body) in bodies.enumerated() {
            bytes += body.code.count
            if bytes >= share {
                partitions.append(first..<index + 1)
                first = index + 1
                bytes = 0
            }
        }
        if first < bodies.count || partitions.isEmpty { partitions.append(first..<bodies.count) }
        return partitions
    }

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

    /// Refuses entities that are valid but not lowered yet; instructions are `ModuleUsage`'s.
    private static func checkSupport(of module: Module) throws(ModuleError) {
        func refuse(_ what: String) throws(ModuleError) {
            throw ModuleError(.unsupported, what, at: 0)
        }
        if module.memories.count > 1 { try refuse("more than one memory (multi-memory)") }
        for memory in module.memories {
            if memory.addressType == .i64 { try refuse("64-bit memories (memory64)") }
            if memory.isShared { try refuse("shared memories (threads)") }
            if memory.pageSizeLog2 != 16 { try refuse("custom page sizes (custom-page-sizes)") }
        }
        for table in module.tables where table.addressType == .i64 {
            try refuse("64-bit tables (memory64)")
        }
        if !module.tags.isEmpty { try refuse("exceptions (exception-handling)") }
        for type in module.types {
            if type.functionType == nil { try refuse("structures and arrays (gc)") }
            if !type.isFinal || !type.supertypes.isEmpty { try refuse("subtypes (gc)") }
        }
    }
}
