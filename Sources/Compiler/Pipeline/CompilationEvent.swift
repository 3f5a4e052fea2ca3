// What a compilation tells while it runs, for progress lines and reports.

internal import Lowering

/// Something that happened in a compilation.
public enum CompilationEvent: Sendable {
    /// A stage ended, after so much wall time.
    case finished(Stage, Duration)
    /// It is known what there is to generate code for.
    case planned(functions: Int, codeBytes: Int)
    /// Code for a part of the functions is done. Parts end in any order, on any thread.
    case generated(Part)
    /// The linker is started with these words.
    case linking([String])

    /// A stage that happens once.
    public enum Stage: Sendable, Hashable, CaseIterable {
        /// Decoding and validation.
        case validation
        /// Everything between the module and its objects, on all threads.
        case codeGeneration
        case linking
    }

    /// A part of a module that was compiled at once, on one thread.
    public struct Part: Sendable {
        /// How many functions it has.
        public var functions: Int
        /// Bytes of the code section.
        public var codeBytes: Int
        /// The functions that are left after optimisation, with their instructions in LLVM's
        /// intermediate representation; empty unless they were asked for.
        public var sizes: [(name: String, instructions: Int)]
        /// Wall time from WebAssembly to LLVM's intermediate representation.
        public var lowering: Duration
        /// Wall time of LLVM's passes and Smelt's own.
        public var optimization: Duration
        /// Wall time from there to an object.
        public var emission: Duration
        /// Whether this is one function that was too large to be optimised.
        public var isOversized: Bool
        /// How many functions were compiled a second time, and without optimisation, because an
        /// access was neither proved to stay in the sandbox nor could be checked. The times are of
        /// both.
        public var unprovedFunctions: Int
        /// What the proof of accesses has found, if there was one.
        public var accessReport = AccessReport()
    }
}

extension CompilationEvent.Part {
    init(_ unit: CompiledUnit) {
        functions = unit.functionCount
        codeBytes = unit.codeBytes
        sizes = unit.functions.map { ($0.name, $0.instructions) }
        lowering = unit.lowering
        optimization = unit.optimization
        emission = unit.emission
        isOversized = unit.isOversized
        unprovedFunctions = unit.unoptimizedFunctionCount
        accessReport = AccessReport(unit)
    }
}
