// Facts about the LLVM that this process is linked with, and its one-time set-up.

internal import CLLVM
internal import PlantedFaults
internal import Platform

/// The LLVM library.
public enum LLVM {
    /// The version that is linked, such as `22.1.8`.
    public static var version: String {
        var major: UInt32 = 0
        var minor: UInt32 = 0
        var patch: UInt32 = 0
        LLVMGetVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// Registers the back ends for x86-64 and AArch64. Runs once, when it is first asked for.
    static let initializeTargets: Void = {
        LLVMInitializeX86TargetInfo()
        LLVMInitializeX86Target()
        LLVMInitializeX86TargetMC()
        LLVMInitializeX86AsmPrinter()
        LLVMInitializeX86AsmParser()
        LLVMInitializeAArch64TargetInfo()
        LLVMInitializeAArch64Target()
        LLVMInitializeAArch64TargetMC()
        LLVMInitializeAArch64AsmPrinter()
        LLVMInitializeAArch64AsmParser()
        setOptions()
    }()

    /// What LLVM takes for a whole process only.
    private static func setOptions() {
        let options = [
            // On x86-64 innermost loops begin at multiples of 32 bytes instead of 16, where code is not
            // to be small: short ones lie in one line of the cache.
            "-x86-experimental-pref-innermost-loop-alignment=5",
            // No pointers that move along in place of indices: the operands of accesses add an index
            // to the memory's place for nothing.
            "-disable-lsr",
            // A store stays in its loop: one that is moved behind a loop that does not end never
            // happens, and neither does its trap.
            "-disable-licm-promotion",
        ]
        let planted = options.filter {
            !(PlantedFault.storePromotion.isPlanted && $0 == "-disable-licm-promotion")
        }
        let strings = (["smelt"] + planted).map { strdup($0) }
        defer { strings.forEach { free($0) } }
        let arguments = strings.map { UnsafePointer($0) }
        LLVMParseCommandLineOptions(Int32(arguments.count), arguments, "")
    }

    /// The name and the features of the CPU that this process runs on, in LLVM's terms: features
    /// are names with `+` or `-` before them, separated by commas.
    public static var hostCPU: (name: String, features: String) {
        (takeMessage(LLVMGetHostCPUName()), takeMessage(LLVMGetHostCPUFeatures()))
    }
}

/// LLVM refused something. Since the lowering's input has been validated, this is a bug of ours,
/// or a limit of the machine such as a full disk.
public struct LLVMError: Error, CustomStringConvertible, Sendable {
    /// What LLVM says about it.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Copies a string that LLVM allocated and gives it back.
func takeMessage(_ message: UnsafeMutablePointer<CChar>?) -> String {
    guard let message else { return "" }
    defer { LLVMDisposeMessage(message) }
    return String(cString: message)
}
