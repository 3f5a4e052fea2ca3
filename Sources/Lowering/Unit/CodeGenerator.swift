// From a planned program to machine code, one partition at a time.

internal import AccessProof
internal import LLVMKit
internal import Optimization
internal import RuntimeABI
internal import TargetModel
internal import WasmTypes

/// An access that may leave the sandbox, as far as the proof can tell, in code without any
/// optimisation: a bug of ours.
public struct AccessProofError: Error, CustomStringConvertible {
    let failure: ProofReport.Failure

    public var description: String { "an access is not known to stay in its memory: \(failure)" }
}

/// Compiles partitions. Every call works on LLVM objects of its own, so calls may run at the same
/// time on different threads; each needs a stack of some megabytes for LLVM's recursion.
public enum CodeGenerator {
    /// Lowers, optimises and emits one partition.
    ///
    /// - Throws: `ModuleError` for what cannot be lowered; anything else is a bug.
    public static func compile(
        _ program: Program, partition: Int, options: CodeGenerationOptions
    ) throws -> CompiledUnit {
        let level = program.isOversized(partition: partition) ? .none : options.level
        let isStandard = options.accessProof == .standard
        var options = options
        if isStandard { options.accessProof = program.standardAccessProof }
        let unit = try compile(program, partition: partition, options: options, level: level)
        guard options.accessProof == .enforce, let failure = unit.finalProof.failures.first else {
            return unit
        }
        if level == .none {
            if isStandard { return unit }
            throw AccessProofError(failure: failure)
        }
        // Again: the functions with such accesses keep the form that the lowering gives them, and if
        // that does not help, since LLVM has made new ones, all of the unit do.
        let names = Set(unit.finalProof.failures.map(\.function))
        var again = try compile(
            program, partition: partition, options: options, level: level, keeping: names)
        if !again.finalProof.failures.isEmpty {
            again = try compile(program, partition: partition, options: options, level: .none)
            again.unoptimizedFunctionCount = again.functionCount
        }
        if !isStandard, let failure = again.finalProof.failures.first {
            throw AccessProofError(failure: failure)
        }
        again.lowering += unit.lowering
        again.optimization += unit.optimization
        again.emission += unit.emission
        return again
    }

    /// - Parameters:
    ///   - level: the partition's own. What the program's parts have to agree on depends on that of the
    ///     options.
    ///   - kept: the symbols of functions that are not optimised.
    ///   - frames: the functions of a library that are known to have large frames, and how large these are.
    private static func compile(
        _ program: Program, partition: Int, options: CodeGenerationOptions,
        level: OptimizationLevel, keeping kept: Set<String> = [], frames: [String: Int] = [:]
    ) throws -> CompiledUnit {
        let clock = ContinuousClock()
        let start = clock.now
        let machine = try TargetMachine(
            triple: options.triple, cpu: options.cpu, features: options.features,
            level: level, isPositionIndependent: options.isPositionIndependent)
        let unit = CodegenUnit(
            program, partition: partition, options: options, level: level, machine: machine)
        let lostDebugInformation = try !lower(unit)
        let lowered = clock.now
        let (unoptimized, loopProof, finalProof) = try optimize(
            unit, options, level: level, for: machine, keeping: kept)
        guard addLooks(to: unit, frames: frames) else {
            // A copy of a function that LLVM has made, without what it would have to ask.
            if level == .none { throw MissingLookError(partition: partition) }
            return try compile(
                program, partition: partition, options: options, level: .none)
        }
        let symbols = SymbolTable(unit: unit)
        let functions = options.listsFunctions ? symbols.functionSizes : []
        if options.hasBacktraces { symbols.define() }
        let optimized = clock.now
        let (bytes, largeFrames) = try emit(unit.ir, symbols, for: machine, as: options.form)
        let unknown = StackLimits.unknown(largeFrames, frames)
        if !unknown.isEmpty {
            // Once more, with what is known now. The same input has the same frames.
            let known = frames.merging(unknown) { max($0, $1) }
            guard known != frames else { throw MissingLookError(partition: partition) }
            return try compile(
                program, partition: partition, options: options, level: level, keeping: kept,
                frames: known)
        }
        let extent = program.extent(ofPartition: partition)
        return CompiledUnit(
            bytes: bytes, functionCount: extent.functions, codeBytes: extent.codeBytes,
            isOversized: program.isOversized(partition: partition),
            lostDebugInformation: lostDebugInformation,
            unoptimizedFunctionCount: unoptimized,
            lowering: lowered - start, optimization: optimized - lowered,
            emission: clock.now - optimized,
            functions: functions, loopProof: loopProof, finalProof: finalProof)
    }

    /// Runs the passes, and the proof of accesses if there is one.
    ///
    /// - Returns: how many functions were kept as they are, and what the proof has found behind our own passes
    ///   and at the end.
    private static func optimize(
        _ unit: CodegenUnit, _ options: CodeGenerationOptions, level: OptimizationLevel,
        for machine: borrowing TargetMachine, keeping kept: Set<String>
    ) throws -> (unoptimized: Int, ProofReport, ProofReport) {
        let unoptimized = unit.ir.functionDefinitions.filter { kept.contains($0.value.name) }
        for function in unoptimized { unit.ir.setUnoptimized(true, function) }
        let excessive = level == .none ? [] : unit.lowerings.flatMap(\.excessiveFunctions)
        for function in excessive { unit.ir.keepUnoptimized(function) }
        var (loopProof, finalProof) = (ProofReport(), ProofReport())
        let proof = options.accessProof == .off ? nil : AccessProof(unit.proofFacts)
        try Optimizer.run(
            level, on: unit.ir, for: machine, memory: unit.guestMemory,
            hasObjects: unit.program.hasObjects,
            after: { pass, module in
                if options.accessProof == .report, pass == .searchLoops, let proof {
                    loopProof = proof.check(module)
                }
            })
        for function in unit.ir.functionDefinitions
        where function.isUnoptimized && !excessive.contains(function) {
            unit.ir.setUnoptimized(false, function)
        }
        guard unit.program.hasSegment(options) || !SegmentAddresses.areUsed(in: unit.ir) else {
            throw SegmentError(partition: unit.partition)
        }
        if let proof {
            finalProof =
                options.accessProof == .enforce
                ? proof.enforce(on: unit.ir) : proof.check(unit.ir)
        }
        return (unoptimized.count, loopProof, finalProof)
    }

    /// Has the functions of a library look at the stack that is left, and at the interrupt word.
    ///
    /// - Returns: whether all do that have to.
    private static func addLooks(to unit: CodegenUnit, frames: [String: Int]) -> Bool {
        guard let library = unit.program.form.library else { return true }
        let (attribute, section) = (ProofFacts.instanceAttribute, "\(SMELT_SECTION_CODE).")
        InstanceArguments.restore(in: unit.ir, attribute: attribute, section: section)
        let limits = StackLimits(
            attribute: attribute, section: section,
            limitOffset: MemoryLayout<smelt_instance>.offset(of: \.stack_limit)!,
            trapCode: TrapCode.callStackExhausted.rawValue)
        var unchecked = limits.check(unit.ir, frames: frames)
        if library.countsFuel {
            unchecked += FuelLimits.add(
                to: unit.ir, attribute: attribute, section: section,
                fuelOffset: MemoryLayout<smelt_instance>.offset(of: \.fuel)!,
                trapCode: TrapCode.outOfFuel.rawValue)
        }
        if library.isInterruptible {
            let names = Interruption.Names(
                attribute: attribute, section: section, function: "smelt_library_interrupted",
                wordOffset: MemoryLayout<smelt_instance>.offset(of: \.interrupt)!,
                trapCode: TrapCode.interrupted.rawValue)
            unchecked += Interruption.add(to: unit.ir, names) {
                unit.addGuestAttributes(to: $0, mayThrow: false)
            }
        }
        return unchecked.isEmpty
    }

    private static func emit(
        _ ir: borrowing IRModule, _ symbols: SymbolTable, for machine: borrowing TargetMachine,
        as form: CodeForm
    ) throws -> (bytes: [UInt8], largeFrames: [LargeFrame]) {
        switch form {
        case .object: return try machine.emitObject(ir)
        case .assembly:
            return (symbols.comments() + (try machine.emit(ir, as: .assembly)), [])
        case .ir:
            symbols.describeInMetadata()
            return (Array(ir.text.utf8), [])
        case .bitcode:
            symbols.describeInMetadata()
            return (ir.bitcode, [])
        }
    }

    /// Lowers a unit. Debug information that LLVM refuses is dropped: only a damaged input can be
    /// the reason, or a defect that is not worth failing for.
    ///
    /// - Returns: whether it was kept.
    private static func lower(_ unit: CodegenUnit) throws -> Bool {
        try unit.lower()
        do {
            try unit.ir.verify()
            return true
        } catch {
            if unit.program.debug == nil { throw error }
            unit.ir.stripDebugInformation()
            try unit.ir.verify()
            return false
        }
    }

    /// The IR of one partition before any pass: what the lowering itself makes.
    public static func unoptimizedIR(
        _ program: Program, partition: Int, options: CodeGenerationOptions
    ) throws -> String {
        let machine = try TargetMachine(
            triple: options.triple, cpu: options.cpu, features: options.features, level: .none)
        let unit = CodegenUnit(
            program, partition: partition, options: options, level: options.level,
            machine: machine)
        try unit.lower()
        try unit.ir.verify()
        return unit.ir.text
    }
}

/// A unit that reaches memory through the segment register gs, in a program that does not set it: its
/// accesses would go to the first 4 GiB of the process.
struct SegmentError: Error, CustomStringConvertible {
    var partition: Int

    var description: String {
        "unit \(partition) rests on a segment register that the program does not set"
    }
}

/// A function of a library that does not look at what it has to.
struct MissingLookError: Error, CustomStringConvertible {
    var partition: Int

    var description: String {
        "a function of unit \(partition) does not see the stack's limit or the interrupt word"
    }
}
