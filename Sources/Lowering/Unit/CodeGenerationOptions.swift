// What the code generator is told about the target and about the program around the code.

public import TargetModel

/// In which form a partition is wanted.
public enum CodeForm: Sendable, Hashable {
    case object, assembly, ir, bitcode
}

/// Settings of code generation, the same for all partitions of a program.
public struct CodeGenerationOptions: Sendable {
    /// LLVM's target triple.
    public var triple: String
    /// LLVM's name of the CPU.
    public var cpu: String
    /// LLVM's features in addition to the CPU's: `+name` and `-name`, separated by commas.
    public var features: String
    public var level: OptimizationLevel
    public var form: CodeForm
    /// Whether every access to a memory stays as the module has it, and in its order, so that each
    /// trap happens where the specification says.
    public var exactTraps = false
    /// Whether to count the instructions of each function.
    public var listsFunctions = false
    /// Whether a trap can show its call stack: functions get unwind tables and names.
    public var hasBacktraces = true
    /// What is done with accesses that cannot be proved to stay in the sandbox.
    public var accessProof = AccessProofMode.off
    /// Whether code may be anywhere in an address space, as that of libraries has to.
    public var isPositionIndependent = false
    /// For the program's description: bits of the runtime's table of CPU features.
    public var requiredCPUFeatures: UInt64 = 0
    /// For the message that a feature is missing: what the user asked for.
    public var cpuDescription: String
    /// Where memory 0 will be, for what debuggers are told. Code itself does not depend on it.
    public var memoryAddress: UInt64 = 0
    /// What the program is told about itself.
    public var program: ProgramSettings

    public init(
        triple: String, cpu: String, features: String = "", level: OptimizationLevel = .standard,
        form: CodeForm = .object, requiredCPUFeatures: UInt64 = 0, cpuDescription: String? = nil,
        program: ProgramSettings = ProgramSettings()
    ) {
        self.triple = triple
        self.cpu = cpu
        self.features = features
        self.level = level
        self.form = form
        self.requiredCPUFeatures = requiredCPUFeatures
        self.cpuDescription = cpuDescription ?? cpu
        self.program = program
    }
}
