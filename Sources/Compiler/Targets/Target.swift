// The machines that Smelt compiles for. Everything that differs between them, apart from code
// generation itself, is a property here.

package import TargetModel

/// A machine that programs are compiled for: static Linux executables on top of musl.
public enum Target: String, Sendable, Hashable, CaseIterable {
    /// 64-bit Intel and AMD processors.
    case x86_64LinuxMusl = "x86_64-linux-musl"
    /// 64-bit Arm processors.
    case aarch64LinuxMusl = "aarch64-linux-musl"

    /// The name that users write and that LLVM understands.
    public var triple: String { rawValue }

    /// The target that runs on the machine that this process runs on.
    public static var host: Target {
        #if arch(x86_64)
            .x86_64LinuxMusl
        #elseif arch(arm64)
            .aarch64LinuxMusl
        #else
            #error("Smelt runs on x86-64 and AArch64")
        #endif
    }

    /// The CPU, in LLVM's terms, that programs need when nothing else is asked for.
    public var baselineCPU: String {
        switch self {
        case .x86_64LinuxMusl: "x86-64-v2"
        case .aarch64LinuxMusl: "generic"
        }
    }

    /// How the baseline is called where users read it.
    public var baselineName: String {
        switch self {
        case .x86_64LinuxMusl: "x86-64-v2"
        case .aarch64LinuxMusl: "armv8-a"
        }
    }

    /// What the linker calls this machine.
    package var architecture: Architecture {
        switch self {
        case .x86_64LinuxMusl: .x86_64
        case .aarch64LinuxMusl: .aarch64
        }
    }
}
