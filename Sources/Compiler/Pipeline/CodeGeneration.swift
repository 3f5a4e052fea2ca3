// From a validated module to machine code: partitions of bounded size, each lowered, optimised
// and emitted on a thread of its own.

internal import DWARF
internal import LLVMKit
internal import Linking
internal import Lowering
internal import Sandbox
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// What code generation made of a module.
struct GeneratedCode {
    /// One object per partition; for everything but executables just one.
    var units: [[UInt8]]
    /// The initial contents of memory 0, for the linker.
    var memory: MemoryImage?
    /// What the functions are called in symbol tables.
    var names: ProgramNames
    /// Whether it throws and catches exceptions.
    var hasExceptions: Bool
    /// For a library, what it has for C.
    var library: LibraryPlan?
    /// What was compiled.
    var module: Module
}

enum CodeGeneration {
    private static func program(
        _ linked: LinkedModules, _ options: CompilationOptions
    ) throws(CompilerError) -> Program {
        let library = try options.library.map { library throws(CompilerError) in
            try libraryPlan(linked.modules[0].module, library)
        }
        do throws(ModuleError) {
            return try program(linked, options, library)
        } catch {
            throw CompilerError(.module(error))
        }
    }

    private static func libraryPlan(
        _ module: Module, _ library: LibraryOptions
    ) throws(CompilerError) -> LibraryPlan {
        var plan: LibraryPlan
        do throws(ModuleError) {
            plan = try LibraryPlan(
                module, prefix: library.prefix, providesWASI: library.providesWASI,
                isInterruptible: library.isInterruptible, countsFuel: library.countsFuel)
        } catch {
            throw CompilerError(.module(error))
        }
        if let integration = library.integration {
            plan.integration = try integration.plan(for: module, library: plan)
        }
        return plan
    }

    private static func program(
        _ linked: LinkedModules, _ options: CompilationOptions, _ library: LibraryPlan?
    ) throws(ModuleError) -> Program {
        let isSplit = options.emit == .executable || options.library != nil
        let bounds: BoundsChecks =
            options.library?.memoryReservation.map { .explicit(reservation: $0) } ?? .reserved
        let size = isSplit ? Program.defaultPartitionSize : Int.max / 2
        if let library {
            return try Program(
                linked.modules[0], form: .library(library), bounds: bounds, partitionSize: size)
        }
        let names = options.invocations
        return try Program(
            linked, entry: names.isEmpty ? .command : .invocations(names), bounds: bounds,
            partitionSize: size)
    }

    /// Compiles all partitions.
    static func run(
        _ linked: LinkedModules, options: CompilationOptions, embeddedFiles: [UInt8]?,
        warn: (CompilerError) -> Void,
        observe: @escaping @Sendable (CompilationEvent) -> Void
    ) throws(CompilerError) -> GeneratedCode {
        var plan = try program(linked, options)
        plan.copyMemory(upTo: options.target.architecture.copiedMemoryLimit)
        if options.debugInformation {
            plan.debug = debugModule(of: linked.modules[linked.instances[0].module]) {
                warn(CompilerError(.debugInformation($0)))
            }
        }
        let settings = try CodeGenerationOptions(
            options, imports: linked.outerImports, embeddedFiles: embeddedFiles)
        let program = plan
        let names = plan.functionNames
        let extents = (0..<plan.partitionCount).map(plan.extent(ofPartition:))
        observe(
            .planned(
                functions: extents.reduce(0) { $0 + $1.functions },
                codeBytes: extents.reduce(0) { $0 + $1.codeBytes }))
        let units = try WorkerThreads.map(count: plan.partitionCount, threads: options.jobs) {
            index throws(CompilerError) in
            var unit = try compilePartition(index, of: program, settings: settings)
            if options.emit == .object, options.library == nil {
                unit.bytes = try named(unit.bytes, names)
            }
            observe(.generated(CompilationEvent.Part(unit)))
            return unit
        }
        if units.contains(where: \.lostDebugInformation) {
            warn(CompilerError(.debugInformation(.damaged("it does not make sense to LLVM"))))
        }
        let unproved = units.reduce(0) { $0 + $1.unoptimizedFunctionCount }
        if unproved > 0 { warn(CompilerError(.unprovedAccesses(functions: unproved))) }
        let excessive = plan.unoptimizedFunctions
        if options.optimization != .none, let first = excessive.first {
            warn(CompilerError(.excessiveFunctions(count: excessive.count, first: first)))
        }
        return GeneratedCode(
            units: units.map(\.bytes), memory: try memoryImage(of: plan),
            names: names, hasExceptions: plan.hasExceptions, library: plan.library,
            module: linked.modules[0].module)
    }

    /// An object whose symbols have the module's names.
    private static func named(
        _ object: [UInt8], _ names: ProgramNames
    ) throws(CompilerError) -> [UInt8] {
        do {
            return try SymbolNames.renamed(object, name: names.tableName)
        } catch {
            throw CompilerError(.link(error))
        }
    }

    private static func debugModule(
        of module: ValidatedModule, warn: (CompilerError.DebugProblem) -> Void
    ) -> DebugModule {
        let debug = DebugModule(module)
        if !debug.isPresent {
            warn(.missing)
        } else if let problem = debug.problem {
            warn(.damaged(problem))
        }
        return debug
    }

    private static func memoryImage(of plan: Program) throws(CompilerError) -> MemoryImage? {
        guard let contents = plan.mappedMemory else { return nil }
        do {
            return try MemoryImage(
                initialSize: contents.initialSize, reservedSize: contents.reservedSize,
                chunks: contents.chunks.map {
                    MemoryImage.Chunk(offset: $0.offset, size: UInt64($0.bytes.count))
                })
        } catch {
            throw CompilerError(.link(error))
        }
    }

    private static func compilePartition(
        _ index: Int, of plan: Program, settings: CodeGenerationOptions
    ) throws(CompilerError) -> CompiledUnit {
        do {
            var unit = try CodeGenerator.compile(plan, partition: index, options: settings)
            if plan.debug != nil, settings.form == .object {
                unit.bytes = try withPointerSizes(unit.bytes)
            }
            return unit
        } catch let error as ModuleError {
            throw CompilerError(.module(error))
        } catch let error as LLVMError {
            throw CompilerError(.llvm(error))
        } catch let error as LinkError {
            throw CompilerError(.link(error))
        } catch {
            throw CompilerError(.bug("code generation failed: \(error)"))
        }
    }
}

extension CodeGeneration {
    /// An object whose pointer types have the guest's size; see ``DWARF/AddressClasses``.
    private static func withPointerSizes(_ object: [UInt8]) throws(LinkError) -> [UInt8] {
        let name = ".debug_abbrev"
        guard let section = try ELFFile(object).section(name)?.range else { return object }
        var object = object
        for position in AddressClasses.positions(in: object, section: section) {
            object[position] = AddressClasses.replacement
        }
        return object
    }
}

extension CodeGenerationOptions {
    /// The code generator's part of the options of a compilation.
    fileprivate init(
        _ options: CompilationOptions, imports: [Import], embeddedFiles: [UInt8]?
    ) throws(CompilerError) {
        let cpu = try CPUSelection(options.cpu, target: options.target)
        let form: CodeForm =
            switch options.emit {
            case .executable, .object, .archive, .sharedLibrary: .object
            case .assembly: .assembly
            case .llvmIR: .ir
            case .llvmBitcode: .bitcode
            }
        self.init(
            triple: options.target.triple, cpu: cpu.name, features: cpu.features,
            level: options.optimization, form: form, requiredCPUFeatures: cpu.requiredFeatures,
            cpuDescription: cpu.description)
        program.stackSize = options.grants.stackSize ?? Grants.defaultStackSize
        program.maximumMemory = options.grants.maximumMemory
        program.heapSize = options.grants.heapSize
        program.locksDown = options.grants.locksDown
        program.grants = options.grants.encoded
        program.embeddedFiles = embeddedFiles
        if options.emit == .executable {
            program.note = ProgramDescription(imports: imports, cpu: cpu, options: options).note
        }
        isPositionIndependent = options.library != nil
        memoryAddress = MemoryPlacement.defaultAddress
        hasBacktraces = options.hasBacktraces
        listsFunctions = options.listsFunctions
        exactTraps = options.exactTraps
        accessProof = options.accessProof
    }
}
