// What an installation consists of.

internal import LLVMKit

extension SmeltVersion {
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
