// What happens to a unit between its lowering and its machine code.

public import LLVMKit

/// Optimises units.
public enum Optimizer {
    /// How much is done.
    public enum Level: Sendable, Hashable {
        case none, less, standard, aggressive, size
    }

    /// - Parameters:
    ///   - memory: where to find the guest's memory 0, if it has a place of its own.
    ///   - inspectLoops: sees the module behind our own changes of loops, before LLVM's.
    public static func run(
        _ level: Level, on module: borrowing IRModule, for machine: borrowing TargetMachine,
        memory: GuestMemory? = nil, inspectLoops: (borrowing IRModule) -> Void = { _ in }
    ) throws(LLVMError) {
        if level != .none { countTrailingZeros(in: module) }
        switch level {
        case .none: break
        case .less: try machine.run(passes: PassPipeline.quick, on: module)
        case .size:
            try machine.run(passes: PassPipeline.small, on: module)
            if SegmentAddresses.areAvailable(on: machine), let memory, memory.hasSegment {
                SegmentAddresses(memory, in: module)?.run(on: module)
            }
            if machine.isX86_64 {
                makeSwitchTables(in: module)
                widenIndices(in: module)
            }
        case .standard, .aggressive:
            try optimize(module, level, for: machine, memory: memory, inspectLoops)
        }
        let isSmall = level == .none || level == .size
        if ObjectCode.expand(in: module, isSmall: isSmall), !isSmall {
            try machine.run(passes: PassPipeline.tidyObjects, on: module)
        }
        NarrowVectors.widen(in: module)
        if !machine.isX86_64 { keepSelectsExact(in: module) }
        TailCalls.settle(in: module)
    }

    /// Keeps LLVM from making minima of choices between floats.
    package static func keepSelectsExact(in module: borrowing IRModule) {
        let pass = ExactSelects(builder: module.builder)
        for function in module.functionDefinitions { pass.run(on: function) }
    }

    /// Replaces shifts that count trailing zeros.
    package static func countTrailingZeros(in module: borrowing IRModule) {
        let pass = TrailingZeros(builder: module.builder, types: module.types)
        for function in module.changeableFunctions { pass.run(on: function) }
    }

    /// Lets indices go from block to block with 64 bits. AArch64 extends them in the access.
    package static func widenIndices(in module: borrowing IRModule) {
        let pass = WideIndices(builder: module.builder, types: module.types)
        for function in module.changeableFunctions { pass.run(on: function) }
    }

    /// Makes the tables of switches smaller. AArch64's have small entries anyway.
    package static func makeSwitchTables(in module: borrowing IRModule) {
        SwitchTables(builder: module.builder, types: module.types).run(on: module)
    }

    /// Splits vectors that would wait for stores of their parts. What processors do is known for
    /// x86-64 only.
    package static func splitWaitingLoads(of module: borrowing IRModule) {
        let pass = StoreForwarding(builder: module.builder, types: module.types)
        for function in module.changeableFunctions { pass.run(on: function) }
    }

    /// Relates the addresses of accesses that are near one another.
    package static func joinAddresses(of module: borrowing IRModule, memory: GuestMemory) {
        guard let pass = NearbyAddresses(memory, in: module) else { return }
        for function in module.changeableFunctions { pass.run(on: function) }
    }

    /// Says which choices are better made without a branch.
    package static func markUnpredictableSelects(of module: borrowing IRModule) {
        let pass = UnpredictableSelects(metadata: module.metadata)
        for function in module.changeableFunctions { pass.run(on: function) }
    }

    /// Lets loops begin at pointers that stay in registers. AArch64 has no constants in its accesses
    /// that are as large.
    package static func keepLoopPointers(of module: borrowing IRModule, memory: GuestMemory) {
        let pass = LoopPointers(memory, in: module)
        for function in module.changeableFunctions { pass.run(on: function) }
    }

    private static func optimize(
        _ module: borrowing IRModule, _ level: Level, for machine: borrowing TargetMachine,
        memory: GuestMemory?, _ inspectLoops: (borrowing IRModule) -> Void
    ) throws(LLVMError) {
        let pipeline = PassPipeline(level)
        try machine.run(passes: pipeline.simplification, on: module)
        changeLoops(of: module, for: machine, level: level, memory: memory)
        inspectLoops(module)
        try machine.run(passes: pipeline.loopVectorization, on: module)
        VersionChoice.settle(in: module)
        if let memory { joinAddresses(of: module, memory: memory) }
        try machine.run(passes: pipeline.tidying, on: module)
        if machine.isX86_64, PreferredVectors(for: machine).byteCount > 32 {
            try withNarrowVectors(in: module) { () throws(LLVMError) in
                try machine.run(passes: pipeline.packing, on: module)
            }
        } else {
            try machine.run(passes: pipeline.packing, on: module)
        }
        try machine.run(passes: pipeline.finish, on: module)
        if machine.isX86_64 {
            splitWaitingLoads(of: module)
            markUnpredictableSelects(of: module)
            if let memory { keepLoopPointers(of: module, memory: memory) }
        }
    }

    /// Lets LLVM believe that vectors of more than 256 bits cost too much. Packing straight code, it
    /// loads fields of a structure that are far apart with one masked load of 512 bits, which waits
    /// until what was stored there before has left the store buffer.
    private static func withNarrowVectors(
        in module: borrowing IRModule, _ body: () throws(LLVMError) -> Void
    ) throws(LLVMError) {
        let preference = "prefer-vector-width"
        for function in module.functionDefinitions {
            module.addAttribute(string: preference, "256", to: function)
        }
        try body()
        for function in module.functionDefinitions {
            module.removeAttribute(string: preference, from: function)
        }
    }

    /// What happens between simplification and vectors. Loops must have the form that LLVM's
    /// loop-simplify and lcssa passes leave.
    package static func changeLoops(
        of module: borrowing IRModule, for machine: borrowing TargetMachine, level: Level,
        memory: GuestMemory? = nil
    ) {
        var versioning = LoopVersioning(
            builder: module.builder, types: module.types, metadata: module.metadata,
            vectors: PreferredVectors(for: machine), changesNests: level == .aggressive)
        let searches = memory.flatMap { SearchLoops($0, in: module) }
        for function in module.changeableFunctions {
            versioning.run(on: function)
            searches?.run(on: function)
        }
    }
}

extension IRModule {
    /// The functions that passes may change. Others stay as they are (`optnone`).
    var changeableFunctions: [IRFunction] { functionDefinitions.filter { !$0.isUnoptimized } }
}
