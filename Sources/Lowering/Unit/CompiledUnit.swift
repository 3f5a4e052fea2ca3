// What comes out of the code generator for one partition.

public import AccessProof

/// A compiled partition, and what it took.
public struct CompiledUnit: Sendable {
    /// An object file, or whatever form was asked for.
    public var bytes: [UInt8]
    public var functionCount: Int
    /// Bytes of the code section that it was made of.
    public var codeBytes: Int
    /// Whether it is one function that was too large to be optimised.
    public var isOversized: Bool
    /// Whether LLVM refused its debug information, so that it has none.
    public var lostDebugInformation: Bool
    /// How many functions were compiled again, without optimisation, since accesses in them were
    /// neither proved to stay in the sandbox nor could be checked.
    public var unoptimizedFunctionCount = 0
    /// Wall time of the three stages.
    public var lowering, optimization, emission: Duration
    /// If ``CodeGenerationOptions/listsFunctions`` asked for it: the functions that are left after
    /// optimisation.
    public var functions: [FunctionSize]

    /// What the proof of accesses has found behind our own passes, and at the end.
    public var loopProof = ProofReport()
    public var finalProof = ProofReport()

    /// A function by its name in the module and the number of its instructions in LLVM IR.
    public struct FunctionSize: Sendable {
        public var name: String
        public var instructions: Int
    }
}
