// What a module says, found once for all of its instances before any function is lowered.

internal import Sandbox
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// A module, ready to be instantiated.
struct ModulePlan: Sendable {
    let validated: ValidatedModule
    let usage: ModuleUsage
    /// The numbers that stand for types at run time, by type index. None is zero.
    let typeNumbers: [UInt32]
    /// The numbers of its memories and tables, of imported ones by what the module says of them.
    let memories: [MemoryPlan]
    let tableLimits: [TableLimits]
    /// Functions (by defined index) that would take too long to optimise, whatever their size.
    let excessive: Set<Int>

    var module: Module { validated.module }

    init(
        _ validated: ValidatedModule, typeNumbers: [UInt32], bounds: BoundsChecks = .reserved
    ) throws(ModuleError) {
        self.validated = validated
        self.typeNumbers = typeNumbers
        usage = try ModuleUsage(of: validated.module)
        memories = validated.module.memories.map { MemoryPlan($0, bounds: bounds) }
        tableLimits = validated.module.tables.map(TableLimits.init)
        excessive = try Self.excessiveFunctions(of: validated.module)
    }

    private static func excessiveFunctions(of module: Module) throws(ModuleError) -> Set<Int> {
        var excessive: Set<Int> = []
        for (index, body) in module.bodies.enumerated() {
            if body.code.count > FunctionMeasure.oversized {
                excessive.insert(index)
            } else if try FunctionMeasure(of: body, in: module).isExcessive {
                excessive.insert(index)
            }
        }
        return excessive
    }

    /// Whether optimising a function would take too long.
    func isExcessive(_ function: FunctionIndex) -> Bool {
        excessive.contains(Int(function) - module.importedFunctionCount)
    }

    /// Whether it defines types of structures or arrays.
    var hasObjects: Bool { module.types.contains { $0.functionType == nil } }

    /// How many supertypes a type has; nil for types of functions.
    func depth(ofObjectType type: TypeIndex) -> Int? {
        if module.types[Int(type)].functionType != nil { return nil }
        return sequence(first: type) { module.types[Int($0)].supertypes.first }.dropFirst()
            .reduce(0) { depth, _ in depth + 1 }
    }

    /// The type number of a function.
    func typeNumber(of function: FunctionIndex) -> UInt32 {
        typeNumbers[Int(module.functions[Int(function)])]
    }

    /// Refuses memories and tables of a static instance that no machine has room for. Instances that
    /// are made at run time fail then.
    func checkSizes() throws(ModuleError) {
        let (tableSection, memorySection): (UInt8, UInt8) = (4, 5)
        for (index, memory) in memories.enumerated() {
            guard let refusal = memory.refusal else { continue }
            throw ModuleError(
                .limitExceeded, "memory \(index) \(refusal)", at: offset(of: memorySection))
        }
        if let index = TableLimits.firstExcess(tableLimits) {
            throw ModuleError(
                .limitExceeded,
                tableLimits[index].isPossible
                    ? "tables up to number \(index) have more than \(TableLimits.largestTables)"
                        + " elements together"
                    : "table \(index) has more than \(TableLimits.largestTable) elements:"
                        + " declare a smaller minimum and let table.grow ask for more",
                at: offset(of: tableSection))
        }
    }

    /// Where a section's contents begin in the file.
    private func offset(of section: UInt8) -> Int {
        module.sections.first { $0.id == section }?.range.lowerBound ?? 0
    }
}
