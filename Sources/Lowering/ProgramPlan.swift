// Everything about a program that is decided before any function is lowered: what its functions
// use, how they are divided into partitions, what its memory and tables contain at the start.
//
// A plan is immutable and shared by the threads that compile partitions. It is where a valid
// module that cannot be compiled yet is refused.

internal import LLVMKit
internal import Optimization
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
    /// The numbers that stand for types at run time, by type index. None is zero.
    let typeNumbers: [UInt32]
    /// The source's side, for `-g`.
    public var debug: DebugModule?
    /// For the static form: what instantiation comes to.
    private var instantiation: StaticInstantiation
    let indirectCallees: IndirectCallees

    var module: Module { validated.module }

    /// How many partitions there are: at least one.
    public var partitionCount: Int { partitions.count }

    /// Plans a module.
    ///
    /// - Parameter partitionSize: How many bytes of code make a partition.
    /// - Throws: `ModuleError` of the kind unsupported, for what is not lowered yet, and of the
    ///   kind invalid for imports of a static instance that `HostFunction` does not know: check
    ///   those before, with ``HostFunction/find(module:name:)``, to report them all.
    public init(
        _ validated: ValidatedModule, form: InstanceForm = .static,
        partitionSize: Int = Self.defaultPartitionSize
    ) throws(ModuleError) {
        let module = validated.module
        try Self.checkSupport(of: module)
        self.validated = validated
        self.form = form
        usage = try ModuleUsage(of: module)
        partitions = Self.partition(module.bodies, size: partitionSize)
        switch form {
        case .static:
            typeNumbers = module.types.indices.map {
                UInt32(validated.types.canonicalIndex(of: TypeIndex($0)) + 1)
            }
            instantiation = try StaticInstantiation(of: module, usage: usage)
        case .dynamic(_, let types):
            typeNumbers = types.numbers(for: module)
            instantiation = StaticInstantiation()
        }
        indirectCallees = IndirectCallees(instantiation.tables) { [typeNumbers] in
            typeNumbers[Int(module.functions[Int($0)])]
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
    private static func partition(_ bodies: [FunctionBody], size: Int) -> [Range<Int>] {
        let limit = max(size, oversizedFunction)
        let total = bodies.reduce(0) { $0 + ($1.code.count > limit ? 0 : $1.code.count) }
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
            if body.code.count > limit {
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

    /// Whether a partition is a single function that is too large to be optimised.
    public func isOversized(partition: Int) -> Bool {
        let functions = partitions[partition]
        return functions.count == 1 && partitionCount > 1
            && module.bodies[functions.lowerBound].code.count > Self.oversizedFunction
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

    /// For the static form: the number of each type's supertype, by type number, 0 for none.
    var typeParents: [UInt32] {
        var parents = [UInt32](repeating: 0, count: Int(typeNumbers.max() ?? 0) + 1)
        for (index, type) in module.types.enumerated() {
            guard let supertype = type.supertypes.first else { continue }
            parents[Int(typeNumbers[index])] = typeNumbers[Int(supertype)]
        }
        return parents
    }

    // Conventions ----------------------------------------------------------------------------

    /// How compiled functions call one another. Functions of dynamic instances call those of
    /// other modules, so all of these use the same one.
    var convention: CallingConvention {
        switch form {
        case .static: usage.usesTailCalls ? .tail : .fast
        case .dynamic: .tail
        }
    }

    /// What keeps the symbols of one module apart from those of others in the same link.
    private var symbolScope: String {
        switch form {
        case .static: ""
        case .dynamic(let name, _): name + "."
        }
    }

    /// What the functions are called.
    public var functionNames: FunctionNames {
        FunctionNames(module: module, scope: symbolScope)
    }

    // Memories -------------------------------------------------------------------------------

    /// Whether accesses need no check because everything that they can reach belongs to the
    /// memory. Pages smaller than the MMU's cannot be told apart by it, and 64-bit addresses
    /// reach everywhere.
    func isGuarded(_ memory: MemoryType) -> Bool {
        memory.addressType == .i32 && memory.pageSizeLog2 == 16
    }

    /// Address space behind a memory's base, in whole Wasm pages: for a guarded memory every
    /// address that an access without a check can form, for others what they may grow to.
    func reservedBytes(_ memory: MemoryType) -> UInt64 {
        guard isGuarded(memory) else {
            let initial = memory.limits.minimum << UInt64(memory.pageSizeLog2)
            let (largest, overflow) = memory.maximumPages.multipliedReportingOverflow(
                by: 1 << UInt64(memory.pageSizeLog2))
            return max(
                initial, overflow ? Self.checkedReservation : min(largest, Self.checkedReservation))
        }
        // Modules that share a memory do not know each other's offsets.
        let offset =
            switch form {
            case .static: usage.largestGuardedOffset
            case .dynamic: ModuleUsage.guardedOffsetLimit
            }
        let largestAccess: UInt64 = 16
        let distance = UInt64(GuestMemory.largestDistance)
        return ((1 << 32) + offset + distance + largestAccess + 0xffff) & ~0xffff
    }

    /// The most pages that a memory can have: its own limit or what its addresses can name. One
    /// without a limit never gets the last of these.
    func maximumPages(_ memory: MemoryType) -> UInt64 {
        guard isGuarded(memory), memory.limits.maximum == nil else { return memory.maximumPages }
        return max(memory.maximumPages - 1, memory.limits.minimum)
    }

    /// Whether a guarded memory never has the last page that its addresses can name, so that addresses
    /// near one another can be computed together (the optimizer's `NearbyAddresses`).
    func lacksLastPage(_ memory: MemoryType) -> Bool {
        isGuarded(memory) && maximumPages(memory) < 1 << 16
    }

    /// How far a memory without guard can grow, in bytes. Reserving more costs nothing on a
    /// kernel, but seconds under an emulator.
    private static let checkedReservation: UInt64 = 1 << 34

    // Support --------------------------------------------------------------------------------

    /// Refuses entities that are valid but not lowered yet; instructions are `ModuleUsage`'s.
    private static func checkSupport(of module: Module) throws(ModuleError) {
        func refuse(
            _ what: String, _ feature: Feature, section: UInt8
        ) throws(ModuleError) {
            let place = module.sections.first { $0.id == section }?.range.lowerBound
            throw ModuleError(
                .unsupported, "\(what) (\(feature.name)) are not compiled yet", at: place ?? 0,
                needs: feature)
        }
        let (typeSection, tagSection): (UInt8, UInt8) = (1, 13)
        if !module.tags.isEmpty {
            try refuse("exceptions", .exceptionHandling, section: tagSection)
        }
        if module.types.contains(where: { $0.functionType == nil }) {
            try refuse("structures and arrays", .garbageCollection, section: typeSection)
        }
    }
}
