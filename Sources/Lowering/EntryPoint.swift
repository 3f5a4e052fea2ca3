// What the runtime needs from a program besides its code: the description of the program, the
// image of memory 0, and the function that finishes instantiation and calls `_start`.

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

/// Defines the once-per-program symbols of an executable.
struct EntryPoint {
    let unit: UnitLowering

    private var types: IRTypes { unit.types }
    private var plan: ProgramPlan { unit.plan }

    func define() throws(ModuleError) {
        defineMemoryImage()
        if plan.module.types.contains(where: { !$0.isFinal }) {
            unit.instance.requireTypeHierarchy()
        }
        let memories = plan.module.memories.indices.map {
            unit.instance.memoryDescriptor(MemoryIndex($0))
        }
        let list = unit.ir.addGlobal(
            "smelt_memories", type: types.pointer.array(memories.count), linkage: .internal,
            initializer: types.pointer.constantArray(memories), isConstant: true)
        let grants = types.constantBytes(unit.options.grants)
        let grantWords = unit.ir.addGlobal(
            "smelt_grants", type: grants.type, linkage: .internal, initializer: grants,
            isConstant: true)
        let program = types.constantStructure([
            exportedMemory ?? types.pointer.zero,
            types.i64.constant(unit.options.stackSize),
            types.i64.constant(unit.options.requiredCPUFeatures),
            types.i64.constant(memories.count),
            list.value,
            unit.ir.addString(unit.options.cpuDescription),
            grantWords.value,
            try defineStart().value,
        ])
        _ = unit.ir.addGlobal(
            "smelt_program", type: program.type, linkage: .hidden, initializer: program,
            isConstant: true)
    }

    /// The memory that host functions work on: by the rules of WASI, the export `memory`.
    private var exportedMemory: IRValue? {
        plan.module.exports.first { $0.name == "memory" && $0.kind == .memory }
            .map { unit.instance.memoryDescriptor($0.index) }
    }

    /// The chunks of memory 0, each in a section of its own for the linker to place.
    private func defineMemoryImage() {
        for chunk in plan.memoryImage?.chunks ?? [] {
            let place = String(chunk.offset, radix: 16)
            let bytes = types.constantBytes(chunk.bytes)
            let global = unit.ir.addGlobal(
                "smelt_memory_0_image_\(place)", type: bytes.type, linkage: .hidden,
                initializer: bytes)
            global.setSection(".smelt.memory0.\(place)")
            global.setAlignment(1)
        }
    }

    /// `smelt_program.start`. Segments that did not fit at compile time trap here, as they would
    /// have done during instantiation; then come the start function and `_start`.
    private func defineStart() throws(ModuleError) -> IRFunction {
        let function = unit.ir.addFunction(
            "smelt_start", type: types.function([], returning: types.void), convention: .c,
            linkage: .internal)
        unit.addGuestAttributes(to: function)
        function.setSection(".text.smelt.start")
        let type = FunctionType()
        var lowering = FunctionLowering(
            unit: unit, function: function, type: type, signature: unit.signature(type))
        for segment in plan.deferredData { try lowering.lowerActiveData(segment) }
        if let trap = plan.instantiationTrap {
            lowering.lowerTrap(trap)
        } else {
            for index in [plan.module.start?.function, plan.entryFunction].compactMap({ $0 }) {
                // A function of its own in backtraces; this one has no name to show.
                unit.ir.addAttribute("noinline", to: unit.function(index))
                lowering.lowerCall(index, isTail: false)
            }
            lowering.lowerReturn()
        }
        lowering.finish()
        return function
    }
}
