// What is compiled into one artifact: the instances of modules and how they are connected, how their
// functions are divided into partitions, what their memories and tables contain at the start.
//
// A program is immutable and shared by the threads that compile partitions.
//
// sandbox: rests on `LinkedModules`, and on one memory only being the one that the linker places.

internal import LLVMKit
internal import PlantedFaults
public import Sandbox
internal import TargetModel
internal import WasmBinary
public import WasmTypes
public import WasmValidation

/// What an executable does once its instances are there.
public enum ProgramEntry: Sendable, Hashable {
    /// It calls the `_start` of the first instance, if that has one.
    case command
    /// It calls these exported functions of the first instance, one after the other, with arguments
    /// from the command line, and prints their results.
    case invocations([String])
}

/// Instances of modules, ready to be compiled partition by partition.
public struct Program: Sendable {
    let form: InstanceForm
    let entry: ProgramEntry
    let instances: [InstancePlan]
    /// The numbers of the instances in the order in which they are instantiated.
    let order: [Int]
    let types: TypeStore
    /// The numbers of types that some module defines subtypes of.
    private let extendedTypes: Set<UInt32>
    /// Which functions each partition compiles.
    let partitions: [[Part]]
    /// The memory that the linker places in the executable's image: of all memories that are some
    /// instance's memory 0 the one that most code works on.
    let imageMemory: EntityPlace?
    private var image: MemoryContents?
    /// The initial contents of the image's memory that are copied when the program starts.
    private(set) var copiedMemory: [MemoryContents.Chunk] = []
    /// The source's side of the first instance, for `-g`.
    public var debug: DebugModule?

    /// Consecutive functions of an instance, by defined index (that is without imports).
    struct Part: Sendable, Hashable {
        var instance: Int
        var functions: Range<Int>
    }

    /// The instance that the program is named after.
    var main: InstancePlan { instances[0] }

    /// What it has for C, if it is a library.
    public var library: LibraryPlan? { form.library }

    /// What instances that are made at run time have from others. A library's host gives what it has
    /// to give in other ways.
    var borrowed: BorrowedCounts { Self.borrowed(form, by: main.module.module) }

    private static func borrowed(_ form: InstanceForm, by module: Module) -> BorrowedCounts {
        form.library == nil ? BorrowedCounts(importedBy: module) : BorrowedCounts()
    }

    /// How many partitions there are: at least one.
    public var partitionCount: Int { partitions.count }

    /// Plans a program of one instance.
    ///
    /// - Throws: `ModuleError` of the kind invalid for imports of a static instance that the runtime does
    ///   not provide. A ``LinkedModules`` reports them all.
    public init(
        _ validated: ValidatedModule, form: InstanceForm = .executable,
        bounds: BoundsChecks = .reserved, partitionSize: Int = Self.defaultPartitionSize
    ) throws(ModuleError) {
        switch form.artifact {
        case .executable:
            let linkage = LinkedModules(validated)
            if let problem = linkage.problems.first {
                throw ModuleError(
                    .invalid, "unknown import \(problem.item.module).\(problem.item.name)",
                    at: problem.item.offset)
            }
            try self.init(linkage, bounds: bounds, partitionSize: partitionSize)
        case .scriptModule(_, let types):
            try self.init(validated, form, types, bounds, partitionSize)
        case .library:
            try self.init(validated, form, TypeStore(), bounds, partitionSize)
        }
    }

    /// Plans a program of static instances, without problems of its imports.
    ///
    /// - Parameter partitionSize: How many bytes of code make a partition.
    public init(
        _ linkage: LinkedModules, entry: ProgramEntry = .command,
        bounds: BoundsChecks = .reserved, partitionSize: Int = Self.defaultPartitionSize
    ) throws(ModuleError) {
        precondition(linkage.problems.isEmpty, "imports without providers")
        form = .executable
        self.entry = entry
        types = linkage.types
        order = linkage.order
        var modules: [ModulePlan] = []
        for (index, module) in linkage.modules.enumerated() {
            let plan = try ModulePlan(
                module, typeNumbers: linkage.scopes[index].numbers, bounds: bounds)
            try plan.checkSizes()
            modules.append(plan)
        }
        var plans = [InstancePlan?](repeating: nil, count: linkage.instances.count)
        for number in linkage.order {
            let instance = linkage.instances[number]
            plans[number] = InstancePlan(
                number: number, name: instance.name, modules[instance.module],
                imports: instance.imports, earlier: plans,
                callsInitializer: linkage.callsInitializers)
        }
        var instances = plans.compactMap(\.self)
        imageMemory = Self.imageMemory(of: instances)
        var planner = InstantiationPlanner(
            instances, image: imageMemory,
            initializes: { Self.initializes($0, entry) })
        for number in order { try planner.instantiate(number) }
        image = planner.finish()
        let isOpen = instances.count > 1 && modules.contains { !$0.module.tags.isEmpty }
        for number in instances.indices {
            let module = instances[number].module
            instances[number].state = planner.states[number]
            instances[number].throwing = try ThrowingFunctions(
                of: module.validated, typeNumbers: module.typeNumbers, isOpen: isOpen)
            instances[number].indirectCallees = IndirectCallees(
                instances[number].state.tables,
                firstIndex: TableIndex(module.module.importedTableCount)
            ) { [instances] in
                instances[$0.instance].module.typeNumber(of: $0.index)
            }
        }
        self.instances = instances
        extendedTypes = Self.extendedTypes(of: instances)
        partitions = Self.partition(instances, size: partitionSize)
    }

    /// Plans a module whose instances are made at run time.
    private init(
        _ validated: ValidatedModule, _ form: InstanceForm, _ types: TypeStore,
        _ bounds: BoundsChecks, _ partitionSize: Int
    ) throws(ModuleError) {
        let layout = DynamicLayout(
            validated.module, Self.borrowed(form, by: validated.module),
            argumentBytes: FunctionSignature.largestArgumentArea)
        guard UInt32(exactly: layout.size) != nil else {
            throw ModuleError(
                .limitExceeded, "an instance of the module takes more than 4 GiB", at: 0)
        }
        let module = try ModulePlan(
            validated, typeNumbers: types.add(validated.module).numbers, bounds: bounds)
        if form.library != nil {
            try module.checkSizes()
            guard !module.usage.usesAggregates, !module.usage.castsReferences else {
                throw ModuleError(
                    .unsupported, "libraries cannot have objects or casts of references yet", at: 0)
            }
        }
        var instance = InstancePlan(number: 0, name: "", module, imports: [], earlier: [])
        instance.throwing = try ThrowingFunctions(
            of: validated, typeNumbers: module.typeNumbers, isOpen: form.isOpen)
        (self.form, self.types) = (form, types)
        (entry, order, imageMemory) = (.command, [0], nil)
        instances = [instance]
        extendedTypes = Self.extendedTypes(of: instances)
        partitions = Self.partition(instances, size: partitionSize)
    }

    /// The memory 0 that most code works on. The code of all others loads the base of their memory.
    private static func imageMemory(of instances: [InstancePlan]) -> EntityPlace? {
        var code: [EntityPlace: Int] = [:]
        for instance in instances where !instance.memories.isEmpty {
            guard case .instance(let place) = instance.location(.memory, 0) else { continue }
            code[place, default: 0] += instance.module.module.bodies.reduce(1) {
                $0 + $1.code.count
            }
        }
        return code.max { ($0.value, $1.key.instance) < ($1.value, $0.key.instance) }?.key
    }

    // Partitions -----------------------------------------------------------------------------

    /// Large enough that calls across partitions, which are not inlined, stay rare; small enough
    /// that two cores have something to do on a module of a megabyte.
    public static let defaultPartitionSize = 256 * 1024

    /// A function of more code than this is compiled without optimisation, in a partition of its own:
    /// some of LLVM's passes take time with the square of a function's size.
    public static let oversizedFunction = FunctionMeasure.oversized

    /// Consecutive functions of about `size` bytes of code each; the last ones of a large module are
    /// smaller, so that no core is left waiting for another one's last. The number of cores
    /// does not matter, so the output is the same on every machine.
    private static func partition(_ instances: [InstancePlan], size: Int) -> [[Part]] {
        var bodies: [FunctionBody] = []
        var excessive: Set<Int> = []
        for module in instances.map(\.module) {
            excessive.formUnion(module.excessive.map { $0 + bodies.count })
            bodies += module.module.bodies
        }
        let ranges = partition(bodies, excessive, size: size)
        var first = 0
        let extents = instances.map { instance in
            defer { first += instance.module.module.bodies.count }
            return first..<first + instance.module.module.bodies.count
        }
        return ranges.map { range in
            extents.enumerated().compactMap { number, extent in
                let own = range.clamped(to: extent)
                // One that is empty is the whole of an instance without functions.
                guard !own.isEmpty || instances.count == 1 else { return nil }
                return Part(
                    instance: number,
                    functions: own.lowerBound - extent.lowerBound..<own.upperBound
                        - extent.lowerBound)
            }
        }
    }

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

    /// Whether a partition is a single function that would take too long to optimise.
    public func isOversized(partition: Int) -> Bool {
        let parts = partitions[partition].filter { !$0.functions.isEmpty }
        guard parts.count == 1, parts[0].functions.count == 1 else { return false }
        return instances[parts[0].instance].module.excessive
            .contains(parts[0].functions.lowerBound)
    }

    /// The names of the functions that would take too long to optimise.
    public var unoptimizedFunctions: [String] {
        instances.flatMap { instance in
            let names = functionNames(ofInstance: instance.number)
            let imported = instance.module.module.importedFunctionCount
            return instance.module.excessive.sorted().map {
                names.display(FunctionIndex(imported + $0))
            }
        }
    }

    /// How many functions a partition has, and how many bytes of code.
    public func extent(ofPartition partition: Int) -> (functions: Int, codeBytes: Int) {
        partitions[partition].reduce((0, 0)) { sum, part in
            let bodies = instances[part.instance].module.module.bodies[part.functions]
            return (sum.0 + bodies.count, sum.1 + bodies.reduce(0) { $0 + $1.code.count })
        }
    }

    // What instantiation comes to ------------------------------------------------------------

    /// The initial contents of the image's memory, as the kernel maps them.
    public var mappedMemory: MemoryContents? { image }

    /// Has the program copy the initial contents of that memory when it starts, if they are small,
    /// instead of having them mapped by the kernel, for which the file needs padding.
    ///
    /// - Parameter limit: For so many bytes at most, not counting long runs of zeros.
    public mutating func copyMemory(upTo limit: Int) {
        guard let image else { return }
        let chunks = image.withoutZeros
        guard chunks.count <= Self.copyLimit, chunks.reduce(0, { $0 + $1.bytes.count }) <= limit
        else { return }
        copiedMemory = chunks
        self.image!.chunks = []
    }

    /// Beyond this many copies their code is larger than what it saves.
    private static let copyLimit = 64

    /// Whether the program needs to find landing pads, and what an exception carries.
    public var hasExceptions: Bool { instances.contains { !$0.throwing.isEmpty } }

    /// Whether it defines types of structures or arrays.
    var hasObjects: Bool {
        instances.contains { $0.module.hasObjects }
    }

    /// Whether objects may be of a type that is below this one.
    func mayHaveSubtypes(_ type: TypeIndex, of module: ModulePlan) -> Bool {
        if module.module.types[Int(type)].isFinal { return false }
        return form.isOpen || extendedTypes.contains(module.typeNumbers[Int(type)])
    }

    private static func extendedTypes(of instances: [InstancePlan]) -> Set<UInt32> {
        var types: Set<UInt32> = []
        for module in instances.map(\.module) {
            types.formUnion(
                module.module.types.flatMap(\.supertypes).map { module.typeNumbers[Int($0)] })
        }
        return types
    }

    /// What becomes of the proof of accesses unless something else is asked for.
    var standardAccessProof: AccessProofMode {
        // A planted fault is for the fuzzers to find, behind the back of the proof.
        let isLeftOut =
            form.state == .perInstance || hasObjects || PlantedFault.isAnyPlanted
            || instances.contains { $0.module.usage.usesAggregates }
        return isLeftOut ? .off : .enforce
    }

    /// Whether some type may have subtypes.
    var hasOpenTypes: Bool {
        instances.contains { $0.module.module.types.contains { !$0.isFinal } }
    }

    /// Whether the `_initialize` of an instance is called: unless the instance has a `_start` for that.
    func initializes(_ instance: InstancePlan) -> Bool { Self.initializes(instance, entry) }

    private static func initializes(_ instance: InstancePlan, _ entry: ProgramEntry) -> Bool {
        let isCommand =
            instance.number == 0 && entry == .command && instance.entryFunction != nil
        return !isCommand && instance.initializer != nil
    }

    /// Whether what the program's own instance exports is called from elsewhere: nothing else would be
    /// executed.
    var exportsSymbols: Bool { entry == .command && main.entryFunction == nil }

    // Conventions ----------------------------------------------------------------------------

    private var usesTailCalls: Bool { instances.contains { $0.module.usage.usesTailCalls } }

    /// How compiled functions call one another, until the optimizer's `TailCalls` makes one
    /// convention of both.
    var convention: CallingConvention { usesTailCalls ? .tail : .fast }

    /// Whether arguments without a register go to the stack. That is what ends the guarantee of tail
    /// calls. Functions of dynamic instances may be called from modules that have some.
    var passesArgumentsOnStack: Bool {
        if PlantedFault.stackArguments.isPlanted { return true }
        return !form.isOpen && !usesTailCalls
    }

    /// What the functions of an instance are called.
    func functionNames(ofInstance number: Int) -> FunctionNames {
        let instance = instances[number]
        return FunctionNames(
            module: instance.module.module, scope: form.symbolScope + instance.scope,
            instance: instance.name)
    }

    /// What the functions are called.
    public var functionNames: ProgramNames {
        ProgramNames(instances: instances.indices.map(functionNames(ofInstance:)))
    }

    // Memories -------------------------------------------------------------------------------

    /// Whether the program's code may expect the image's memory where the segment register gs points:
    /// decided once for all units and for the description by which the runtime sets the register. Units
    /// may be compiled at other levels than the program.
    func hasSegment(_ options: CodeGenerationOptions) -> Bool {
        options.level == .size && TargetInfo(options).architecture == .x86_64
            && imageMemory != nil
    }
}
