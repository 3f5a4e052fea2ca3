// Everything about a program that is decided before any function is lowered: what its functions
// use, how they are divided into partitions, what its memory and tables contain at the start.
//
// A plan is immutable and shared by the threads that compile partitions.

internal import LLVMKit
internal import PlantedFaults
internal import Sandbox
internal import TargetModel
internal import WasmBinary
public import WasmTypes
public import WasmValidation

/// A module, ready to be compiled partition by partition.
public struct ProgramPlan: Sendable {
    let validated: ValidatedModule
    let form: InstanceForm
    let usage: ModuleUsage
    /// Which functions (by defined index, that is without imports) each partition compiles.
    let partitions: [Range<Int>]
    /// Functions (by defined index) that would take too long to optimise, whatever their size.
    private let excessive: Set<Int>
    /// The numbers that stand for types at run time, by type index. None is zero.
    let typeNumbers: [UInt32]
    /// The numbers of types that the module defines subtypes of.
    private let extendedTypes: Set<UInt32>
    let memories: [MemoryPlan]
    let tableLimits: [TableLimits]
    /// What instances have from other instances.
    let borrowed: BorrowedCounts
    /// The source's side, for `-g`.
    public var debug: DebugModule?
    /// For the static form: what instantiation comes to.
    private var instantiation: StaticInstantiation
    let indirectCallees: IndirectCallees
    let throwing: ThrowingFunctions

    var module: Module { validated.module }
    /// What it has for C, if it is a library.
    public var library: LibraryPlan? { form.library }

    /// How many partitions there are: at least one.
    public var partitionCount: Int { partitions.count }

    /// Plans a module.
    ///
    /// - Parameter partitionSize: How many bytes of code make a partition.
    /// - Throws: `ModuleError` of the kind invalid for imports of a static instance that `HostFunction` does not know: check
    ///   those before, with ``HostFunction/find(module:name:)``, to report them all.
    public init(
        _ validated: ValidatedModule, form: InstanceForm = .executable,
        partitionSize: Int = Self.defaultPartitionSize
    ) throws(ModuleError) {
        let module = validated.module
        self.validated = validated
        self.form = form
        usage = try ModuleUsage(of: module)
        excessive = try Self.excessiveFunctions(of: module)
        partitions = Self.partition(module.bodies, excessive, size: partitionSize)
        memories = module.memories.map(MemoryPlan.init)
        tableLimits = module.tables.map(TableLimits.init)
        typeNumbers = Self.typeNumbers(of: validated, form)
        borrowed = form.library == nil ? BorrowedCounts(importedBy: module) : BorrowedCounts()
        switch form.state {
        case .absolute:
            try Self.checkSizes(of: memories, tableLimits, in: module)
            instantiation = try StaticInstantiation(
                of: module, usage: usage, memory: memories.first)
        case .perInstance:
            let layout = DynamicLayout(
                module, borrowed, argumentBytes: FunctionSignature.largestArgumentArea)
            guard UInt32(exactly: layout.size) != nil else {
                throw ModuleError(
                    .limitExceeded, "an instance of the module takes more than 4 GiB", at: 0)
            }
            instantiation = StaticInstantiation()
        }
        if form.library != nil {
            try Self.checkSizes(of: memories, tableLimits, in: module)
            guard !usage.usesAggregates, !usage.castsReferences else {
                throw ModuleError(
                    .unsupported, "libraries cannot have objects or casts of references yet", at: 0)
            }
        }
        extendedTypes = Set(
            module.types.flatMap(\.supertypes).map { [typeNumbers] in typeNumbers[Int($0)] })
        throwing = try ThrowingFunctions(
            of: validated, typeNumbers: typeNumbers, isOpen: form.isOpen)
        indirectCallees = IndirectCallees(instantiation.tables) { [typeNumbers] in
            typeNumbers[Int(module.functions[Int($0)])]
        }
    }

    private static func typeNumbers(of validated: ValidatedModule, _ form: InstanceForm) -> [UInt32]
    {
        switch form.artifact {
        case .executable, .library:
            validated.module.types.indices.map {
                UInt32(validated.types.canonicalIndex(of: TypeIndex($0)) + 1)
            }
        case .scriptModule(_, let types): types.numbers(for: validated.module)
        }
    }

    // Partitions -----------------------------------------------------------------------------

    /// Large enough that calls across partitions, which are not inlined, stay rare; small enough
    /// that two cores have something to do on a module of a megabyte.
    public static let defaultPartitionSize = 256 * 1024

    /// A function of more code than this is compiled without optimisation, in a partition of its own:
    /// some of LLVM's passes take time with the square of a function's size.
    public static let oversizedFunction = 256 * 1024

    /// Consecutive functions of about `size` bytes of code each; the last ones of a large module are
    /// smaller, so that no core is left waiting for another one's last. The number of cores
    /// does not matter, so the output is the same on every machine.
    private static func partition(
        _ bodies: [FunctionBody], _ excessive: Set<Int>, size: Int
    ) -> [Range<Int>] {
        let limit = max(size, oversizedFunction)
        // Where there may be only one partition, it stays one.
        let excessive = limit > oversizedFunction ? [] : excessive
        func isAlone(_ index: Int) -> Bool {
            bodies[index].code.count > limit || excessive.contains(index)
        }
        let total = bodies.indices.reduce(0) { $0 + (isAlone($1) ? 0 : bodies[$1].code.count) }
        let count = max(1, (total + size / 2) / max(1, size))
        let share = total / count + 1
        let isLarge = count >= 4
        var partitions: [Range<Int>] = []
        var first = 0
        var bytes = 0
        var left = total
        func close(before next: Int) {
            if first < next { partitions.append(first..<next) }
            first = next
            bytes = 0
        }
        for (index, body) in bodies.enumerated() {
            if isAlone(index) {
                close(before: index)
                close(before: index + 1)
                continue
            }
            bytes += body.code.count
            let wanted = isLarge ? min(share, max((left + 3) / 4, share / 4)) : share
            if bytes >= wanted {
                left -= bytes
                close(before: index + 1)
            }
        }
        close(before: bodies.count)
        return partitions.isEmpty ? [0..<0] : partitions
    }

    private static func excessiveFunctions(of module: Module) throws(ModuleError) -> Set<Int> {
        var excessive: Set<Int> = []
        for (index, body) in module.bodies.enumerated() {
            if body.code.count > oversizedFunction {
                excessive.insert(index)
            } else if try FunctionMeasure(of: body, in: module).isExcessive {
                excessive.insert(index)
            }
        }
        return excessive
    }

    /// Whether a partition is a single function that would take too long to optimise.
    public func isOversized(partition: Int) -> Bool {
        let functions = partitions[partition]
        return functions.count == 1 && excessive.contains(functions.lowerBound)
    }

    /// Whether optimising a function would take too long.
    func isExcessive(_ function: FunctionIndex) -> Bool {
        excessive.contains(Int(function) - module.importedFunctionCount)
    }

    /// The names of the functions for which that is so.
    public var unoptimizedFunctions: [String] {
        let names = functionNames
        return excessive.sorted().map {
            names.display(FunctionIndex(module.importedFunctionCount + $0))
        }
    }

    /// How many functions a partition has, and how many bytes of code.
    public func extent(ofPartition partition: Int) -> (functions: Int, codeBytes: Int) {
        let functions = partitions[partition]
        return (functions.count, module.bodies[functions].reduce(0) { $0 + $1.code.count })
    }

    // What instantiation comes to ------------------------------------------------------------

    /// The initial contents of memory 0 of a static instance, as the kernel maps them.
    public var mappedMemory: MemoryContents? { instantiation.memory }
    /// The initial contents of memory 0 that are copied when the program starts.
    var copiedMemory: [MemoryContents.Chunk] { instantiation.copiedMemory }

    /// Has the program copy the initial contents of memory 0 when it starts, instead of having them
    /// mapped by the kernel, for which the file needs padding.
    ///
    /// - Parameter limit: For so many bytes at most, not counting long runs of zeros.
    public mutating func copyMemory(upTo limit: Int) { instantiation.copyMemory(upTo: limit) }
    var tables: [TablePlan] { instantiation.tables }
    var globals: [ConstantValue] { instantiation.globals }
    var passiveElements: [ElementIndex: [ConstantValue]] { instantiation.passiveElements }
    /// Host functions for the imported functions, in their order.
    var hostFunctions: [HostFunction] { instantiation.hostFunctions }
    /// Active data segments to be copied when the program starts.
    var deferredData: [DataIndex] { instantiation.deferredData }
    /// The trap that instantiation ends in, when a segment does not fit.
    var instantiationTrap: TrapCode? { instantiation.trap }
    /// The exported `_start`.
    var entryFunction: FunctionIndex? {
        module.exports.first { $0.name == "_start" && $0.kind == .function }?.index
    }

    /// For the static form: what objects look like, by type number.
    var typeLayouts: [ObjectLayout?] {
        var layouts = [ObjectLayout?](repeating: nil, count: Int(typeNumbers.max() ?? 0) + 1)
        for (index, type) in module.types.enumerated() {
            layouts[Int(typeNumbers[index])] = ObjectLayout(type, of: module)
        }
        return layouts
    }

    /// For the static form: the number of each type's supertype, by type number, 0 for none.
    var typeParents: [UInt32] {
        var parents = [UInt32](repeating: 0, count: Int(typeNumbers.max() ?? 0) + 1)
        for (index, type) in module.types.enumerated() {
            guard let supertype = type.supertypes.first else { continue }
            parents[Int(typeNumbers[index])] = typeNumbers[Int(supertype)]
        }
        return parents
    }

    /// Whether objects may be of a type that is below this one.
    func mayHaveSubtypes(_ type: TypeIndex) -> Bool {
        if module.types[Int(type)].isFinal { return false }
        return form.isOpen || extendedTypes.contains(typeNumbers[Int(type)])
    }

    /// How many supertypes a type has; nil for types of functions.
    func depth(ofObjectType type: TypeIndex) -> Int? {
        if module.types[Int(type)].functionType != nil { return nil }
        return sequence(first: type) { module.types[Int($0)].supertypes.first }.dropFirst()
            .reduce(0) { depth, _ in depth + 1 }
    }

    /// Whether the program needs to find landing pads, and what an exception carries.
    public var hasExceptions: Bool { !throwing.isEmpty }

    /// Whether it defines types of structures or arrays.
    var hasObjects: Bool { module.types.contains { $0.functionType == nil } }

    /// What becomes of the proof of accesses unless something else is asked for.
    var standardAccessProof: AccessProofMode {
        // A planted fault is for the fuzzers to find, behind the back of the proof.
        let isLeftOut =
            form.isOpen || hasObjects || usage.usesAggregates || PlantedFault.isAnyPlanted
        return isLeftOut ? .off : .enforce
    }

    // Conventions ----------------------------------------------------------------------------

    /// How compiled functions call one another, until the optimizer's `TailCalls` makes one
    /// convention of both.
    var convention: CallingConvention { usage.usesTailCalls ? .tail : .fast }

    /// Whether arguments without a register go to the stack. That is what ends the guarantee of tail
    /// calls. Functions of dynamic instances may be called from modules that have some.
    var passesArgumentsOnStack: Bool {
        if PlantedFault.stackArguments.isPlanted { return true }
        return !form.isOpen && !usage.usesTailCalls
    }

    /// What the functions are called.
    public var functionNames: FunctionNames {
        FunctionNames(module: module, scope: form.symbolScope)
    }

    // Memories -------------------------------------------------------------------------------

    /// Whether the program's code may expect memory 0 where the segment register gs points: decided
    /// once for all units and for the description by which the runtime sets the register. Units may be
    /// compiled at other levels than the program.
    func hasSegment(_ options: CodeGenerationOptions) -> Bool {
        guard form.state == .absolute else { return false }
        return options.level == .size && TargetInfo(options).architecture == .x86_64
            && !memories.isEmpty
    }

    /// The numbers of a memory, an imported one's by what the module says of it.
    func memory(_ index: MemoryIndex) -> MemoryPlan { memories[Int(index)] }

    /// Refuses memories and tables of a static instance that no machine has room for. Instances that
    /// are made at run time fail then.
    private static func checkSizes(
        of memories: [MemoryPlan], _ tables: [TableLimits], in module: Module
    ) throws(ModuleError) {
        let (tableSection, memorySection): (UInt8, UInt8) = (4, 5)
        for (index, memory) in memories.enumerated() {
            guard let refusal = memory.refusal else { continue }
            throw ModuleError(
                .limitExceeded, "memory \(index) \(refusal)",
                at: offset(of: memorySection, in: module))
        }
        if let index = TableLimits.firstExcess(tables) {
            throw ModuleError(
                .limitExceeded,
                tables[index].isPossible
                    ? "tables up to number \(index) have more than \(TableLimits.largestTables)"
                        + " elements together"
                    : "table \(index) has more than \(TableLimits.largestTable) elements:"
                        + " declare a smaller minimum and let table.grow ask for more",
                at: offset(of: tableSection, in: module))
        }
    }

    /// Where a section's contents begin in the file.
    private static func offset(of section: UInt8, in module: Module) -> Int {
        module.sections.first { $0.id == section }?.range.lowerBound ?? 0
    }
}
