// What the runtime needs from a program besides its code: the description of the program, the
// image of memory 0, and the function that finishes instantiation and calls `_start`.
//
// sandbox: rests on the chunks of memory 0 being inside of it (`InstantiationPlanner`), and on
// `ProgramPlan.hasSegment` for what units expect of gs.

internal import LLVMKit
internal import PlantedFaults
internal import RuntimeABI
internal import TargetModel
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
        if plan.hasObjects || plan.hasExceptions { ObjectTables(unit: unit).define() }
        let memories = plan.module.memories.indices.map {
            unit.instance.memoryDescriptor(MemoryIndex($0))
        }
        let list = unit.ir.addGlobal(
            "smelt_memories", type: types.pointer.array(memories.count), linkage: .internal,
            initializer: types.pointer.constantArray(memories), isConstant: true)
        let settings = unit.options.program
        let cpuFeatures = TargetInfo.requiredFeatures(unit.target.architecture, unit.options)
        let program = types.constantStructure([
            exportedMemory ?? types.pointer.zero,
            types.i64.constant(settings.stackSize),
            types.i64.constant(UInt64(cpuFeatures.count)),
            types.i64.constant(memories.count),
            list.value,
            unit.ir.addString(unit.options.cpuDescription),
            constantBytes("smelt_grants", settings.grants),
            try defineStart().value,
            types.i64.constant(settings.maximumMemory ?? .max),
            types.i64.constant(UInt64(flags(cpuFeatures))),
            defineEmbeddedFiles(settings.embeddedFiles),
            defineCPUFeatures(cpuFeatures), types.i64.constant(settings.heapSize ?? 0),
        ])
        _ = unit.ir.addGlobal(
            "smelt_program", type: program.type, linkage: .hidden, initializer: program,
            isConstant: true)
        defineNote(settings.note)
    }

    private func flags(_ cpuFeatures: [smelt_cpu_feature]) -> UInt32 {
        var flags: UInt32 = 0
        if unit.options.program.locksDown { flags |= SMELT_PROGRAM_LOCKS_DOWN.rawValue }
        if plan.hasSegment(unit.options), !PlantedFault.segmentBase.isPlanted {
            flags |= SMELT_PROGRAM_HAS_SEGMENT.rawValue
        }
        if plan.hasObjects { flags |= SMELT_PROGRAM_HAS_WRITE_BARRIER.rawValue }
        if checksCPU(for: cpuFeatures) { flags |= SMELT_PROGRAM_CHECKS_CPU.rawValue }
        return flags
    }

    /// Whether the CPU is asked before the program runs. Asking one of x86-64 costs more than all the
    /// rest of the start, so that waits for an illegal instruction, unless there may be instructions
    /// that older CPUs execute as something else: LZCNT and TZCNT are BSR and BSF with a prefix.
    private func checksCPU(for features: [smelt_cpu_feature]) -> Bool {
        let names = features.map { String(cString: $0.name) }
        return switch unit.target.architecture {
        case .x86_64: names.contains("lzcnt") || names.contains("bmi")
        case .aarch64: !names.isEmpty
        }
    }

    /// The rows of the features that the program needs; the rest of the table stays here.
    private func defineCPUFeatures(_ features: [smelt_cpu_feature]) -> IRValue {
        let rows = features.map { feature in
            types.constantStructure([
                unit.ir.addString(String(cString: feature.name)),
                types.i64.constant(feature.mask),
                types.i32.constant(UInt64(feature.leaf)),
                types.i8.constant(UInt64(feature.bit)),
                types.i8.constant(UInt64(feature.subleaf)),
                types.i8.constant(UInt64(feature.word)),
                types.i8.constant(UInt64(feature.os_state)),
            ])
        }
        guard let type = rows.first?.type else { return types.pointer.zero }
        return unit.ir.addGlobal(
            "smelt_cpu_features", type: type.array(rows.count), linkage: .internal,
            initializer: type.constantArray(rows), isConstant: true
        ).value
    }

    private func constantBytes(_ name: String, _ content: [UInt8]) -> IRValue {
        let bytes = types.constantBytes(content)
        return unit.ir.addGlobal(
            name, type: bytes.type, linkage: .internal, initializer: bytes, isConstant: true
        ).value
    }

    /// `struct smelt_embedded`: the files, and the code that a program with files needs. Programs
    /// without do not mention it, so the linker leaves it out.
    private func defineEmbeddedFiles(_ image: [UInt8]?) -> IRValue {
        guard let image else { return types.pointer.zero }
        let bytes = types.constantBytes(image)
        let files = unit.ir.addGlobal(
            "smelt_embedded_files", type: bytes.type, linkage: .internal, initializer: bytes,
            isConstant: true)
        files.setAlignment(16)
        let operations = unit.ir.addGlobal(
            "smelt_embedded_operations", type: types.pointer.array(0), linkage: .hidden)
        let embedded = types.constantStructure([operations.value, files.value])
        return unit.ir.addGlobal(
            "smelt_embedded", type: embedded.type, linkage: .internal, initializer: embedded,
            isConstant: true
        ).value
    }

    /// What `smelt inspect` reads. Linkers keep sections of this name.
    private func defineNote(_ note: [UInt8]) {
        guard !note.isEmpty else { return }
        let bytes = types.constantBytes(note)
        let global = unit.ir.addGlobal(
            "smelt_note", type: bytes.type, linkage: .hidden, initializer: bytes,
            isConstant: true)
        global.setSection(SMELT_SECTION_NOTE)
        global.setAlignment(4)
    }

    /// The memory that host functions work on: by the rules of WASI, the export `memory`.
    private var exportedMemory: IRValue? {
        plan.module.exports.first { $0.name == "memory" && $0.kind == .memory }
            .map { unit.instance.memoryDescriptor($0.index) }
    }

    /// The chunks of memory 0 that the kernel maps, each in a section of its own for the linker to
    /// place.
    private func defineMemoryImage() {
        for chunk in plan.mappedMemory?.chunks ?? [] {
            let place = String(chunk.offset, radix: 16)
            let bytes = types.constantBytes(chunk.bytes)
            let global = unit.ir.addGlobal(
                "smelt_memory_0_image_\(place)", type: bytes.type, linkage: .hidden,
                initializer: bytes)
            global.setSection("\(SMELT_SECTION_MEMORY).\(place)")
            global.setAlignment(1)
        }
    }

    /// A small image of memory 0 is copied into the zeros that the kernel maps.
    private func copyMemoryImage() {
        for (index, chunk) in plan.copiedMemory.enumerated() {
            let bytes = types.constantBytes(chunk.bytes)
            let contents = unit.ir.addGlobal(
                "smelt_memory_0_contents_\(index)", type: bytes.type, linkage: .internal,
                initializer: bytes, isConstant: true)
            contents.setAlignment(1)
            unit.builder.memcpy(
                to: unit.builder.byteOffset(
                    unit.instance.memoryBase(0), types.i64.constant(chunk.offset)),
                from: contents.value, count: types.i64.constant(chunk.bytes.count))
        }
    }

    /// `smelt_program.start`. Segments that did not fit at compile time trap here, as they would
    /// have done during instantiation; then come the start function and `_start`.
    private func defineStart() throws(ModuleError) -> IRFunction {
        let function = unit.ir.addFunction(
            "smelt_start", type: types.function([], returning: types.void), convention: .c,
            linkage: .internal)
        unit.addGuestAttributes(to: function, mayThrow: !plan.throwing.isEmpty)
        function.setSection("\(SMELT_SECTION_CODE).start")
        let type = FunctionType()
        var lowering = FunctionLowering(
            unit: unit, function: function, type: type, signature: unit.signature(type))
        copyMemoryImage()
        try lowering.lowerObjectsAtStart()
        for segment in plan.deferredData { try lowering.lowerActiveData(segment) }
        if let trap = plan.instantiationTrap {
            lowering.lowerTrap(trap)
        } else {
            for index in [plan.module.start?.function, plan.entryFunction].compactMap({ $0 }) {
                // A function of its own in backtraces; this one has no name to show.
                unit.ir.addAttribute("noinline", to: unit.function(index))
                lowering.lowerCall(index, as: .plain)
            }
            lowering.lowerReturn()
        }
        lowering.finish()
        return function
    }
}
