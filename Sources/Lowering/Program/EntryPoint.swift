// What the runtime needs from a program besides its code: the description of the program, the
// image of its memory, and the function that finishes instantiation and calls `_start`.
//
// sandbox: rests on the chunks of the image being inside of the memory (`InstantiationPlanner`), on the
// image's memory being the first in the runtime's list, and on `Program.hasSegment` for what units
// expect of gs.

internal import LLVMKit
internal import PlantedFaults
internal import RuntimeABI
internal import TargetModel
internal import WasmBinary
internal import WasmTypes

/// Defines the once-per-program symbols of an executable.
struct EntryPoint {
    let unit: CodegenUnit

    private var types: IRTypes { unit.types }
    private var program: Program { unit.program }

    func define() throws(ModuleError) {
        defineMemoryImage()
        if program.hasOpenTypes { unit.main.instance.requireTypeHierarchy() }
        if program.hasObjects || program.hasExceptions { ObjectTables(unit: unit).define() }
        let memories = self.memories
        let list = unit.ir.addGlobal(
            "smelt_memories", type: types.pointer.array(memories.count), linkage: .internal,
            initializer: types.pointer.constantArray(memories), isConstant: true)
        let settings = unit.options.program
        let cpuFeatures = TargetInfo.requiredFeatures(unit.target.architecture, unit.options)
        let description = types.constantStructure([
            (unit.main.instance as? StaticInstance)?.exportedMemory ?? types.pointer.zero,
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
            "smelt_program", type: description.type, linkage: .hidden, initializer: description,
            isConstant: true)
        if program.exportsSymbols { ExportSymbols(unit: unit).define() }
        defineNote(settings.note)
    }

    private func flags(_ cpuFeatures: [smelt_cpu_feature]) -> UInt32 {
        var flags: UInt32 = 0
        if unit.options.program.locksDown { flags |= SMELT_PROGRAM_LOCKS_DOWN.rawValue }
        if program.hasSegment(unit.options), !PlantedFault.segmentBase.isPlanted {
            flags |= SMELT_PROGRAM_HAS_SEGMENT.rawValue
        }
        if program.hasObjects { flags |= SMELT_PROGRAM_HAS_WRITE_BARRIER.rawValue }
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

    /// All memories that instances define, that of the image first: the runtime knows it by its place.
    private var memories: [IRValue] {
        let places = unit.lowerings.flatMap { lowering in
            lowering.module.memories.indices.dropFirst(lowering.module.importedMemoryCount).map {
                EntityPlace(instance: lowering.plan.number, index: UInt32($0))
            }
        }
        let image = places.filter { $0 == program.imageMemory }
        return (image + places.filter { $0 != program.imageMemory }).map {
            unit.lowering(of: $0.instance).instance.memoryDescriptor($0.index)
        }
    }

    /// The chunks of the image that the kernel maps, each in a section of its own for the linker to
    /// place.
    private func defineMemoryImage() {
        for chunk in program.mappedMemory?.chunks ?? [] {
            let place = String(chunk.offset, radix: 16)
            let bytes = types.constantBytes(chunk.bytes)
            let global = unit.ir.addGlobal(
                "smelt_memory_0_image_\(place)", type: bytes.type, linkage: .hidden,
                initializer: bytes)
            global.setSection("\(SMELT_SECTION_MEMORY).\(place)")
            global.setAlignment(1)
        }
    }

    /// A small image is copied into the zeros that the kernel maps.
    private func copyMemoryImage() {
        guard let image = program.imageMemory else { return }
        let base = { [unit] in unit.lowering(of: image.instance).instance.memoryBase(image.index) }
        for (index, chunk) in program.copiedMemory.enumerated() {
            let bytes = types.constantBytes(chunk.bytes)
            let contents = unit.ir.addGlobal(
                "smelt_memory_0_contents_\(index)", type: bytes.type, linkage: .internal,
                initializer: bytes, isConstant: true)
            contents.setAlignment(1)
            unit.builder.memcpy(
                to: unit.builder.byteOffset(base(), types.i64.constant(chunk.offset)),
                from: contents.value, count: types.i64.constant(chunk.bytes.count))
        }
    }

    // The start ------------------------------------------------------------------------------

    /// `smelt_program.start`: instantiates all instances, the program's own one last, and calls what the
    /// program is there for.
    private func defineStart() throws(ModuleError) -> IRFunction {
        // Those of other instances are functions of their own.
        var instantiations: [IRFunction] = []
        for number in program.order where number != 0 {
            instantiations.append(try defineInstantiation(of: unit.lowering(of: number)))
        }
        let function = addStart("smelt_start", of: unit.main)
        var lowering = begin(function, of: unit.main)
        copyMemoryImage()
        connectContexts()
        let invocations = Invocations(unit: unit)
        invocations?.readArguments()
        for function in instantiations { _ = unit.builder.call(function, []) }
        try instantiate(unit.main, in: &lowering)
        if lowering.isReachable {
            if let invocations {
                invocations.call(in: &lowering)
            } else if let index = program.main.entryFunction {
                call(index, of: unit.main, in: &lowering)
            }
            lowering.lowerReturn()
        }
        lowering.finish()
        return function
    }

    private func defineInstantiation(
        of instance: UnitLowering
    ) throws(ModuleError) -> IRFunction {
        let function = addStart(instance.plan.scope + "smelt_instantiate", of: instance)
        var lowering = begin(function, of: instance)
        try instantiate(instance, in: &lowering)
        if lowering.isReachable { lowering.lowerReturn() }
        lowering.finish()
        return function
    }

    private func addStart(_ name: String, of instance: UnitLowering) -> IRFunction {
        let function = unit.ir.addFunction(
            name, type: types.function([], returning: types.void), convention: .c,
            linkage: .internal)
        unit.addGuestAttributes(to: function, mayThrow: program.hasExceptions)
        function.setSection("\(SMELT_SECTION_CODE).\(instance.plan.scope)start")
        return function
    }

    private func begin(_ function: IRFunction, of instance: UnitLowering) -> FunctionLowering {
        let type = FunctionType()
        return FunctionLowering(
            unit: instance, function: function, type: type, signature: instance.signature(type))
    }

    /// What is left of an instance's instantiation. Segments that did not fit at compile time trap
    /// here, as they would have done; then comes the start function.
    private func instantiate(
        _ instance: UnitLowering, in lowering: inout FunctionLowering
    ) throws(ModuleError) {
        let state = instance.plan.state
        try lowering.lowerObjectsAtStart()
        for segment in state.deferredElements { try lowering.lowerActiveElements(segment) }
        for segment in state.deferredData { try lowering.lowerActiveData(segment) }
        if let trap = state.trap { lowering.lowerTrap(trap) }
        if let start = instance.module.start, lowering.isReachable {
            call(start.function, of: instance, in: &lowering)
        }
        if program.initializes(instance.plan), lowering.isReachable {
            call(instance.plan.initializer!, of: instance, in: &lowering)
        }
    }

    private func call(
        _ function: FunctionIndex, of instance: UnitLowering, in lowering: inout FunctionLowering
    ) {
        // A function of its own in backtraces; this one has no name to show.
        unit.ir.addAttribute("noinline", to: instance.function(function))
        lowering.lowerCall(function, as: .plain)
    }

    /// Gives the instances other than the program's own the runtime's state for WASI; their memories
    /// they have already.
    private func connectContexts() {
        let field = types.i64.constant(MemoryLayout<smelt_context>.offset(of: \.wasi)!)
        let own = unit.main.instance as? StaticInstance
        for lowering in unit.lowerings.dropFirst() where lowering.plan.hasHostFunctions {
            guard let own, let instance = lowering.instance as? StaticInstance else { continue }
            let builder = unit.builder
            let state = builder.load(
                types.pointer, from: builder.byteOffset(own.hostContext(), field), alignment: 8)
            builder.store(
                state, to: builder.byteOffset(instance.hostContext(), field), alignment: 8)
        }
    }
}
