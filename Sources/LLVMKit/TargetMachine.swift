// A target machine: which instructions code may use, and how a module becomes machine code.

internal import CLLVM
internal import PlantedFaults
public import TargetModel

/// What a unit is emitted as.
public enum EmissionKind: Sendable {
    case object, assembly
}

/// Owns an LLVM target machine. Used by one thread at a time.
public struct TargetMachine: ~Copyable {
    let reference: LLVMTargetMachineRef
    /// LLVM's spelling of the target.
    public let triple: String
    /// LLVM's name of the CPU.
    public let cpu: String
    /// Features in addition to the CPU's, `+name` and `-name` separated by commas.
    public let features: String

    /// Whether code may be anywhere.
    public let isPositionIndependent: Bool

    /// A machine for non-PIE static executables, with absolute addresses below 2 GiB, or for code that
    /// may be anywhere.
    public init(
        triple: String, cpu: String, features: String, level: OptimizationLevel,
        isPositionIndependent: Bool = false
    ) throws(LLVMError) {
        _ = LLVM.initializeTargets
        var target: LLVMTargetRef?
        var message: UnsafeMutablePointer<CChar>?
        if LLVMGetTargetFromTriple(triple, &target, &message) != 0 {
            throw LLVMError(takeMessage(message))
        }
        let level =
            switch level {
            case .none: LLVMCodeGenLevelNone
            case .less: LLVMCodeGenLevelLess
            case .standard, .size: LLVMCodeGenLevelDefault
            case .aggressive: LLVMCodeGenLevelAggressive
            }
        guard
            let machine = LLVMCreateTargetMachine(
                target, triple, cpu, features, level,
                isPositionIndependent ? LLVMRelocPIC : LLVMRelocStatic, LLVMCodeModelSmall)
        else { throw LLVMError("LLVM has no code generator for \(triple)") }
        // A defect of LLVM 22 (globalisel-shifts.ll and globalisel-products.ll, below
        // Sources/Optimization/LLVMDefects): its default for AArch64 at level `none` undoes that
        // addresses wrap at 32 bits. Without it, that level gets FastISel.
        let isDefault = triple.hasPrefix("aarch64") && level == LLVMCodeGenLevelNone
        LLVMSetTargetMachineGlobalISel(
            machine, PlantedFault.globalISel.isPlanted && isDefault ? 1 : 0)
        reference = machine
        self.isPositionIndependent = isPositionIndependent
        self.triple = triple
        self.cpu = cpu
        self.features = features
    }

    deinit {
        LLVMDisposeTargetMachine(reference)
    }

    public var isX86_64: Bool { Architecture(triple: triple) == .x86_64 }

    /// Runs a pass pipeline, in the textual form of `opt -passes`.
    public func run(passes: String, on module: borrowing IRModule) throws(LLVMError) {
        let options = LLVMCreatePassBuilderOptions()
        defer { LLVMDisposePassBuilderOptions(options) }
        if let error = LLVMRunPasses(module.reference, passes, reference, options) {
            let message = LLVMGetErrorMessage(error)
            defer { LLVMDisposeErrorMessage(message) }
            throw LLVMError(message.map { String(cString: $0) } ?? "a pass failed")
        }
    }

    /// Machine code for the module, as the bytes of an ELF object or of assembly text.
    public func emit(
        _ module: borrowing IRModule, as kind: EmissionKind
    ) throws(LLVMError) -> [UInt8] {
        let type = kind == .object ? LLVMObjectFile : LLVMAssemblyFile
        var message: UnsafeMutablePointer<CChar>?
        var buffer: LLVMMemoryBufferRef?
        let failed =
            LLVMTargetMachineEmitToMemoryBuffer(
                reference, module.reference, type, &message, &buffer) != 0
        if failed { throw LLVMError(takeMessage(message)) }
        defer { LLVMDisposeMemoryBuffer(buffer) }
        return copyBytes(of: buffer)
    }
}
