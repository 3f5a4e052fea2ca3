// What happens to a unit between its lowering and its machine code.

public import LLVMKit

/// Optimises units.
public enum Optimizer {
    /// How much is done.
    public enum Level: Sendable, Hashable {
        case none, less, standard, aggressive, size
    }

    /// - Parameter memory: where to find the guest's memory 0, if it has a place of its own.
    public static func run(
        _ level: Level, on module: borrowing IRModule, for machine: borrowing TargetMachine,
        memory: GuestMemory? = nil
    ) throws(LLVMError) {
        switch level {
        case .none: break
        case .less: try machine.run(passes: "default<O1>", on: module)
        case .size: try machine.run(passes: "default<Os>", on: module)
        case .standard, .aggressive:
            let pipeline = PassPipeline(level)
            try machine.run(passes: pipeline.simplification, on: module)
            changeLoops(of: module, for: machine, level: level, memory: memory)
            try machine.run(passes: pipeline.optimization, on: module)
        }
        NarrowVectors.widen(in: module)
    }

    /// What happens between the two halves of the passes. Loops must have the form that LLVM's
    /// loop-simplify and lcssa passes leave.
    package static func changeLoops(
        of module: borrowing IRModule, for machine: borrowing TargetMachine, level: Level,
        memory: GuestMemory? = nil
    ) {
        var versioning = LoopVersioning(
            builder: module.builder, types: module.types, metadata: module.metadata,
            vectors: PreferredVectors(for: machine), changesNests: level == .aggressive)
        let searches = memory.flatMap { SearchLoops($0, in: module) }
        for function in module.functionDefinitions {
            versioning.run(on: function)
            searches?.run(on: function)
        }
    }
}
