// Which Smelt this is, and on which LLVM it stands.

internal import LLVMKit

/// The version of the compiler.
public enum SmeltVersion {
    /// Smelt's own version.
    public static let number = "0.1.0"

    /// The version of the LLVM library that generates code.
    public static var llvm: String { LLVM.version }

    /// One line with both versions.
    public static var banner: String { "smelt \(number) (LLVM \(llvm))" }

    /// What `smelt --version` prints: the versions, what is installed and where it runs.
    public static func details(of toolchain: Toolchain) -> String {
        let targets = Target.allCases.map { target in
            target.triple + (toolchain.supports(target) ? "" : " (runtime not installed)")
        }
        return """
            \(banner)
            targets: \(targets.joined(separator: ", "))
            this machine: \(Target.host.triple), processor \(LLVM.hostCPU.name)
            """
    }
}
